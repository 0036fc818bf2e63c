/**
 * The settings of a file → the backend that keeps its state. Each backend is loaded only where it is asked for.
 *
 * Invariant: whoever reads a state through `openState` gets one that belongs to this name and this API, and has not
 * been moved away; and none only where none is to be found elsewhere.
 */
import { repositoriesAround } from '../files/repository.ts';
import type { Env } from '../lock/holder.ts';
import type { BackendKind, DesiredSettings, StateSettings } from '../model/desired.ts';
import { safeText } from '../model/safe-text.ts';
import type { StateBackend } from './backend.ts';
import { readOwn } from './belongs.ts';
import { type Found, findElsewhere, notMigrated } from './elsewhere.ts';
import { withNotices } from './notices.ts';

/** What a backend is opened with: the settings of a file, and who asks. */
export interface StatePlace {
  readonly settings: Pick<DesiredSettings, 'name' | 'files' | 'root' | 'state'>;
  /** The origin that the state has to belong to; null: whichever (for those who only look). */
  readonly api: string | null;
  readonly env: Env;
  /** Takes a credential out of all that is printed from now on. */
  readonly know: (credential: string | null | undefined) => void;
  /** Takes a line about what is waited for, or could not be asked. */
  readonly tell?: ((text: string) => void) | undefined;
}

type SettingsOf<K extends BackendKind> = Extract<StateSettings, { readonly backend: K }>;
/** `settings`: those of the place. */
type Opener<K extends BackendKind> = (place: StatePlace, settings: SettingsOf<K>) => Promise<StateBackend>;

const OPENERS: Readonly<{ [K in BackendKind]: Opener<K> }> = {
  local: async ({ settings, env }) => (await import('./backends/local.ts')).openLocal(settings, env),
  git: async ({ settings, env, know }, { remote, ref }) => {
    const { gitBackend } = await import('./backends/git/git.ts');
    return gitBackend({ folder: settings.root, remote, ref, env, know });
  },
  http: async ({ env, know }, settings) =>
    (await import('./backends/http/backend.ts')).openHttp(settings, env, know),
  postgres: async (place) => (await import('./backends/postgres/backend.ts')).openPostgres(place),
};

/** Throws `state.elsewhere`, and what is wrong with the settings. */
export async function openState(place: StatePlace): Promise<StateBackend> {
  const { state, name } = place.settings;
  const backend = await openAt(place, state);
  return {
    ...backend,
    async read(stop) {
      const found = await readOwn(backend, { name, api: place.api }, stop);
      if (found !== null) return found;
      const elsewhere = await statesElsewhere(place);
      if (elsewhere.length === 0) return null;
      throw notMigrated(backend.location, state.backend, elsewhere);
    },
  };
}

/** As other settings would: whatever is there is read as it is. */
export async function openAt(place: StatePlace, settings: StateSettings): Promise<StateBackend> {
  const open = OPENERS[settings.backend] as Opener<BackendKind>;
  const backend = await open({ ...place, settings: { ...place.settings, state: settings } }, settings);
  return place.tell === undefined ? backend : withNotices(backend, place.tell);
}

/** The states of this name and API that are kept somewhere else than the file says. */
export function statesElsewhere(place: StatePlace): Promise<readonly Found[]> {
  const { name, root, state } = place.settings;
  return findElsewhere({
    current: state,
    owner: { name, api: place.api },
    isCheckout: repositoriesAround(root).length > 0,
    env: place.env,
    // It has a patience of its own.
    open: (settings) => openAt({ ...place, tell: undefined }, settings),
    onDoubt: ({ backend }, why) => {
      const text = `No state in ${state.backend} yet; whether ${backend} holds one is not known: ${safeText(why, 300)}`;
      // Of a place that nobody has named, silence is no news.
      if (backend === 'http' || backend === 'postgres') place.tell?.(text);
    },
  });
}
