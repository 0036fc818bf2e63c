/** Asks a person. Only the whole word counts, as with Terraform. */
import { createInterface } from 'node:readline/promises';
import { InterruptedError } from '../apply/errors.ts';
import { legible } from '../model/safe-text.ts';
import type { Session } from './session.ts';

/**
 * false: the answer is another one, or the input has ended, which is said. Throws an `InterruptedError` after Ctrl-C,
 * and when `stop` is aborted.
 */
export async function askForApproval(
  session: Session,
  question: string,
  stop: AbortSignal,
): Promise<boolean> {
  const { stdin, stderr } = session.world;
  const readline = createInterface({ input: stdin, output: stderr });
  const ended = new AbortController();
  const end = () => ended.abort();
  stop.addEventListener('abort', end, { once: true });
  // In raw mode a terminal's Ctrl-C is a key, not a signal.
  readline.once('SIGINT', end);
  // Back from Ctrl-Z it would read no more.
  readline.on('SIGCONT', () => readline.prompt(true));
  // The terminal is gone. It fails again with whatever is done to it after that.
  readline.once('error', end);
  if (!stdin.listeners('error').includes(ignore)) stdin.on('error', ignore);
  const closed = new Promise<null>((resolve) => readline.once('close', () => resolve(null)));
  const text = `\n${legible(question, session.errColor)}\n  Only "yes" is accepted: `;
  try {
    if (stop.aborted) throw new InterruptedError();
    const answer = await Promise.race([readline.question(text, { signal: ended.signal }), closed]);
    if (answer?.trim() === 'yes') return true;
    session.warn(`${answer === null ? '\n' : ''}Not approved: nothing was done.\n`);
    return false;
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    session.warn('\n');
    throw new InterruptedError();
  } finally {
    stop.removeEventListener('abort', end);
    readline.close();
  }
}

function ignore(): void {}

export function canAsk(session: Session): boolean {
  return Boolean(session.world.stdin.isTTY) && Boolean(session.world.stderr.isTTY);
}
