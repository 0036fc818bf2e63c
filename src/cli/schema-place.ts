/**
 * The schema beside a desired-state file, for editors: where it can be, and what is there already.
 *
 * Invariant: one of ours, of whatever version, is brought up to this one; what is somebody else's stays as it is.
 */
import { basename, join } from 'node:path';
import desiredState from '../../schemas/desired-state.schema.json' with { type: 'json' };
import { SCHEMA_FILES } from '../desired/find.ts';
import { readKept } from '../files/read-file.ts';
import { placeFile, writeFile } from '../files/write-file.ts';
import { unwritable } from '../model/machine-error.ts';
import { safeJson } from '../model/safe-text.ts';

const TEXT = `${safeJson(JSON.stringify(desiredState, null, 2))}\n`;

export interface SchemaPlace {
  readonly path: string;
  readonly name: string;
  readonly found: 'nothing' | 'older' | 'this';
}

export interface FoundPlaces {
  /** null: something else is in each of its places. */
  readonly place: SchemaPlace | null;
  /** The names that something else has. */
  readonly foreign: readonly string[];
}

export function schemaPlace(folder: string): FoundPlaces {
  const foreign: string[] = [];
  for (const name of SCHEMA_FILES) {
    const path = join(folder, name);
    const found = foundAt(path);
    if (found !== 'foreign') return { place: { path, name, found }, foreign };
    foreign.push(name);
  }
  return { place: null, foreign };
}

/** Throws `init.unwritable`. */
export async function writeSchema({ path, found }: SchemaPlace): Promise<void> {
  if (found === 'this') return;
  try {
    await (found === 'nothing' ? placeFile(path, TEXT) : writeFile(path, TEXT));
  } catch (error) {
    throw unwritable(basename(path), error, 'init.unwritable');
  }
}

function foundAt(path: string): SchemaPlace['found'] | 'foreign' {
  let text: string;
  try {
    text = readKept(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing' : 'foreign';
  }
  if (text === TEXT) return 'this';
  try {
    return (JSON.parse(text) as { $id?: unknown } | null)?.$id === desiredState.$id ? 'older' : 'foreign';
  } catch {
    return 'foreign';
  }
}
