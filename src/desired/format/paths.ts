/** The files that `fmt` looks at, and the text that comes on stdin: read like any desired state, never written. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Diagnostic, DiagnosticsError } from '../../model/errors.ts';
import { findFiles, reasonOf, unreadable } from '../find.ts';
import { Problems } from '../problems.ts';
import { unsafePlaces } from '../quote.ts';
import { type ReadFile, readSource } from '../read.ts';
import { SourceFile } from '../source.ts';
import { SyntaxProblem } from '../syntax.ts';
import { formatFile } from './format.ts';

export interface Formatted {
  /** Absolute. */
  readonly path: string;
  /** Relative to the folder that the command runs in. */
  readonly name: string;
  /** As it stands in the file, with a byte order mark and all line ends. */
  readonly before: string;
  readonly after: string;
}

/**
 * The files that `given` names (files, folders), or the one that a search finds, each in its layout. Writes nothing.
 * Throws what `findFiles` throws, `desired.unreadable`, `desired.invalid` with everything that keeps one of the files
 * from being read, or `fmt.unsafe`.
 */
export async function formatPaths(cwd: string, given: readonly string[]): Promise<Formatted[]> {
  const { files } = await findFiles(resolve(cwd), given);
  const read = readAll(files, resolve(cwd));
  const problems = new Problems(read.map(({ source }) => source.file));
  const formatted: Formatted[] = [];
  for (const { source, before } of read) {
    const after = await formatFile(source, problems);
    const { path, name } = source.file;
    if (after !== undefined) formatted.push({ path, name, before, after });
  }
  problems.throwIfAny();
  return formatted;
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
