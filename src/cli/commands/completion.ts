/** `fleetform completion <shell>`: a script generated from the existing commands and flags. */
import type { Command } from 'commander';
import { grammarOf, SHELLS } from '../completion/grammar.ts';
import { scriptOf } from '../completion/scripts.ts';
import { type Session, usageError } from '../session.ts';

/** Throws `cli.usage` for another shell. `program` is the root of the commands. */
export async function completion(session: Session, shell: string, program: Command): Promise<number> {
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined) {
    throw usageError(
      `there is no completion for the shell "${shell}"`,
      `There is one for: ${SHELLS.join(', ')}.`,
    );
  }
  const script = scriptOf(known, grammarOf(program));
  if (session.flags.json === true) session.printJson({ shell: known, script });
  else session.printExact(script);
  return 0;
}
