/**
 * The mark that an `import --all` has begun: beside the state, it names the file that is about to be there. It tells a
 * state that such an import left without its file from one that belongs to a file.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ImportMark } from '../apply/import-all.ts';
import { writeFile } from '../files/write-file.ts';
import { stateFolder } from '../state/backends/local.ts';

const SUFFIX = '.import-begun';

/** Where `path` is the new file, and `name` what it is called. The folder of the state is there. */
export function importMark(path: string, name: string): ImportMark {
  const mark = join(stateFolder(dirname(path)), `${name}${SUFFIX}`);
  return {
    isCut: async () => fileOf(mark) !== null,
    set: () => writeFile(mark, `${basename(path)}\n`, { isPrivate: true }),
    clear: () => rm(mark, { force: true }),
  };
}

/** The file that an import in that folder was about to write, and did not; null: none is known. */
export function cutImportIn(folder: string): string | null {
  const own = stateFolder(folder);
  try {
    const marks = readdirSync(own).filter((name) => name.endsWith(SUFFIX));
    return marks.map((name) => fileOf(join(own, name))).find((file) => file !== null) ?? null;
  } catch {
    return null;
  }
}

/** null: there is no mark, or its file is there. */
function fileOf(mark: string): string | null {
  try {
    const file = basename(readFileSync(mark, 'utf8').trim());
    return file === '' || existsSync(join(dirname(mark), '..', file)) ? null : file;
  } catch {
    return null;
  }
}
