/** The history of a state, where its place keeps one. */
import { FleetformError } from '../model/errors.ts';
import type { StateBackend, StateHistory } from '../state/backend.ts';

/** Throws `state.no-history`. */
export function historyOf({ history: kept, kind }: StateBackend): StateHistory {
  if (kept !== undefined) return kept;
  throw new FleetformError('state.no-history', `the backend ${kind} keeps no history`, {
    hint: 'git and postgres do. A server for http may show its own.',
  });
}
