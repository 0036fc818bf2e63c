/** The recorded state of the file in this folder, for the commands that need no API. */
import { resolveOrigin } from '../api/origin.ts';
import { covers, wordsFor } from '../model/addresses.ts';
import type { DesiredSettings } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';
import { didYouMean, listed } from '../model/suggest.ts';
import type { StateBackend } from '../state/backend.ts';
import { checkBelongs } from '../state/belongs.ts';
import type { Session } from './session.ts';
import { loadFileSettings, stateBackend } from './workspace.ts';

export interface Recorded {
  readonly desired: DesiredSettings;
  readonly backend: StateBackend;
  /** Whose batches the file is about; nothing is sent there. */
  readonly api: string;
}

export async function openRecorded(session: Session): Promise<Recorded> {
  const desired = await loadFileSettings(session);
  const { origin } = resolveOrigin({
    ...(session.flags.apiUrl === undefined ? {} : { flag: session.flags.apiUrl }),
    env: session.world.env,
    file: desired.api,
    hasToken: false,
  });
  return { desired, api: origin, backend: stateBackend(desired) };
}

/** null: none exists. Throws `state.other-name` and `state.other-api`. */
export async function readRecorded({ desired, backend, api }: Recorded): Promise<State | null> {
  const state = await backend.read();
  checkBelongs(state, { name: desired.name, api }, backend.location);
  return state;
}

/** The addresses that the words mean, in the state's order; a block's name means all of its. Throws `state.unknown-address`. */
export function addressesIn(state: State | null, words: readonly string[]): string[] {
  const known = [...Object.keys(state?.entries ?? {}), ...(state?.intents ?? []).map((one) => one.address)];
  for (const word of words) {
    if (known.some((address) => covers(word, address))) continue;
    throw new FleetformError(
      'state.unknown-address',
      `the state has no address ${word}${didYouMean(word, wordsFor(known))}`,
      { hint: known.length === 0 ? 'It has none.' : `It has: ${listed(known)}.` },
    );
  }
  const meant = known.filter((address) => words.some((word) => covers(word, address)));
  return [...new Set(meant)];
}
