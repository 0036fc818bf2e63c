/**
 * A desired state that the caller's program has, as text or as an object → `Desired`: by the same steps, rules and words
 * as files. Nothing is read from a disk, but for the values that the caller passes in.
 */
import { dirname, resolve } from 'node:path';
import { ownRecordIn } from '../files/own-record.ts';
import type { Desired } from '../model/desired.ts';
import { DiagnosticsError } from '../model/errors.ts';
import type { FoundFiles } from './find.ts';
import { readValue } from './from-value.ts';
import { desiredFrom } from './load.ts';

import { NoWish } from './no-wish.ts';
import { readBytes } from './read.ts';
import { wrongArgument } from './wrong-argument.ts';

/** Which file the text or object stands for, and what its variables are. */
export interface GivenOptions {
  /**
   * The file that it stands for: errors name it, `.json` means strict JSON, and `desired.root`, below which a local
   * state lies, is its folder. Relative to `cwd`; default `fleetform.yaml`, of an object `desired`.
   */
  readonly name?: string;
  /** Default: the process's folder. */
  readonly cwd?: string;
  /** Values of variables, which beat those of `env`. */
  readonly vars?: Readonly<Record<string, string>>;
  /** FLEETFORM_VAR_* is read from it, and nothing else; default: nothing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * `text`: YAML 1.2 or JSON, at most 5 MB. Throws as `loadDesired`: `desired.invalid`, with each error's line and column.
 */
export async function loadDesiredText(text: string, options: GivenOptions = {}): Promise<Desired> {
  const { name = 'fleetform.yaml' } = options;
  if (typeof text !== 'string') throw wrongArgument('the text', text, 'a string, YAML or JSON');
  const bytes = Buffer.from(text);
  const record = ownRecordIn(bytes);
  if (record !== undefined) throw new DiagnosticsError('desired.unreadable', [new NoWish(record).as(name)]);
  return desiredFrom({ found: placeOf(name, options), read: [readBytes(bytes, name)] }, options);
}

/**
 * `value`: what a file would hold, as plain objects and lists, with ids as strings or bigints (numbers beyond 2^53 are
 * rounded, and refused); what has a `toJSON` (a Date) is what that says, what is undefined is not there. Throws as
 * `loadDesired`: `desired.invalid`, with each error's `path`, a JSON pointer into `value`.
 */
export async function loadDesiredObject(value: object, options: GivenOptions = {}): Promise<Desired> {
  const { name = 'desired' } = options;
  const found = placeOf(name, options);
  return desiredFrom({ found, read: [readValue(value, name, found)] }, options);
}

function placeOf(name: string, { cwd = '.' }: GivenOptions): FoundFiles {
  const path = resolve(cwd, name);
  return { files: [path], unnamed: new Set(), records: [], isSearched: false, root: dirname(path) };
}
