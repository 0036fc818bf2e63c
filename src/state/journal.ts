/**
 * The state as an apply works on it: every edit is on disk before `record` resolves.
 *
 * Edits that come in while a write is under way go out together with the next one: one write serves many. A failed
 * write fails the `record` calls that waited for it, and what they held goes out with the next write, which first looks
 * whether the failed one was done after all. Whoever sends
 * something that must not be sent twice waits for `record` first: then nothing is sent that no intent tells of.
 *
 * Every write carries the proof that whoever writes is the holder, and knows what it replaces. The first one is whole,
 * so that who records once leaves a state alone; where the backend appends, the others cost what they add, until `end`.
 */
import { compareIds, type Id } from '../model/ids.ts';
import type { Intent, State, StateEntry } from '../model/state.ts';
import type { StateBackend, StateLock } from './backend.ts';
import type { Edit } from './edits.ts';
import { Ledger } from './ledger.ts';
import { pacer } from './pace.ts';

export interface Journal {
  /** A snapshot, made when something has changed since the last one: of the whole state, so not for every address. */
  current(): State;
  entry(address: string): StateEntry | undefined;
  intents(): readonly Intent[];
  intent(id: string): Intent | undefined;
  /** Of the batches that were bound here, the newest, as far as ids tell; null: none was yet. */
  lastBound(): Id | null;
  /**
   * Resolves when the state is kept with these edits. Where all is kept and nothing changes, nothing is written;
   * a state that does not exist yet is made by the first record, even of nothing. `soon`: nothing is sent on the
   * strength of it, so that it may wait for others where a write is dear.
   */
  record(edits: Edit | readonly Edit[], when?: 'at-once' | 'soon'): Promise<void>;
  /** Why a record could not be kept, the first time; null: all were. Nothing more is to be sent then. */
  failure(): unknown;
  /** How many seconds the last write took, whole ones: what is recorded now is kept that much later. */
  slowness(): number;
  /**
   * The last of it: tries once more what could not be kept, and makes one whole state of what was appended, by this
   * process or by one that was killed. Never throws: what is not kept was told by its `record`, and what was appended
   * is kept as it is.
   */
  end(): Promise<void>;
}

type Place = Pick<StateBackend, 'read' | 'write' | 'append' | 'isAppendedTo' | 'pace'>;

/** Seconds. */
const LONGEST_WRITE = 60;

/**
 * `expectedSerial`: that of the state that is kept now; null: none is. `now`: in seconds, to tell how long a write took.
 * `stop`: nothing waits any more.
 */
export function openJournal(
  backend: Place,
  lock: StateLock,
  initial: State,
  expectedSerial: number | null,
  now: () => number = () => 0,
  stop?: AbortSignal,
): Journal {
  const ledger = new Ledger(initial);
  const pace = pacer(backend.pace, stop);
  let serial = initial.serial;
  let expected = expectedSerial;
  /** Counts the edits; what is kept is that of `keptVersion`. */
  let version = 0;
  let keptVersion = expectedSerial === null ? -1 : 0;
  let snapshot: State | null = initial;
  let writing: Promise<void> | null = null;
  let took = 0;
  let failure: unknown = null;
  let lastBound: Id | null = null;
  /** Not kept yet, where the backend appends. */
  let unkept: Edit[] = [];
  let hasWritten = false;
  /** Those of a write of which it is not known whether it was done. */
  let doubted: { readonly serial: number; readonly edits: readonly Edit[] } | null = null;
  /** The greatest serial that was sent. */
  let sent = initial.serial;

  function current(): State {
    snapshot ??= { ...ledger.state(), serial };
    return snapshot;
  }

  /** A write that failed may have been done: then it is what the next one replaces, or adds to. */
  async function settle(failed: NonNullable<typeof doubted>): Promise<void> {
    const kept = await backend.read();
    const isDone = kept?.serial === failed.serial && kept.lineage === initial.lineage;
    if (isDone) expected = failed.serial;
    else unkept = [...failed.edits, ...unkept];
    doubted = null;
  }

  async function keep(isWhole: boolean): Promise<void> {
    if (doubted !== null) await settle(doubted);
    // What has been sent once is not sent again with another content.
    const next = Math.max(expected ?? initial.serial, sent) + 1;
    if (next !== serial) {
      serial = next;
      snapshot = snapshot === null ? null : { ...snapshot, serial };
    }
    const inFlight = version;
    const begun = now();
    const edits = unkept;
    unkept = [];
    doubted = { serial: next, edits };
    sent = next;
    const proof = { lock, expectedSerial: expected };
    const isAppended = backend.append !== undefined && hasWritten && !isWhole;
    await pace.timed(() =>
      isAppended
        ? backend.append!({ serial: next, edits, whole: current }, proof)
        : backend.write(current(), proof),
    );
    hasWritten = true;
    doubted = null;
    // A clock may be set meanwhile.
    took = Math.min(LONGEST_WRITE, Math.max(0, now() - begun));
    expected = next;
    keptVersion = inFlight;
  }

  function write(isWhole = false): Promise<void> {
    const rest = isWhole ? null : pace.turn();
    writing = (rest === null ? keep(isWhole) : rest.then(() => keep(false))).finally(() => {
      writing = null;
    });
    return writing;
  }

  return {
    current,
    entry: (address) => ledger.entry(address),
    intents: () => ledger.intents(),
    intent: (id) => ledger.intent(id),
    lastBound: () => lastBound,
    async record(edits, when = 'at-once') {
      const all = Array.isArray(edits) ? (edits as readonly Edit[]) : [edits as Edit];
      for (const edit of all) if (edit.kind === 'bind') lastBound = newestOf(lastBound, edit.entry.batchIds);
      if (ledger.edit(all)) {
        version += 1;
        snapshot = null;
        if (backend.append !== undefined) for (const edit of all) unkept.push(edit);
      }
      const own = version;
      const urgent = when === 'at-once' ? pace.hurry() : null;
      try {
        while (writing !== null && keptVersion < own) await writing;
        if (keptVersion < own) await write();
      } catch (error) {
        failure ??= error;
        throw error;
      } finally {
        urgent?.();
      }
    },
    failure: () => failure,
    slowness: () => Math.floor(took),
    async end() {
      const calm = pace.hurry();
      // Whoever waited for the same write may have begun the next one by now.
      while (writing !== null) await writing.catch(() => {});
      calm();
      if (lock.lost.aborted) return;
      const isKept = keptVersion === version;
      if (isKept && !(await backend.isAppendedTo?.().catch(() => false))) return;
      await write(true).catch(() => {});
    },
  };
}

function newestOf(known: Id | null, ids: readonly Id[]): Id | null {
  return ids.reduce<Id | null>(
    (newest, id) => (newest === null || compareIds(id, newest) > 0 ? id : newest),
    known,
  );
}
