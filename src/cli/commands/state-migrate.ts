/** `fleetform state migrate --to BACKEND`: the state moves to another place, and the old one points to it. */

import type { BackendKind, StateSettings } from '../../model/desired.ts';
import { FleetformError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import { counted } from '../../render/phrases.ts';
import { defaultsOf, type Found } from '../../state/elsewhere.ts';
import { migrate as migrateState } from '../../state/migrate.ts';
import { openAt, type StatePlace, statesElsewhere } from '../../state/open.ts';
import { type LockFlags, locked } from '../locked.ts';
import { statePlaceOf } from '../open-state.ts';
import { settingsAndApi } from '../recorded.ts';
import { type Session, usageError } from '../session.ts';

export interface MigrateFlags extends LockFlags {
  readonly to?: BackendKind;
}

export async function migrate(session: Session, flags: MigrateFlags): Promise<number> {
  const kind = flags.to;
  if (kind === undefined)
    throw usageError('--to is missing', 'It says where the state goes: --to git, for example.');
  const { desired, api } = await settingsAndApi(session);
  const place = statePlaceOf(session, desired, api);
  const isNamed = desired.state.backend === kind;
  const target = isNamed ? desired.state : defaultsOf(kind, desired.name);
  const source = isNamed ? await sourceOf(place, kind) : desired.state;
  const from = await openAt(place, source);
  const to = await openAt(place, target);
  try {
    const state = await locked(session, from, 'state migrate', flags, (fromLock) =>
      locked(session, to, 'state migrate', flags, (toLock) =>
        migrateState({
          from,
          to,
          settings: target,
          owner: { name: desired.name, api },
          readBack: async () => {
            const other = await openAt(place, target);
            return other.read().finally(() => other.close());
          },
          locks: { from: fromLock, to: toLock },
        }),
      ),
    );
    const count = counted(Object.keys(state.entries).length, 'address', 'addresses');
    if (session.flags.json === true) {
      session.printJson({ from: from.location, to: to.location, serial: state.serial });
      return 0;
    }
    session.print(
      `Moved the state of ${desired.name} (${count}) from ${safeText(from.location)} to ${safeText(to.location)}.\n`,
    );
    if (!isNamed) session.remark(`Now set this in the file:\n  state: ${inFile(target)}\n`);
    return 0;
  } finally {
    await from.close();
    await to.close();
  }
}

/** The file names the new place already: the old one is where its pointer leads, or where one is found. */
async function sourceOf(place: StatePlace, to: BackendKind): Promise<StateSettings> {
  const backend = await openAt(place, place.settings.state);
  const here = await backend.read().finally(() => backend.close());
  return here?.movedTo?.settings ?? sourceAmong(await statesElsewhere(place), to);
}

/** Throws `state.nothing-to-move` and `state.several`. */
function sourceAmong(found: readonly Found[], to: BackendKind): StateSettings {
  const [first, ...others] = found;
  if (first === undefined) {
    throw new FleetformError('state.nothing-to-move', `no state of this name was found outside of ${to}`, {
      hint: 'Set `state` in the file to where it is now, and say with --to where it goes.',
    });
  }
  if (others.length === 0) return first.settings;
  throw new FleetformError(
    'state.several',
    `there are ${found.length} states of this name: ${found.map(({ location, state }) => `${safeText(location)} (serial ${state.serial})`).join(', ')}`,
    { hint: 'Set `state` in the file to the right one, and say with --to where it goes.' },
  );
}

/** As the file would say it. */
function inFile(settings: StateSettings): string {
  return `{ backend: ${settings.backend} }`;
}
