/** The files that `fmt` looks at, and the text that comes on stdin: read like any desired state, never written. */
import { relative, resolve } from 'node:path';
import { isAside } from '../asides.ts';
import { findFiles } from '../find.ts';
import { parse } from '../parse.ts';
import { Problems } from '../problems.ts';
import { quoted } from '../quote.ts';
import { type ReadFile, readBytes, readSources } from '../read.ts';
import { entryOf } from '../source.ts';
import { formatFile, isBlank } from './format.ts';
import { SECTIONS } from './layout.ts';

export interface Formatted {
  /** Absolute. */
  readonly path: string;
  /** Relative to the folder that the command runs in. */
  readonly name: string;
  /** As it is in the file, with a byte order mark and all line ends. */
  readonly before: string;
  readonly after: string;
}

export interface FormattedPaths {
  readonly files: readonly Formatted[];
  /** What is in a folder that was given and is no desired-state file: its name, and what shows it. */
  readonly foreign: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * The files that `given` names (files, folders), or the one that a search finds, each in its layout. Writes nothing. A
 * file that is named is formatted whatever it says; a folder may hold other people's files (`package.json`), and of
 * those nothing is handed out. Throws what `findFiles` throws, `desired.unreadable`, `desired.invalid` with everything
 * that keeps one of the files from being read, or `fmt.unsafe`.
 */
export async function formatPaths(cwd: string, given: readonly string[]): Promise<FormattedPaths> {
  const found = await findFiles(resolve(cwd), given);
  const read = await readSources(found, resolve(cwd));
  const problems = new Problems(read.map(({ file }) => file));
  const files: Formatted[] = [];
  const foreign = found.records.map(({ path, record }) => ({
    name: relative(cwd, path),
    reason: `it is ${record.what}`,
  }));
  for (const source of read) {
    const { before } = source;
    const { path, name } = source.file;
    const reason = found.unnamed.has(path) ? await foreignSign(source) : undefined;
    if (reason !== undefined) {
      foreign.push({ name, reason });
      continue;
    }
    const after = await formatFile(source, problems);
    if (after !== undefined) files.push({ path, name, before, after });
  }
  problems.throwIfAny();
  return { files, foreign };
}

/** What shows that a file is none of ours. A file that can't be read shows nothing: it may be ours, and broken. */
async function foreignSign(source: ReadFile): Promise<string | undefined> {
  if (source.problems.length === 0 && isBlank(source.file)) return 'it is empty';
  const parsed = await parse(source, new Problems([source.file]));
  if (parsed === undefined) return undefined;
  const version = entryOf(parsed.root, 'version')?.value;
  if (version?.kind !== 'scalar' || version.text !== '1') return 'it has no `version: 1`';
  const stranger = parsed.root.entries.find(({ key }) => !SECTIONS.includes(key.text) && !isAside(key.text));
  return stranger && `${quoted(stranger.key.text)} is not a key of a desired-state file`;
}

/** YAML that came from elsewhere; `name`: what messages call it. Throws `desired.invalid` or `fmt.unsafe`. */
export async function formatBytes(bytes: Buffer, name: string): Promise<Formatted> {
  const source = readBytes(bytes, name);
  const problems = new Problems([source.file]);
  const after = await formatFile(source, problems);
  problems.throwIfAny();
  return { path: name, name, before: source.before, after: after ?? '' };
}
