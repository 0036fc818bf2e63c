/** A command that a person may run next, as it has to be typed: about the same files as this one. */
import { safeText } from '../model/safe-text.ts';
import type { SharedFlags } from './session.ts';

/** `words`: the command and what it takes, quoted here for a POSIX shell. `said`: flags that are so already. Safe to print. */
export function commandText(
  flags: SharedFlags,
  words: readonly string[],
  said: readonly string[] = [],
): string {
  const { chdir, file = [], var: vars = {}, apiUrl } = flags;
  const about = [
    ...(chdir === undefined ? [] : ['--chdir', chdir]),
    ...file.flatMap((path) => ['-f', path]),
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...(apiUrl === undefined ? [] : ['--api-url', apiUrl]),
  ];
  const quoted = ['fleetform', ...words, ...about].map((word) => shellWord(safeText(word)));
  return [...quoted, ...said].join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
