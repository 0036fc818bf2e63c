/**
 * Where the file names an empty place: whether the state is in another one, which it may have named until now. To begin
 * anew there would forget all that is bound.
 *
 * Invariant: only reads, for a few seconds, and only what can be reached from here; trouble there is none of ours.
 */
import { unlessAborted } from '../api/waiting.ts';
import type { BackendKind, StateSettings } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';
import type { Sibling, StateBackend } from './backend.ts';
import type { Owner } from './belongs.ts';

/** Milliseconds. */
const PATIENCE = 5000;

export interface Found extends Sibling {
  /** For people. */
  readonly location: string;
}

export interface Search {
  /** What the file says. */
  readonly current: StateSettings;
  readonly owner: Owner;
  /** Whether the files are in a git checkout. */
  readonly isCheckout: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly open: (settings: StateSettings) => Promise<StateBackend>;
  /** Told of a place that could not be asked, and why. */
  readonly onDoubt: (settings: StateSettings, why: string) => void;
}

export async function findElsewhere(search: Search): Promise<readonly Found[]> {
  const { current, owner } = search;
  const looks = [
    lookAt(search, current, (backend) => siblings(backend)),
    ...othersOf(search).map((settings) => lookAt(search, settings, (backend) => allIn(backend, settings))),
  ];
  const found = (await Promise.all(looks)).flat();
  return found.filter(
    ({ state }) =>
      state.movedTo === undefined &&
      state.movingFrom === undefined &&
      state.name === owner.name &&
      (owner.api === null || state.api === owner.api),
  );
}

/** As they are without any settings of their own, wherever the environment leads. */
function othersOf({ current, owner, isCheckout, env }: Search): StateSettings[] {
  const isGiven: Readonly<Record<BackendKind, boolean>> = {
    local: true,
    git: isCheckout,
    http: Boolean(env.FLEETFORM_STATE_HTTP_ADDRESS || env.TF_HTTP_ADDRESS),
    postgres: Boolean(env.FLEETFORM_STATE_POSTGRES_URL),
  };
  return (Object.keys(isGiven) as BackendKind[])
    .filter((kind) => kind !== current.backend && isGiven[kind])
    .map((kind) => defaultsOf(kind, owner.name));
}

/** The settings of a backend about which the file says nothing. */
export function defaultsOf(backend: BackendKind, name: string): StateSettings {
  switch (backend) {
    case 'git':
      return { backend, remote: 'origin', ref: `refs/fleetform/${name}` };
    case 'postgres':
      return { backend, schema: 'fleetform' };
    default:
      return { backend };
  }
}

async function lookAt(
  { open, onDoubt }: Search,
  settings: StateSettings,
  look: (backend: StateBackend) => Promise<Found[]>,
): Promise<Found[]> {
  const opening = open(settings);
  const patience = new AbortController();
  const timer = setTimeout(
    () => patience.abort(new Error(`no answer within ${PATIENCE / 1000} s`)),
    PATIENCE,
  );
  try {
    return await unlessAborted(patience.signal, async () => look(await opening));
  } catch (error) {
    // Where there is no checkout, no variable or no server, there is no state either; but it may just be away.
    onDoubt(settings, error instanceof Error ? error.message : String(error));
    return [];
  } finally {
    clearTimeout(timer);
    // It ends what is under way there; nobody waits for it.
    opening.then((backend) => backend.close()).catch(() => {});
  }
}

async function allIn(backend: StateBackend, settings: StateSettings): Promise<Found[]> {
  const state = await backend.read();
  const own = state === null ? [] : [{ settings, state, location: backend.location }];
  return [...own, ...(await siblings(backend))];
}

async function siblings(backend: StateBackend): Promise<Found[]> {
  const found = (await backend.siblings?.list()) ?? [];
  return found.map((one) => ({ ...one, location: placeText(one.settings) }));
}

function placeText(settings: StateSettings): string {
  return settings.backend === 'git' ? `${settings.ref} of ${settings.remote}` : settings.backend;
}

/** `at`: where the file says that it is. */
export function notMigrated(at: string, backend: BackendKind, found: readonly Found[]): FleetformError {
  const [first] = found;
  const { serial, entries } = first!.state as State;
  const others = found.length === 1 ? '' : `, and ${found.length - 1} more of the same name`;
  return new FleetformError(
    'state.elsewhere',
    `the file keeps the state in ${at}, which is empty, but ${first!.location} still holds one ` +
      `(serial ${serial}, addresses: ${Object.keys(entries).length})${others}`,
    {
      hint: `Nothing was done. Move it: \`fleetform state migrate --to ${backend}\`. To begin without it, delete it there.`,
    },
  );
}
