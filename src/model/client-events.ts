/** What the API's client reports while it works. Never contains the key or a body. */
export type ClientEvent =
  | {
      readonly type: 'answer';
      readonly endpoint: string;
      readonly status: number;
      readonly milliseconds: number;
    }
  /** It went out, and `milliseconds` later there is no answer. */
  | (Tried & { readonly type: 'slow' })
  /** The read is tried again after `milliseconds`. `reason`: what became of it. */
  | (Tried & { readonly type: 'retry'; readonly reason: string })
  /** Nothing is sent any more, but this write went out before: its answer is waited for, `milliseconds` at most. */
  | { readonly type: 'stopping'; readonly endpoint: string; readonly milliseconds: number }
  /** A 429: no request of this client goes out for `milliseconds`. */
  | (Tried & { readonly type: 'throttled' });

/** One try of a request. */
export interface Tried {
  readonly endpoint: string;
  readonly milliseconds: number;
  /** Which try this is about, or will be, from 1, of how many at most. */
  readonly nth: number;
  readonly tries: number;
}
