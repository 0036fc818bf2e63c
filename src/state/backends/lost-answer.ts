/** A lock that may have been left behind, because an answer was lost: told with its id, wherever it is kept. */
import { byCommand } from '../../lock/unlock-words.ts';
import { FleetformError } from '../../model/errors.ts';

/**
 * No answer came to the request for a lock, which may have been granted: it is given back at once. Returns the error to
 * throw: that one, and with the id where the lock may still be there. A stop has no words of its own for that.
 */
export async function givenBack(
  error: unknown,
  id: string,
  release: () => Promise<unknown>,
  unlock = byCommand,
): Promise<unknown> {
  try {
    await release();
    return error;
  } catch (cause) {
    if (!(error instanceof FleetformError))
      return cause instanceof FleetformError ? stillLocked(cause, id, unlock) : error;
    const { code, message, hint = '', cause: first } = error;
    return new FleetformError(code, message, {
      cause: first,
      hint: `${hint} The lock was asked for; if the state stays locked: ${unlock(id, true)}.`.trim(),
    });
  }
}

/** A lock that is held cannot be given back. Of what is no error of ours: itself. */
export function stillLocked(error: unknown, id: string, unlock = byCommand): unknown {
  if (!(error instanceof FleetformError)) return error;
  return new FleetformError(error.code, `the lock ${id} could not be given back: ${error.message}`, {
    cause: error.cause,
    hint: `When its place answers again, remove it: ${unlock(id, true)}.`,
  });
}
