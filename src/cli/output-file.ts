/** Where a command's reports go: files, written whole or not at all, or stdout for `-`, which only one may have. */
import { resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { FleetformError } from '../model/errors.ts';
import { type Session, usageError } from './session.ts';

const STDOUT = '-';

/** `flags`: name → value. Throws `cli.usage` when several want stdout. Returns the name of the one that has it. */
export function stdoutFlag(
  session: Session,
  flags: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const wanting = Object.entries(flags)
    .filter(([, value]) => value === STDOUT)
    .map(([name]) => name);
  const all = session.flags.json === true ? ['--json', ...wanting] : wanting;
  if (all.length > 1) {
    throw usageError(
      `${all.map((name) => (name === '--json' ? name : `${name} -`)).join(' and ')} would all write to stdout`,
      'Give all but one of them a file.',
    );
  }
  return wanting[0];
}

/** Throws `cli.unwritable`. */
export async function writeOutput(session: Session, file: string, text: string): Promise<void> {
  if (file === STDOUT) {
    session.print(text);
    return;
  }
  try {
    await writeFileAtomic(resolve(session.cwd, file), text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new FleetformError('cli.unwritable', `${file} cannot be written (${code})`);
  }
}
