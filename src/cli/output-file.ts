/**
 * Where a command's reports go: files, written whole or not at all, or stdout for `-`, which only one may have. Never
 * over what fleetform itself works from.
 */
import { realpathSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isInside } from '../files/read-file.ts';
import { repositoriesAround } from '../files/repository.ts';
import { targetOf } from '../files/target.ts';
import { type WriteOptions, writeFile } from '../files/write-file.ts';
import type { DesiredSettings } from '../model/desired.ts';
import { unwritable } from '../model/machine-error.ts';
import { redactJson } from '../model/redactor.ts';
import { safeText } from '../model/safe-text.ts';
import { stateFolder } from '../state/backends/local.ts';
import { type Session, usageError } from './session.ts';

const STDOUT = '-';

/** The name of a flag → the file that it is given, or `-`. */
type OutputFlags = Readonly<Record<string, string | undefined>>;

/** Throws `cli.usage` when several want stdout. Returns the name of the one that has it. */
export function stdoutFlag(session: Session, flags: OutputFlags): string | undefined {
  const wanting = Object.entries(flags)
    .filter(([, value]) => value === STDOUT)
    .map(([name]) => name);
  const all = session.flags.json === true ? ['--json', ...wanting] : wanting;
  if (all.length > 1) {
    throw usageError(
      `${all.map((name) => (name === '--json' ? name : `${name} -`)).join(' and ')} would all write to stdout`,
      'Give all but one of them a file.',
    );
  }
  return wanting[0];
}

/** What no report may take the place of, and the folder that has the state. */
export type OwnFiles = Pick<DesiredSettings, 'files' | 'root'>;

/** Where the desired state is not read, or cannot be: the files that it would be read from, if all were well. */
export async function ownFiles({ cwd, flags }: Session): Promise<OwnFiles> {
  const { findFiles, folderFiles, foldersUp, presentIn } = await import('../desired/find.ts');
  const given = flags.file ?? [];
  try {
    return await findFiles(cwd, given);
  } catch {
    const paths = given.map((name) => resolve(cwd, name));
    const inFolder = (path: string) => orNone(() => folderFiles(path));
    const named = paths.flatMap((path) => [path, ...inFolder(path)]);
    const found = foldersUp(cwd).flatMap((folder) =>
      orNone(() => presentIn(folder)).map((name) => join(folder, name)),
    );
    const [first] = paths;
    return { files: given.length > 0 ? named : found, root: first === undefined ? cwd : folderOf(first) };
  }
}

function orNone(list: () => string[]): string[] {
  try {
    return list();
  } catch {
    return [];
  }
}

function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
}

/**
 * Throws `cli.usage` for a file that the desired state or the recorded one lives in, and for one that is given twice.
 * That a place cannot be written to is told by whoever writes: the other reports are not kept back by it.
 */
export async function refuseOverwriting(
  session: Session,
  desired: OwnFiles,
  flags: OutputFlags,
): Promise<void> {
  const sources = await Promise.all(desired.files.map(realPath));
  const state = (await realPath(stateFolder(desired.root))) + sep;
  const taken = new Map<string, string>();
  for (const [name, file] of Object.entries(flags)) {
    if (file === undefined || file === STDOUT) continue;
    const written = resolve(session.cwd, file);
    const path = await targetOf(written).then(
      (target) => target.path,
      () => realPath(written),
    );
    const other = taken.get(path);
    if (other !== undefined) {
      throw usageError(
        `${other} and ${name} would both write ${file}`,
        'Give each of them a file of its own.',
      );
    }
    refuseOutside(written, path, name, file);
    if (sources.includes(path)) {
      throw usageError(
        `${name} ${file} would overwrite the desired state`,
        `Nothing was written. Give ${name} another file.`,
      );
    }
    if (path.startsWith(state)) {
      throw usageError(
        `${name} ${file} is in the folder of the recorded state; reports go elsewhere`,
        `Nothing was written. Give ${name} a file outside of .fleetform.`,
      );
    }
    taken.set(path, name);
  }
}

/**
 * A link may have come with the commit that is checked out: it leads to nothing outside the repository, nor into
 * git's own folder. `path`: where it leads. Throws `cli.usage`.
 */
function refuseOutside(written: string, path: string, name: string, file: string): void {
  const [root] = repositoriesAround(dirname(written));
  if (root === undefined || path === written) return;
  const real = realpathSync(root);
  if (isInside(path, real) && !isInside(path, join(real, '.git'))) return;
  throw usageError(
    `${name} ${safeText(file, 200)} leads through a link to ${safeText(path, 200)}, outside this repository`,
    'If that is intended, name that file directly.',
  );
}

/** With symbolic links followed, as far as there is something. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(await realPath(folder), basename(path));
  }
}

/** Throws `cli.unwritable`, `files.foreign`, `files.unread`. */
export async function writeOutput(
  session: Session,
  file: string,
  text: string,
  options: WriteOptions = {},
): Promise<void> {
  if (file === STDOUT) {
    session.print(text);
    return;
  }
  await unlessUnwritable(file, () =>
    writeFile(resolve(session.cwd, file), redactJson(text, session.redactor.redact), options),
  );
}

/** Throws `cli.unwritable`, `files.foreign`. */
export async function refuseUnwritable(session: Session, file: string): Promise<void> {
  await unlessUnwritable(file, () => targetOf(resolve(session.cwd, file)));
}

async function unlessUnwritable<T>(file: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    throw unwritable(file, error);
  }
}
