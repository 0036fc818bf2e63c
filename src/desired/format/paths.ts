/** The files that `fmt` looks at, and the text that comes on stdin: read like any desired state, never written. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Diagnostic, DiagnosticsError } from '../../model/errors.ts';
import { findFiles, reasonOf, unreadable } from '../find.ts';
import { parse } from '../parse.ts';
import { Problems } from '../problems.ts';
import { quoted, unsafePlaces } from '../quote.ts';
import { type ReadFile, readSource } from '../read.ts';
import { entryOf, SourceFile } from '../source.ts';
import { SyntaxProblem } from '../syntax.ts';
import { formatFile, isBlank } from './format.ts';
import { SECTIONS } from './layout.ts';

export interface Formatted {
  /** Absolute. */
  readonly path: string;
  /** Relative to the folder that the command runs in. */
  readonly name: string;
  /** As it stands in the file, with a byte order mark and all line ends. */
  readonly before: string;
  readonly after: string;
}

export interface FormattedPaths {
  readonly files: readonly Formatted[];
  /** What stands in a folder that was given and is no desired-state file: its name, and what shows it. */
  readonly foreign: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * The files that `given` names (files, folders), or the one that a search finds, each in its layout. Writes nothing.
 * A file that is named is formatted whatever it says; a folder may hold other people's files (`package.json`), and
 * of those nothing is handed out. Throws what `findFiles` throws, `desired.unreadable`, `desired.invalid` with everything that keeps one of the files
 * from being read, or `fmt.unsafe`.
 */
export async function formatPaths(cwd: string, given: readonly string[]): Promise<FormattedPaths> {
  const { files: paths, unnamed } = await findFiles(resolve(cwd), given);
  const read = readAll(paths, resolve(cwd));
  const problems = new Problems(read.map(({ source }) => source.file));
  const files: Formatted[] = [];
  const foreign: { name: string; reason: string }[] = [];
  for (const { source, before } of read) {
    const { path, name } = source.file;
    const reason = unnamed.has(path) ? await foreignSign(source) : undefined;
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
  if (source.problems.length === 0 && isBlank(source.file)) return 'it says nothing';
  const parsed = await parse(source, new Problems([source.file]));
  if (parsed === undefined) return undefined;
  const version = entryOf(parsed.root, 'version')?.value;
  if (version?.kind !== 'scalar' || version.text !== '1') return 'it has no `version: 1`';
  const stranger = parsed.root.entries.find(({ key }) => !SECTIONS.includes(key.text));
  return stranger && `${quoted(stranger.key.text)} is no key of a desired-state file`;
}

/** YAML that came from elsewhere; `name`: what messages call it. Throws `desired.invalid` or `fmt.unsafe`. */
export async function formatBytes(bytes: Buffer, name: string): Promise<Formatted> {
  const source = decode(bytes, name);
  const problems = new Problems([source.file]);
  const after = await formatFile(source, problems);
  problems.throwIfAny();
  return { path: name, name, before: bytes.toString('utf8'), after: after ?? '' };
}

function readAll(paths: readonly string[], cwd: string): { source: ReadFile; before: string }[] {
  const wrong: Diagnostic[] = [];
  const read = paths.flatMap((path) => {
    try {
      const source = readSource(path, cwd);
      // Its text has lost a byte order mark, which has no place in the layout.
      return [{ source, before: source.problems.length > 0 ? '' : readFileSync(path, 'utf8') }];
    } catch (error) {
      wrong.push(unreadable(path, reasonOf(error)));
      return [];
    }
  });
  if (wrong.length > 0) throw new DiagnosticsError('desired.unreadable', wrong);
  return read;
}

const LARGEST = 5 * 1024 * 1024;

function decode(bytes: Buffer, name: string): ReadFile {
  const refused = (message: string): ReadFile => ({
    file: new SourceFile(name, name, ''),
    problems: [new SyntaxProblem({ start: 0, end: 1 }, message)],
  });
  if (bytes.length > LARGEST) return refused('the text has more than 5 MB; at most 5 MB are read');
  if (!isUtf8(bytes)) return refused('the text is not UTF-8');
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const problems = unsafePlaces(text, 10).map(
    ({ offset, name: character }) =>
      new SyntaxProblem(
        { start: offset, end: offset + 1 },
        `a character that cannot be seen stands here (${character}); control and bidirectional characters are not allowed`,
        'Remove it; it may have come in by copying.',
      ),
  );
  return { file: new SourceFile(name, name, text), problems };
}
