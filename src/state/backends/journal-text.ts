/**
 * The text of a journal beside a state: what it goes on from, and then a line for each record, each with its checksum
 * and the serial that it follows.
 *
 * Invariants: what was acknowledged is whole lines. A last line that has no end, or has holes in it (a disk that lost its
 * power), was not. Any other line that does not agree with its checksum, or with the one before it, is damage, and is
 * never passed over.
 */
import { createHash } from 'node:crypto';
import { FleetformError } from '../../model/errors.ts';
import type { State } from '../../model/state.ts';
import { packEdits, unpackEdits } from '../edit-json.ts';
import type { Edit } from '../edits.ts';
import { Ledger } from '../ledger.ts';
import { checkState } from '../state-json.ts';

export interface JournalRecord {
  readonly serial: number;
  /** The serial that it follows. */
  readonly after: number;
  readonly edits: readonly Edit[];
}

export interface JournalText {
  /** null: it has no whole line, as while it is being begun. */
  readonly begin: { readonly lineage: string; readonly after: number } | null;
  readonly records: readonly JournalRecord[];
}

const VERSION = 1;

/** `state`: the one that it goes on from. */
export function beginText({ lineage, serial }: Pick<State, 'lineage' | 'serial'>): string {
  return lineOf({ journal: VERSION, lineage, after: serial });
}

export function recordText({ serial, after, edits }: JournalRecord): string {
  return lineOf({ serial, after, edits: packEdits(edits) });
}

/** Throws `state.version` and `state.invalid`. */
export function parseJournal(bytes: Buffer, source: string): JournalText {
  const [first, ...others] = wholeLines(bytes).map((line, i) => valueIn(line, source, i + 1));
  if (first === undefined) return { begin: null, records: [] };
  const { journal, lineage, after } = first as { journal?: unknown; lineage?: unknown; after?: unknown };
  if (typeof journal === 'number' && journal !== VERSION) throw otherVersion(source, journal);
  if (journal !== VERSION || typeof lineage !== 'string' || typeof after !== 'number') {
    throw damaged(source, 'line 1 is not the beginning of a journal');
  }
  let last = after;
  const records = others.map((value, i) => {
    const record = recordIn(value, source, i + 2);
    if (record.after !== last || record.serial <= last) {
      throw damaged(
        source,
        `line ${i + 2} follows serial ${record.after}, and the line before it is ${last}`,
      );
    }
    last = record.serial;
    return record;
  });
  return { begin: { lineage, after }, records };
}

/** Throws `state.invalid`. */
export function replay(state: State, records: readonly JournalRecord[], source: string): State {
  const last = records.at(-1);
  if (last === undefined) return state;
  const ledger = new Ledger(state);
  try {
    for (const { edits } of records) ledger.edit(edits);
  } catch (cause) {
    throw damaged(source, `its edits cannot be made: ${(cause as Error).message}`, cause);
  }
  const after = { ...ledger.state(), serial: last.serial };
  checkState(after, source);
  return after;
}

function recordIn(value: object, source: string, nth: number): JournalRecord {
  const { serial, after, edits } = value as { serial?: unknown; after?: unknown; edits?: unknown };
  if (!Number.isSafeInteger(serial) || !Number.isSafeInteger(after) || !Array.isArray(edits)) {
    throw damaged(source, `line ${nth} is not a record`);
  }
  try {
    return { serial: serial as number, after: after as number, edits: unpackEdits(edits) };
  } catch (cause) {
    throw damaged(source, `line ${nth}: ${(cause as Error).message}`, cause);
  }
}

const NEWLINE = 0x0a;

function wholeLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  // JSON has no such byte: the file had grown, and what it was to hold had not come.
  if (start === bytes.length && lines.at(-1)?.includes(0) === true) lines.pop();
  return lines;
}

function lineOf(value: unknown): string {
  const text = JSON.stringify(value);
  return `${text} ${checksum(text)}\n`;
}

const CHECKSUM = 16;

function checksum(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM);
}

function valueIn(line: Buffer, source: string, nth: number): object {
  const end = Math.max(0, line.length - CHECKSUM - 1);
  const text = line.subarray(0, end);
  if (line.toString('latin1', end) === ` ${checksum(text)}`) {
    const value: unknown = JSON.parse(text.toString());
    if (typeof value === 'object' && value !== null) return value;
  }
  throw damaged(source, `line ${nth} does not agree with its checksum`);
}

function otherVersion(source: string, found: number): FleetformError {
  return new FleetformError(
    'state.version',
    `${source} has version ${found}; this fleetform supports version ${VERSION}`,
    { hint: 'Another release of fleetform wrote it: use that one, or a newer one.' },
  );
}

function damaged(source: string, why: string, cause?: unknown): FleetformError {
  return new FleetformError('state.invalid', `${source} is damaged: ${why}`, {
    hint:
      'It holds what an apply recorded that did not end. Put back a copy of it; or move it and the state beside it away, ' +
      'and put back a copy of the state: `fleetform state push FILE`. Without a state, a plan still finds what exists by evidence.',
    cause,
  });
}
