/** A command that a person may run next, as it has to be typed: about the same files as this one. */
import type { Redact } from '../model/redactor.ts';
import { safeText } from '../model/safe-text.ts';
import { shellText } from '../model/words.ts';
import type { SharedFlags } from './session.ts';

/**
 * `words`: the command and what it takes. null: no shell would read what can be printed of it, or it has a credential,
 * which quotes of a shell would hide from the edge.
 */
export function commandText(flags: SharedFlags, words: readonly string[], redact: Redact): string | null {
  const { chdir, file = [], var: vars = {}, apiUrl } = flags;
  const all = [
    'fleetform',
    ...words,
    ...(chdir === undefined ? [] : ['--chdir', chdir]),
    ...file.flatMap((path) => ['-f', path]),
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...(apiUrl === undefined ? [] : ['--api-url', apiUrl]),
  ];
  return all.every((word) => safeText(word) === word && redact(word) === word) ? shellText(all) : null;
}
