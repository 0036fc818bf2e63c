/**
 * From the lock in front, along the places that are claimed behind dead holders, to the end: see lock-file.ts.
 *
 * Invariant: it comes to an end, whatever the files say. A lock is visited once, and so many dead takers behind one
 * another are none of fleetform's making.
 */
import { basename } from 'node:path';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import type { LockRecord } from './lock-record.ts';
import type { Place } from './place.ts';
import type { ProcessIdentity } from './process-identity.ts';

const LONGEST_CHAIN = 100;

export interface Link {
  readonly path: string;
  readonly record: LockRecord;
}

export interface End {
  readonly path: string;
  /** null: the place is free. */
  readonly record: LockRecord | null;
  /** The dead records before it, the front first. */
  readonly dead: readonly LockRecord[];
}

/** The locks that there are, the front first. Throws `state.invalid-lock`. */
export async function* chainOf(place: Place): AsyncGenerator<Link, string> {
  const visited = new Set<string>();
  for (let path = place.path; ; ) {
    place.options.stop?.throwIfAborted();
    const record = await place.read(path);
    if (record === null) return path;
    if (visited.has(record.id)) throw endless(place, path, `leads back to the lock ${record.id}`);
    if (visited.size >= LONGEST_CHAIN) throw endless(place, path, `is one of more than ${LONGEST_CHAIN}`);
    visited.add(record.id);
    yield { path, record };
    path = place.claimPath(record.id);
  }
}

/** The first place that no dead holder has. Throws `state.invalid-lock`. */
export async function endOfChain(place: Place, self: ProcessIdentity): Promise<End> {
  const dead: LockRecord[] = [];
  const chain = chainOf(place);
  for (;;) {
    const { done, value } = await chain.next();
    if (done === true) return { path: value, record: null, dead };
    if (!(await place.isDead(value.path, value.record, self))) return { ...value, dead };
    dead.push(value.record);
  }
}

function endless(place: Place, path: string, why: string): FleetformError {
  const files = `${basename(place.path)}.*.next`;
  return new FleetformError(
    'state.invalid-lock',
    `${safeText(path)} ${why}: the chain of dead processes' locks has no end`,
    {
      hint: `If no fleetform is running, delete ${safeText(place.path)} and, beside it, ${safeText(files)}.`,
    },
  );
}
