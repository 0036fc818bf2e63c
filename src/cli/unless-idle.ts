/**
 * Nothing is left that could wake the process, and the command is not over: it will never be. Node would end it there,
 * with the code 13, without a word, and with the lock held.
 */

/** Rejects when nothing is left to wait for before `work` is over. */
export async function unlessIdle<T>(work: Promise<T>): Promise<T> {
  let onIdle = () => {};
  const idle = new Promise<never>((_resolve, reject) => {
    onIdle = () => reject(new Error('the command is not over, and nothing is left that it could wait for'));
    process.once('beforeExit', onIdle);
  });
  try {
    return await Promise.race([work, idle]);
  } finally {
    process.off('beforeExit', onIdle);
  }
}
