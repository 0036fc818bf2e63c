/** An answer before it is text. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The record is another one now. */
  readonly hasChanged?: boolean;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** The API's error object. */
export function refuse(status: number, errorMessage: string, errors: readonly object[] = []): Answer {
  return { status, body: { errorCode: 10_000 + status, errorMessage, errors } };
}
