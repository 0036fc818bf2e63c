/**
 * Which files make up the desired state: those that -f names, or the one that a search finds. The search is
 * cosmiconfig's, one folder at a time; what may be found is data only, with loaders that load nothing.
 */
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type OwnRecord, ownRecordIn } from '../files/own-record.ts';
import { readBounded } from '../files/read-file.ts';
import { boundsFor, repositoriesAround } from '../files/repository.ts';
import { RefusedFile } from '../files/text.ts';
import { type Diagnostic, DiagnosticsError, FleetformError } from '../model/errors.ts';
import { compareText } from '../model/ids.ts';
import { shown } from './quote.ts';

/** Bytes of one desired-state file. */
export const LARGEST_FILE = 5 * 1024 * 1024;

/** What `init` puts beside a file, for editors: the first name that nothing else has. */
export const SCHEMA_FILES: readonly string[] = [
  'fleetform.schema.json',
  'fleetform.desired-state.schema.json',
];

/** What a search takes, in a folder that has one of them. */
export const NAMES = ['fleetform.yaml', 'fleetform.yml', 'fleetform.json'];

export interface FoundRecord {
  /** Absolute. */
  readonly path: string;
  readonly record: OwnRecord;
}

export interface FoundFiles {
  /** Absolute, in order, none twice. */
  readonly files: readonly string[];
  /** Those of them that nobody named: they stand in a folder that was given. */
  readonly unnamed: ReadonlySet<string>;
  /** What is in a folder that was given and is a record of fleetform itself: nobody wishes anything in it. */
  readonly records: readonly FoundRecord[];
  /** Nobody named any: a search found it. */
  readonly isSearched: boolean;
  /**
   * The folder that holds all that was given, the same in whatever order it was given; for a pipe, the working folder.
   */
  readonly root: string;
}

/** Throws `desired.not-found`, `desired.ambiguous` or `desired.unreadable`. */
export async function findFiles(cwd: string, given: readonly string[]): Promise<FoundFiles> {
  if (given.length > 0) return givenFiles(cwd, given);
  const file = await search(cwd);
  if (file !== undefined) {
    return { files: [file], unnamed: new Set(), records: [], isSearched: true, root: dirname(file) };
  }
  throw notFound(cwd);
}

/** Says where it was searched, and why no further; what lies further up is named, as it may be the one that is meant. */
function notFound(cwd: string): FleetformError {
  const [root] = repositoriesAround(cwd);
  const searched = shown(cwd, 200);
  const up = root === undefined || root === cwd ? '' : ` or above it, up to ${shown(root, 200)}`;
  const bound =
    root === undefined
      ? 'Outside of a git repository only the folder itself is searched.'
      : 'The search ends at the root of the git repository.';
  const above = firstAbove(root ?? cwd);
  const hint =
    above === undefined
      ? `Write a first one with \`fleetform init\`, or name a file or folder with -f. ${bound}`
      : `${bound} Name the one further up with \`-f ${relative(cwd, above)}\` if it is meant, or write a new one with \`fleetform init\`.`;
  return new FleetformError('desired.not-found', `no ${NAMES.join(', ')} found in ${searched}${up}`, {
    hint,
  });
}

/** By its name alone: it is not read. */
function firstAbove(folder: string): string | undefined {
  for (let at = folder; at !== dirname(at); ) {
    at = dirname(at);
    try {
      const [name] = presentIn(at);
      if (name !== undefined) return join(at, name);
    } catch {
      // What may not be looked into is nobody's to name.
    }
  }
  return undefined;
}

function givenFiles(cwd: string, given: readonly string[]): FoundFiles {
  const files = new Set<string>();
  const named = new Set<string>();
  const records = new Map<string, FoundRecord>();
  const wrong: Diagnostic[] = [];
  const roots: string[] = [];
  for (const name of given) {
    const path = resolve(cwd, name);
    try {
      const status = statSync(path);
      const isFolder = status.isDirectory();
      if (isFolder) roots.push(path);
      else if (status.isFile() && !isOfSystem(path)) roots.push(dirname(path));
      const found = isFolder ? folderFiles(path) : [path];
      if (found.length === 0) wrong.push(unreadable(name, 'holds no .yaml, .yml or .json file'));
      const own = isFolder ? recordsAmong(found) : [];
      for (const one of own) records.set(one.path, one);
      if (own.length > 0 && own.length === found.length) {
        wrong.push(unreadable(name, `holds no desired-state file, only ${own[0]!.record.what}`));
      }
      for (const file of found) if (!isFolder || !records.has(file)) files.add(file);
      if (!isFolder) named.add(path);
    } catch (error) {
      wrong.push(unreadable(name, reasonOf(error)));
    }
  }
  if (wrong.length > 0) throw new DiagnosticsError('desired.unreadable', wrong);
  const unnamed = new Set([...files].filter((file) => !named.has(file)));
  const root = commonFolder(roots) ?? cwd;
  return { files: [...files], unnamed, records: [...records.values()], isSearched: false, root };
}

/** What a shell hands over (`/dev/stdin`, `/dev/fd/63`) lies in no folder that anything could be kept in. */
function isOfSystem(path: string): boolean {
  return /^[/](?:dev|proc)[/]/.test(path);
}

function commonFolder(folders: readonly string[]): string | undefined {
  const holds = (outer: string, inner: string) =>
    inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
  return folders.reduce<string | undefined>((common, folder) => {
    let holder = common ?? folder;
    while (!holds(holder, folder)) holder = dirname(holder);
    return holder;
  }, undefined);
}

/** The desired-state files of a folder itself, by name. */
export function folderFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter(
      (entry) => !entry.isDirectory() && !entry.name.startsWith('.') && /\.(?:ya?ml|json)$/.test(entry.name),
    )
    .map((entry) => entry.name)
    .sort(compareText)
    .map((name) => join(folder, name));
}

/**
 * Saved plans and pulled states lie where people work. A file that cannot be read says why when it is read for good.
 */
function recordsAmong(files: readonly string[]): FoundRecord[] {
  return files.flatMap((path) => {
    if (!path.endsWith('.json')) return [];
    try {
      const { bytes } = readBounded(path, { ...boundsFor(path, false), largest: LARGEST_FILE });
      const record = ownRecordIn(bytes);
      return record === undefined ? [] : [{ path, record }];
    } catch {
      return [];
    }
  });
}

async function search(cwd: string): Promise<string | undefined> {
  const explorer = await dataExplorer();
  for (const folder of foldersUp(cwd)) {
    const present = presentIn(folder);
    if (present.length > 1) {
      const place = relative(cwd, folder) || 'this folder';
      throw new FleetformError(
        'desired.ambiguous',
        `${present.join(' and ')} exist side by side in ${place}`,
        {
          hint: 'Keep one of them, or name the one you mean with -f.',
        },
      );
    }
    const [name] = present;
    const path = name === undefined ? undefined : join(folder, name);
    // cosmiconfig would read a device to its end, and follow a link to anywhere.
    if (path !== undefined && !isFit(path)) return path;
    const found = await explorer.search(folder);
    if (found !== null) return found.filepath;
    // cosmiconfig passes over what it may not read; another file further up would be the wrong one.
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Why one is not fit is told when it is read. */
function isFit(path: string): boolean {
  try {
    return !readBounded(path, { ...boundsFor(path, false), largest: LARGEST_FILE }).isCut;
  } catch {
    return false;
  }
}

/** This folder and its parents up to the repository's root; outside a repository this folder alone. */
export function foldersUp(cwd: string): string[] {
  const [root] = repositoriesAround(cwd);
  if (root === undefined) return [cwd];
  const folders = [cwd];
  for (let folder = cwd; folder !== root; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

export function presentIn(folder: string): string[] {
  return NAMES.filter((name) => {
    const status = statSync(join(folder, name), { throwIfNoEntry: false });
    return status !== undefined && !status.isDirectory();
  });
}

interface Explorer {
  search(from: string): Promise<{ filepath: string } | null>;
}

/**
 * The explorer itself, not `cosmiconfig()`: that function first looks for settings of its own in the working folder
 * (`package.json`, `.config/config.js`, …) and runs them. A pull request could bring such a file.
 */
async function dataExplorer(): Promise<Explorer> {
  type Room = { readonly Explorer: new (options: object) => Explorer };
  const loaded = (await import('cosmiconfig/dist/Explorer.js')) as unknown as Room & {
    readonly default: Room;
  };
  // A CommonJS module: Node finds its names, a bundle has them below `default`.
  const { Explorer } = loaded.Explorer === undefined ? loaded.default : loaded;
  const loadNothing = () => ({});
  return new Explorer({
    moduleName: 'fleetform',
    searchPlaces: NAMES,
    loaders: { '.yaml': loadNothing, '.yml': loadNothing, '.json': loadNothing },
    transform: (result: unknown) => result,
    searchStrategy: 'none',
    ignoreEmptySearchPlaces: false,
    mergeImportArrays: false,
    mergeSearchPlaces: false,
    metaConfigFilePath: null,
    cache: false,
  });
}

const NOT_ALLOWED = 'cannot be read by this user';

/** Why a file isn't given, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof RefusedFile) return error.message;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'does not exist';
    case 'ENOTDIR':
      return 'does not exist: a part of its path is a file';
    case 'EACCES':
    case 'EPERM':
      return NOT_ALLOWED;
    case 'EISDIR':
      return 'is a folder';
    case 'ELOOP':
      return 'is a loop of symbolic links';
    case 'ENAMETOOLONG':
      return 'has a name that is too long';
    default:
      return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`;
  }
}

export function unreadable(name: string, reason: string): Diagnostic {
  return {
    severity: 'error',
    code: 'desired.unreadable',
    message: `${shown(name, 200)} ${reason}`,
    hint:
      reason === NOT_ALLOWED
        ? 'Run it as a user who may read the file, or change its permissions.'
        : 'Name a desired-state file, or a folder of them.',
  };
}
