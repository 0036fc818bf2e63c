/**
 * Where a new desired-state file may go: never where the commands that find files by themselves would then find two,
 * or another one, and not into a folder that belongs to git or to fleetform's own records.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { findFiles, folderFiles, NAMES, presentIn } from '../desired/find.ts';
import { partsAmong } from '../desired/parts.ts';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { listed } from '../model/suggest.ts';
import { refuseOverwriting, refuseUnwritable } from './output-file.ts';
import { type Session, usageError } from './session.ts';

/** Before any request. Throws `cli.usage`, `import.exists`, `import.folder`. */
export async function refusePlace(session: Session, path: string): Promise<void> {
  const { cwd, flags, world } = session;
  const shown = (file: string) => safeText(relative(world.cwd, file) || file, 200);
  await refuseOwnFolder(path, shown(path));
  if (flags.file === undefined) {
    const found = await foundFrom(cwd);
    if (found !== null && found !== path) throw beside(shown(found));
  } else {
    await refuseUnwritable(session, path);
    await refuseOverwriting(session, { files: [], root: dirname(path) }, { '-f': flags.file[0] });
  }
  refuseTwoNames(path, shown);
  const parts = await partsAmong(othersBeside(path));
  if (parts.length === 0) return;
  throw new FleetformError(
    'import.folder',
    `the files of ${shown(dirname(path))} are one desired state (${listed(parts.map(shown), 3)} has no name of its own), which a whole new file would break`,
    { hint: 'Nothing was written. Name a file in another folder: -f DIR/FILE.' },
  );
}

/** Of the names that a search takes, a folder has one. Throws `import.exists`. */
export function refuseTwoNames(path: string, shown: (file: string) => string, code = 'import.exists'): void {
  if (!NAMES.includes(basename(path))) return;
  const other = presentIn(dirname(path)).find((name) => name !== basename(path));
  if (other !== undefined) throw beside(shown(join(dirname(path), other)), code);
}

/** Several side by side: the first of them. */
async function foundFrom(cwd: string): Promise<string | null> {
  try {
    return (await findFiles(cwd, [])).files[0] ?? null;
  } catch (error) {
    if (error instanceof FleetformError && error.code === 'desired.not-found') return null;
    throw error;
  }
}

function beside(file: string, code = 'import.exists'): FleetformError {
  return new FleetformError(code, `${file} is the desired state here already`, {
    hint: 'Nothing was written. Use another folder, or name a new file with -f DIR/FILE (and --name, as each has a state of its own).',
  });
}

function othersBeside(path: string): string[] {
  try {
    return folderFiles(dirname(path)).filter((file) => file !== path);
  } catch {
    return [];
  }
}

/** Throws `cli.usage`. */
async function refuseOwnFolder(path: string, shown: string): Promise<void> {
  const folder = dirname(path);
  const real = await realpath(folder).catch(() => folder);
  const own = [...folder.split(sep), ...real.split(sep)].find((part) => /^\.(?:git|fleetform)$/i.test(part));
  if (own === undefined) return;
  throw usageError(
    `-f ${shown} is in ${own}, which ${own.toLowerCase() === '.git' ? 'belongs to git' : 'is the folder of the recorded state'}; files go elsewhere`,
    'Nothing was written. Name a file outside of it.',
  );
}
