/** A command that a person may run next, as it has to be typed: about the same files as this one. */
import { shellText } from '../model/words.ts';
import type { SharedFlags } from './session.ts';

/** `words`: the command and what it takes. Quoted for a POSIX shell, and safe to print. */
export function commandText(flags: SharedFlags, words: readonly string[]): string {
  const { chdir, file = [], var: vars = {}, apiUrl } = flags;
  return shellText([
    'fleetform',
    ...words,
    ...(chdir === undefined ? [] : ['--chdir', chdir]),
    ...file.flatMap((path) => ['-f', path]),
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...(apiUrl === undefined ? [] : ['--api-url', apiUrl]),
  ]);
}
