/** Asks a person. Only the whole word counts, as with Terraform. */
import { createInterface } from 'node:readline/promises';
import { legible } from '../model/safe-text.ts';
import type { Session } from './session.ts';

export async function askForApproval(
  session: Session,
  question: string,
  stop: AbortSignal,
): Promise<boolean> {
  const { stdin, stderr } = session.world;
  const readline = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await readline.question(
      `\n${legible(question, session.errColor)}\n  Only "yes" is taken as a yes: `,
      {
        signal: stop,
      },
    );
    return answer.trim() === 'yes';
  } catch (error) {
    if (stop.aborted) return false;
    throw error;
  } finally {
    readline.close();
  }
}

export function canAsk(session: Session): boolean {
  return Boolean(session.world.stdin.isTTY) && Boolean(session.world.stderr.isTTY);
}
