/** A state is of one name and one API; using it with another would cancel what it knows and make it all again. */
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';

export function checkBelongs(state: State | null, to: { name: string; api: string }, location: string): void {
  if (state === null) return;
  if (state.name !== to.name) {
    throw new FleetformError(
      'state.other-name',
      `${location} is the state of "${state.name}", not of "${to.name}"`,
    );
  }
  if (state.api !== to.api) {
    throw new FleetformError('state.other-api', `${location} belongs to ${state.api}, not to ${to.api}`, {
      hint: 'Give the file another `name` to run it against another API: each name has a state of its own.',
    });
  }
}
