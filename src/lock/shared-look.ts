/**
 * Many that want to know the same at the same time → few looks.
 *
 * Invariant: what is answered was looked at after it was asked for, never before; a look that fails, fails those alone
 * who asked for it.
 */

/** `look` never runs twice at a time for those who ask here. */
export function sharedLook(look: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  /** Has not begun. */
  let next: Promise<void> | null = null;

  function begin(): Promise<void> {
    const own = look().finally(() => {
      if (running === own) running = null;
    });
    running = own;
    return own;
  }

  return () => {
    if (next !== null) return next;
    if (running === null) return begin();
    const behind = running
      .catch(() => {})
      .then(() => {
        next = null;
        return begin();
      });
    next = behind;
    return behind;
  };
}
