/**
 * The settings of a file → the backend that keeps its state. Each backend is loaded only where it is asked for.
 *
 * Invariant: whoever reads a state through it gets one that belongs to this name and this API, and has not been moved
 * away.
 */
import type { Env } from '../lock/holder.ts';
import type { BackendKind, DesiredSettings, StateSettings } from '../model/desired.ts';
import type { StateBackend } from './backend.ts';
import { readOwn } from './belongs.ts';

export interface StatePlace {
  readonly settings: Pick<DesiredSettings, 'name' | 'files' | 'root' | 'state'>;
  /** The origin that the state has to belong to; null: whichever (for those who only look). */
  readonly api: string | null;
  readonly env: Env;
  /** Takes a credential out of all that is printed from now on. */
  readonly know: (credential: string | null | undefined) => void;
}

const OPENERS: Readonly<Partial<Record<BackendKind, (place: StatePlace) => Promise<StateBackend>>>> = {
  local: async ({ settings, env }) => (await import('./backends/local.ts')).openLocal(settings, env),
  git: async ({ settings: { root, state }, env, know }) => {
    const { gitBackend } = await import('./backends/git/git.ts');
    const { remote, ref } = state as SettingsOf<'git'>;
    return gitBackend({ folder: root, remote, ref, env, know });
  },
};

type SettingsOf<K extends BackendKind> = Extract<StateSettings, { readonly backend: K }>;

/** Throws `state.elsewhere`, and what is wrong with the settings. */
export async function openState(place: StatePlace): Promise<StateBackend> {
  const backend = await OPENERS[place.settings.state.backend]!(place);
  return { ...backend, read: () => readOwn(backend, { name: place.settings.name, api: place.api }) };
}
