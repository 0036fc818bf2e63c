/** What a program without types may pass: refused in words, before anything is made of it. */
import { FleetformError } from '../model/errors.ts';

export function checkVars(vars: object): void {
  for (const [name, value] of Object.entries(vars))
    if (typeof value !== 'string' && value !== undefined)
      throw wrongArgument(`the value of variable "${name}" in \`vars\``, value, 'a string');
}

export function wrongArgument(what: string, found: unknown, expected: string): FleetformError {
  const kind = found === null ? 'null' : Array.isArray(found) ? 'a list' : `of type ${typeof found}`;
  return new FleetformError('desired.argument', `${what} is ${kind}, not ${expected}`, {
    hint: `Give ${expected}.`,
  });
}
