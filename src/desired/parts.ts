/** Which files are a part of a desired state that is a folder of them: one of them alone says no `name`. */
import { parse } from './parse.ts';
import { Problems } from './problems.ts';
import { readSources } from './read.ts';
import { entryOf } from './source.ts';

/** What cannot be read or parsed, and what says nothing of a desired state, is none. */
export async function partsAmong(files: readonly string[]): Promise<string[]> {
  const parts = await Promise.all(files.map(async (file) => ((await isPart(file)) ? [file] : [])));
  return parts.flat();
}

async function isPart(path: string): Promise<boolean> {
  try {
    const found = { files: [path], unnamed: new Set([path]), records: [], isSearched: false, root: path };
    const [source] = await readSources(found, '/');
    if (source === undefined) return false;
    const { root } = (await parse(source, new Problems([source.file]))) ?? {};
    return entryOf(root, 'version') !== undefined && entryOf(root, 'name') === undefined;
  } catch {
    return false;
  }
}
