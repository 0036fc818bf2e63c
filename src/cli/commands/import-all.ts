/** `fleetform import --all`: a first desired-state file for an account that has batches already, and its state. */
import { lstat, readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { DEFAULT_ORIGIN } from '../../api/origin.ts';
import { importAll } from '../../apply/import-all.ts';
import type { FoundForFile } from '../../apply/import-drafts.ts';
import { compose, FIRST_LINE } from '../../desired/compose.ts';
import { loadDesiredText } from '../../desired/load-given.ts';
import { placeFile } from '../../files/write-file.ts';
import { parseBaseUrl } from '../../model/base-url.ts';
import type { DesiredSettings } from '../../model/desired.ts';
import { FleetformError } from '../../model/errors.ts';
import { compareIds, type Id } from '../../model/ids.ts';
import { unwritable } from '../../model/machine-error.ts';
import type { Observation } from '../../model/observed.ts';
import { safeText } from '../../model/safe-text.ts';
import { didYouMean, listed } from '../../model/suggest.ts';
import { renderImported } from '../../render/imported.ts';
import { version } from '../../version.ts';
import { importMark } from '../import-mark.ts';
import { withoutTraces } from '../import-traces.ts';
import { type LockFlags, locked } from '../locked.ts';
import { checkedName, nameFrom } from '../new-name.ts';
import { refusePlace } from '../new-place.ts';
import { ownersAround } from '../owners.ts';
import { type Session, usageError } from '../session.ts';
import { openWorkspace } from '../workspace.ts';

export interface ImportAllFlags extends LockFlags {
  /** Names and ids. */
  readonly template?: readonly string[];
  readonly fleet?: readonly string[];
  readonly name?: string;
  readonly force?: boolean;
}

/**
 * Throws `cli.usage`, `import.exists` before anything is asked of the API, and what `importAll` throws. A file that is
 * there is never written to; where it is the very one that would be written, what is missing of the state is bound.
 */
export async function importAllCommand(
  session: Session,
  words: readonly string[],
  flags: ImportAllFlags,
): Promise<number> {
  if (words.length > 0) {
    throw usageError(
      'import --all takes no address and no batch ids',
      'Leave them out: it writes a file of all live batches. To bind a batch to an address of a file that is there, leave out --all.',
    );
  }
  if (flags.force === true) {
    throw usageError(
      '--force does not go with --all: nothing is overwritten',
      'Leave it out. Name another file with -f if there is one already.',
    );
  }
  const path = pathOf(session);
  const shown = relative(session.world.cwd, path) || path;
  const name = checkedName(flags.name ?? nameFrom(dirname(path)));
  await refusePlace(session, path);
  const there = await textAt(path);
  if (there !== null && !there.startsWith(FIRST_LINE)) throw exists(shown);
  const workspace = await openWorkspace(session, async () => settingsOf(name, path));
  try {
    const api = apiIn(workspace.api.origin);
    const owners = await ownersAround(dirname(path), { name, api: workspace.api.origin }, workspace.backend);
    const imported = await withoutTraces(dirname(path), () =>
      locked(session, workspace.backend, 'import', flags, (lock, stop) =>
        importAll({
          ...workspace,
          api: workspace.api.stoppedBy(stop),
          name,
          lock,
          fleetformVersion: version,
          isThere: there !== null,
          selection: (seen, fleetNames) => ({
            templates: templatesOf(flags, seen),
            fleets: fleetsOf(flags, seen, fleetNames),
            owners,
          }),
          mark: importMark(path, name),
          async draft(found: FoundForFile) {
            const text = await compose({ ...found, name, api });
            return { text, desired: await loadDesiredText(text, { name: path }) };
          },
          async place(text) {
            if (there === null) await write(path, shown, text);
            else if (there !== text) throw exists(shown);
          },
        }),
      ),
    );
    const report = { ...imported, file: path, shown: safeText(shown, 200), name };
    if (session.flags.json === true) session.printJsonText(renderImported(report, 'json'));
    else {
      session.warn(renderImported(report, 'warnings'));
      if (session.flags.quiet !== true) session.print(renderImported(report, 'text'));
    }
    return 0;
  } finally {
    await workspace.close();
  }
}

function pathOf({ flags: { file = [] }, cwd }: Session): string {
  const [one = 'fleetform.yaml', ...others] = file;
  if (others.length > 0) {
    throw usageError(
      'import --all writes one file: give it one -f',
      'Name the file to write, or none: that is fleetform.yaml in this folder.',
    );
  }
  if (!/\.ya?ml$/i.test(one))
    throw usageError(
      `import --all writes YAML, as what the API does not tell is in comments; -f ${safeText(one, 200)} does not end in .yaml or .yml`,
      'Name a file that does.',
    );
  return resolve(cwd, one);
}

/** null: nothing is there. What is no regular file is somebody's, and says nothing. */
async function textAt(path: string): Promise<string | null> {
  try {
    return (await lstat(path)).isFile() ? await readFile(path, 'utf8') : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    return '';
  }
}

async function write(path: string, shown: string, text: string): Promise<void> {
  try {
    await placeFile(path, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(shown);
    throw unwritable(path, error, 'import.unwritable');
  }
}

function exists(shown: string): FleetformError {
  return new FleetformError(
    'import.exists',
    `${safeText(shown, 200)} already exists, and is not overwritten`,
    {
      hint: 'Nothing was changed. Name a new file with -f (and --name, as each has a state of its own), or add blocks to this one and bind them with `fleetform import ADDRESS BATCHID`.',
    },
  );
}

/** What the file is going to say, as far as the API and the state depend on it. */
function settingsOf(name: string, path: string): DesiredSettings {
  return {
    name,
    files: [path],
    root: dirname(path),
    api: { kind: 'http', url: undefined },
    state: { backend: 'local' },
    timezone: undefined,
    claims: { templates: [] },
    limits: {},
    aliases: { fleets: {}, regions: {} },
  };
}

/** As the file can say it: not the provider's own, which is where no file needs to point, and nothing with a path. */
function apiIn(origin: string): string | null {
  if (origin === 'sandbox') return origin;
  if (origin === DEFAULT_ORIGIN) return null;
  try {
    parseBaseUrl(origin, 'api.url in the file', 'origin');
    return origin;
  } catch {
    return null;
  }
}

function templatesOf({ template = [] }: ImportAllFlags, { templates }: Observation): Set<string> {
  return new Set(
    template.flatMap((one) => {
      const meant = templates.filter(({ id, name }) => name === one || id === one);
      if (meant.length > 0) return meant.map(({ id }) => id);
      const known = templates.map(({ name }) => name);
      throw usageError(
        `--template ${safeText(one, 80)}: there is no such template${didYouMean(one, known)}`,
        `It is a name or an id: ${listed(templates.map(({ id, name }) => `"${safeText(name, 60)}" (${id})`))}.`,
      );
    }),
  );
}

/** Throws where nothing tells which game servers are in a fleet, or that there is such a fleet. */
function fleetsOf(
  { fleet = [] }: ImportAllFlags,
  { inventory: { homes } }: Observation,
  names: ReadonlyMap<Id, string>,
): Set<Id> {
  const known = new Set<string>();
  for (const { fleetId } of homes?.values() ?? []) if (fleetId !== null) known.add(fleetId);
  const stranger = fleet.find((id) => !known.has(id));
  if (stranger === undefined) return new Set(fleet);
  if (homes === null)
    throw new FleetformError(
      'import.no-inventory',
      'the inventory did not answer, so it is unknown which batches are of a fleet',
      { hint: 'Nothing was written. Leave --fleet out, or try again.' },
    );
  const named = (id: Id) => (names.has(id) ? `${id} ("${safeText(names.get(id) ?? '', 60)}")` : id);
  const meant = [...known].filter((id) => names.get(id) === stranger);
  throw usageError(
    /^[1-9]\d{0,18}$/.test(stranger)
      ? `--fleet ${stranger}: no game server is in that fleet`
      : `--fleet ${safeText(stranger, 60)} is not the id of a fleet${meant.length === 1 ? `; that of this name is ${meant[0]}` : ''}`,
    known.size === 0
      ? 'Nothing was written. No game server is in any fleet: leave --fleet out.'
      : `Nothing was written. Fleets with game servers: ${listed([...known].sort(compareIds).map(named))}.`,
  );
}
