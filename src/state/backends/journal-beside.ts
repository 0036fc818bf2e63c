/**
 * A state's file and the journal beside it → the state that they are together. Pure.
 *
 * The two are written one after the other, and a process may end between them: what is then left over holds nothing
 * that the state lacks, and is passed over. Where it does hold more, the state was taken away or an older one put back,
 * and nobody guesses.
 */
import { FleetformError } from '../../model/errors.ts';
import type { State } from '../../model/state.ts';
import type { KeptState } from '../state-json.ts';
import { type JournalText, replay } from './journal-text.ts';

export interface Places {
  readonly state: string;
  readonly journal: string;
}

/** null: there is none. Throws `state.invalid`, `state.no-journal` and `state.older-than-journal`. */
export function together(kept: KeptState | null, journal: JournalText | null, at: Places): State | null {
  const begin = journal?.begin ?? null;
  if (kept !== null && kept.journal !== null) {
    // A state names none that has not begun.
    if (journal === null || begin === null) throw noJournal(at);
    if (begin.lineage !== kept.state.lineage || begin.after > kept.state.serial) {
      throw beyond(
        at,
        foundIn(kept.state, begin, at),
        journal.records.at(-1)?.serial ?? begin.after,
        ANOTHER,
      );
    }
  }
  const last = journal?.records.at(-1);
  // One that was begun beside a whole state, which names it only after that, holds nothing yet.
  if (journal === null || begin === null || last === undefined) return kept?.state ?? null;
  if (kept === null) throw beyond(at, `there is no ${at.state}`, last.serial, ALONE);
  const { state } = kept;
  const isItsOwn = begin.lineage === state.lineage && begin.after === state.serial;
  if (kept.journal !== null && isItsOwn) return replay(state, journal.records, at.journal);
  // It was folded into this state, or what this one was made from.
  if (last.serial <= state.serial) return state;
  throw beyond(at, foundIn(state, begin, at), last.serial, kept.journal === null ? ALONE : ANOTHER);
}

function foundIn({ lineage, serial }: State, begin: { readonly lineage: string }, at: Places): string {
  return begin.lineage === lineage ? `${at.state} is serial ${serial}` : `${at.state} has another lineage`;
}

function noJournal({ state, journal }: Places): FleetformError {
  return new FleetformError(
    'state.no-journal',
    `${state} is only a part of a state: an apply was recording, and what it recorded since was in ${journal}, which is gone or empty`,
    {
      hint:
        'Put that file back beside it. If it is lost: move the state away, and put back a whole copy with ' +
        '`fleetform state push FILE`. Without a state, a plan still finds what exists by evidence.',
    },
  );
}

type WayOut = (at: Places) => string;

/** What is there stands without a journal. */
const ALONE: WayOut = ({ journal }) =>
  `If what is there now is right, move ${journal} away: what it recorded is then forgotten.`;
/** It is the beginning of another journal: without that it is no whole state. */
const ANOTHER: WayOut = ({ state, journal }) =>
  `If that is lost, move ${state} and ${journal} away, and put back a whole copy with \`fleetform state push FILE\`.`;

function beyond({ state, journal }: Places, found: string, serial: number, wayOut: WayOut): FleetformError {
  return new FleetformError(
    'state.older-than-journal',
    `${journal} holds what an apply recorded up to serial ${serial}, but ${found}: an older or another state was put there`,
    {
      hint:
        `To go on from what was recorded, put back the ${state} that it belongs to. ` +
        wayOut({ state, journal }),
    },
  );
}
