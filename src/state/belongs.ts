/**
 * A state is of one name and one API; using it with another would cancel what it knows and make it all again. And where
 * it was moved away from, only the way to it is left.
 */
import { unlessAborted } from '../api/waiting.ts';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import type { State } from '../model/state.ts';
import type { StateBackend } from './backend.ts';

export interface Owner {
  readonly name: string;
  /** The origin; null: whichever, for those who only look. */
  readonly api: string | null;
}

/**
 * null: none exists. Throws `state.other-name`, `state.other-api`, `state.moved` and `state.moving`, what `read` throws, and at once the
 * reason of `stop`.
 */
export async function readOwn(
  backend: Pick<StateBackend, 'read' | 'location'>,
  owner: Owner,
  stop?: AbortSignal,
): Promise<State | null> {
  const read = () => backend.read(stop);
  const state = await (stop === undefined ? read() : unlessAborted(stop, read));
  checkBelongs(state, owner, backend.location);
  if (state?.movedTo !== undefined) throw moved(backend.location, state.movedTo);
  if (state?.movingFrom !== undefined) throw moving(backend.location, state.movingFrom);
  return state;
}

/** Throws `state.other-name` and `state.other-api`. */
export function checkBelongs(state: State | null, to: Owner, location: string): void {
  if (state === null) return;
  if (state.name !== to.name) {
    throw new FleetformError(
      'state.other-name',
      `${location} is the state of "${safeText(state.name, 80)}", not of "${to.name}"`,
      {
        hint:
          'Nothing was done. Each `name` has a state of its own: if the file was renamed, give it its old `name` again; ' +
          'else name another state, or keep the states of the two in different places.',
      },
    );
  }
  if (to.api !== null && state.api !== to.api) {
    throw new FleetformError('state.other-api', `${location} belongs to ${state.api}, not to ${to.api}`, {
      hint:
        'Give the file another `name` to run it against another API: each name has a state of its own. If it is the ' +
        'same API under another URL: `fleetform state replace-api FROM TO`.',
    });
  }
}

function moved(location: string, to: NonNullable<State['movedTo']>): FleetformError {
  const { backend } = to.settings;
  return new FleetformError(
    'state.moved',
    `the state is no longer in ${location}: it was moved to ${backend} (${safeText(to.location, 300)})`,
    {
      hint:
        'Nothing was done. Set `state` in the file to where it is now, or take the newer version of the file. ' +
        'To move it back to where this file says: `fleetform state migrate --to BACKEND`.',
    },
  );
}

function moving(location: string, from: string): FleetformError {
  return new FleetformError(
    'state.moving',
    `the state was being moved to ${location} from ${safeText(from, 300)}, and that is not complete`,
    { hint: 'Nothing was done. Run the same `fleetform state migrate --to BACKEND` again.' },
  );
}
