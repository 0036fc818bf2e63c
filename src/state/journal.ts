/**
 * The state as an apply works on it: every edit is on disk before `record` resolves.
 *
 * Edits that come in while a write is under way go out together with the next one: one write serves many. A failed
 * write fails the `record` calls that waited for it, and what they held goes out with the next write, which first looks
 * whether the failed one was done after all. Whoever sends
 * something that must not be sent twice waits for `record` first: then nothing is sent that no intent tells of.
 *
 * Every write carries the proof that whoever writes is the holder, and knows what it replaces.
 */
import type { Intent, State, StateEntry } from '../model/state.ts';
import type { StateBackend, StateLock } from './backend.ts';
import { type Edit, Ledger } from './edits.ts';

export interface Journal {
  /** A snapshot, made when something has changed since the last one: of the whole state, so not for every address. */
  current(): State;
  entry(address: string): StateEntry | undefined;
  intents(): readonly Intent[];
  intent(id: string): Intent | undefined;
  /**
   * Resolves when the state is kept with these edits. Where all is kept and nothing changes, nothing is written;
   * a state that does not exist yet is made by the first record, even of nothing.
   */
  record(edits: Edit | readonly Edit[]): Promise<void>;
  /** How many seconds the last write took, whole ones: what is recorded now is kept that much later. */
  slowness(): number;
}

/** Seconds. */
const LONGEST_WRITE = 60;

/** `expectedSerial`: that of the state that is kept now; null: none is. `now`: in seconds, to tell how long a write took. */
export function openJournal(
  backend: Pick<StateBackend, 'read' | 'write'>,
  lock: StateLock,
  initial: State,
  expectedSerial: number | null,
  now: () => number = () => 0,
): Journal {
  const ledger = new Ledger(initial);
  let serial = initial.serial;
  let expected = expectedSerial;
  /** Counts the edits; what is kept is that of `keptVersion`. */
  let version = 0;
  let keptVersion = expectedSerial === null ? -1 : 0;
  let snapshot: State | null = initial;
  let writing: Promise<void> | null = null;
  let took = 0;
  /** The serial of a write of which it is not known whether it was done. */
  let doubted: number | null = null;
  /** The greatest serial that was sent. */
  let sent = initial.serial;

  function current(): State {
    snapshot ??= { ...ledger.state(), serial };
    return snapshot;
  }

  /** A write that failed may have been done: then it is what the next one replaces. */
  async function settle(): Promise<void> {
    const kept = await backend.read();
    if (kept?.serial === doubted && kept.lineage === initial.lineage) expected = doubted;
    doubted = null;
  }

  async function keep(): Promise<void> {
    if (doubted !== null) await settle();
    // What has been sent once is not sent again with another content.
    const next = Math.max(expected ?? initial.serial, sent) + 1;
    if (next !== serial) {
      serial = next;
      snapshot = snapshot === null ? null : { ...snapshot, serial };
    }
    const inFlight = version;
    const begun = now();
    doubted = next;
    sent = next;
    await backend.write(current(), { lock, expectedSerial: expected });
    doubted = null;
    // A clock may be set meanwhile.
    took = Math.min(LONGEST_WRITE, Math.max(0, now() - begun));
    expected = next;
    keptVersion = inFlight;
  }

  return {
    current,
    entry: (address) => ledger.entry(address),
    intents: () => ledger.intents(),
    intent: (id) => ledger.intent(id),
    async record(edits) {
      if (ledger.edit(Array.isArray(edits) ? edits : [edits as Edit])) {
        version += 1;
        snapshot = null;
      }
      const own = version;
      while (writing !== null && keptVersion < own) await writing;
      if (keptVersion >= own) return;
      writing = keep().finally(() => {
        writing = null;
      });
      await writing;
    },
    slowness: () => Math.floor(took),
  };
}
