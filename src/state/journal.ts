/**
 * The state as an apply works on it: every transition is on disk before `record` resolves.
 *
 * Transitions that come in while a write is under way go out together with the next one: one write serves many.
 * A failed write fails the `record` calls that waited for it, and what they held goes out with the next write. Whoever
 * sends something that must not be sent twice waits for `record` first: then nothing is sent that no intent tells of.
 */
import type { State } from '../model/state.ts';
import type { StateBackend } from './backend.ts';

export interface Journal {
  current(): State;
  /** Resolves when the new state is kept. A transition that changes nothing writes nothing. */
  record(transition: (state: State) => State): Promise<void>;
}

export function openJournal(backend: Pick<StateBackend, 'write'>, initial: State): Journal {
  let state = initial;
  let kept = initial;
  let writing: Promise<void> | null = null;

  async function keep(): Promise<void> {
    const snapshot: State = { ...state, serial: kept.serial + 1 };
    state = { ...state, serial: snapshot.serial };
    const inFlight = state;
    await backend.write(snapshot);
    kept = inFlight;
  }

  return {
    current: () => state,
    async record(transition) {
      const next = transition(state);
      if (next === state) return;
      state = next;
      while (writing !== null) await writing;
      if (kept === state) return;
      writing = keep().finally(() => {
        writing = null;
      });
      await writing;
    },
  };
}
