/** Bytes → text. What isn't UTF-8 text of a sane size goes no further. */
import { relative } from 'node:path';
import { ownRecordIn } from '../files/own-record.ts';
import { readPatiently } from '../files/read-stream.ts';
import { boundsFor } from '../files/repository.ts';
import { decode, withoutMark } from '../files/text.ts';
import { type Diagnostic, DiagnosticsError } from '../model/errors.ts';
import { type FoundFiles, LARGEST_FILE, reasonOf, unreadable } from './find.ts';
import { NoWish } from './no-wish.ts';
import { unsafePlaces } from './quote.ts';
import { SourceFile, type SourceNode } from './source.ts';
import { SyntaxProblem } from './syntax.ts';

export interface ReadFile {
  readonly file: SourceFile;
  /** Why its text isn't worth parsing. */
  readonly problems: readonly SyntaxProblem[];
  /** As it is in the file, with a byte order mark; empty where it has problems. */
  readonly before: string;
  /** Its tree, where it was no text in the first place. */
  readonly root?: SourceNode;
}

/** All of them, or `desired.unreadable` with each that cannot be read. */
export async function readSources(
  { files, unnamed, isSearched }: FoundFiles,
  cwd: string,
): Promise<ReadFile[]> {
  const wrong: Diagnostic[] = [];
  const read: ReadFile[] = [];
  for (const path of files) {
    try {
      read.push(await readSource(path, cwd, !isSearched && !unnamed.has(path)));
    } catch (error) {
      wrong.push(error instanceof NoWish ? error.as(relative(cwd, path)) : unreadable(path, reasonOf(error)));
    }
  }
  if (wrong.length > 0) throw new DiagnosticsError('desired.unreadable', wrong);
  return read;
}

/** A file at once: a turn through the thread pool takes longer. Throws a `RefusedFile`, or Node's own error. */
async function readSource(path: string, cwd: string, isNamed: boolean): Promise<ReadFile> {
  const name = relative(cwd, path) || path;
  const { bytes, isCut } = await readPatiently(path, { ...boundsFor(path, isNamed), largest: LARGEST_FILE });
  const record = ownRecordIn(bytes);
  if (record !== undefined) throw new NoWish(record);
  return isCut
    ? refused(path, name, 'the file has more than 5 MB; at most 5 MB are read')
    : decoded(bytes, path, name);
}

function refused(path: string, name: string, message: string, hint?: string): ReadFile {
  const problem = new SyntaxProblem({ start: 0, end: 1 }, message, hint);
  return { file: new SourceFile(path, name, ''), problems: [problem], before: '' };
}

/** What came on a pipe; `name`: what messages call it. */
export function readBytes(bytes: Buffer, name: string): ReadFile {
  if (bytes.length > LARGEST_FILE)
    return refused(name, name, 'the text has more than 5 MB; at most 5 MB are read');
  return decoded(bytes, name, name);
}

function decoded(bytes: Buffer, path: string, name: string): ReadFile {
  const { encoding, whole } = decode(bytes);
  if (encoding !== 'UTF-8' && encoding !== null)
    return refused(path, name, `the file is ${encoding}, not UTF-8`, 'Save it as UTF-8.');
  const text = withoutMark(whole);
  const problems = [...(encoding === null ? notUtf8(text) : []), ...unsafe(text)];
  return { file: new SourceFile(path, name, text), problems, before: problems.length > 0 ? '' : whole };
}

/** Where the first wrong byte is; a U+FFFD that the file itself has in front of it is taken for it. */
function notUtf8(text: string): SyntaxProblem[] {
  const at = text.indexOf('\ufffd');
  return [
    new SyntaxProblem(
      { start: at, end: at + 1 },
      'there is a byte here that is not UTF-8',
      'Save the file as UTF-8.',
    ),
  ];
}

function unsafe(text: string): SyntaxProblem[] {
  return unsafePlaces(text, 10).map(({ offset, name }) => {
    const message = `there is an invisible character here (${name}); control and bidirectional characters are not allowed`;
    return new SyntaxProblem(
      { start: offset, end: offset + 1 },
      message,
      'Remove it; it may have been pasted in.',
    );
  });
}
