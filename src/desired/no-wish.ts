/**
 * A record of fleetform itself, named where a desired-state file belongs: what it is, and which command takes it.
 *
 * Invariant: a command in a hint can be pasted into a shell, whatever the file is called.
 */
import type { OwnRecord } from '../files/own-record.ts';
import type { Diagnostic } from '../model/errors.ts';
import { shellText } from '../model/words.ts';
import { unreadable } from './find.ts';

export class NoWish extends Error {
  readonly #record: OwnRecord;

  constructor(record: OwnRecord) {
    super();
    this.#record = record;
  }

  as(name: string): Diagnostic {
    const { what, kind } = this.#record;
    return { ...unreadable(name, `is ${what}, not a desired-state file`), hint: hintOf(kind, name) };
  }
}

function hintOf(kind: OwnRecord['kind'], name: string): string {
  const command = (...words: string[]) => shellText(['fleetform', ...words, name]);
  switch (kind) {
    case 'plan':
      return `To apply it: ${command('apply')}. To read it: ${command('show')}.`;
    case 'state':
      return `To make it the recorded state: ${command('state', 'push')}.`;
    case 'events':
      return 'It is the output of `apply --json`; no command reads it.';
    case 'schema':
      return 'It is for editors.';
    case 'sandbox':
    case 'lock':
    case 'output':
      return 'fleetform writes it for its own use, or for other programs; it cannot be given to -f.';
  }
}
