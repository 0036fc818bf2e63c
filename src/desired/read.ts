/** Bytes → text. What isn't UTF-8 text of a sane size goes no further. */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { unsafePlaces } from './quote.ts';
import { SourceFile } from './source.ts';
import { SyntaxProblem } from './syntax.ts';

const LARGEST = 5 * 1024 * 1024;

export interface ReadFile {
  readonly file: SourceFile;
  /** Why its text isn't worth parsing. */
  readonly problems: readonly SyntaxProblem[];
}

/** Reads a file (at once: a turn through the thread pool takes longer); throws Node's own error if it can't. */
export function readSource(path: string, cwd: string): ReadFile {
  const name = relative(cwd, path) || path;
  const { size } = statSync(path);
  const bytes = size > LARGEST ? undefined : readFileSync(path);
  if (bytes === undefined || bytes.length > LARGEST) {
    const found = ((bytes?.length ?? size) / 1024 / 1024).toFixed(1);
    const problem = new SyntaxProblem(
      { start: 0, end: 1 },
      `the file has ${found} MB; at most 5 MB are read`,
    );
    return { file: new SourceFile(path, name, ''), problems: [problem] };
  }
  const wide = utf16(bytes);
  if (wide !== undefined) {
    const problem = new SyntaxProblem(
      { start: 0, end: 1 },
      `the file is ${wide}, not UTF-8`,
      'Save it as UTF-8.',
    );
    return { file: new SourceFile(path, name, ''), problems: [problem] };
  }
  // Lenient, so that the place of a wrong byte can be told.
  const decoded = bytes.toString('utf8');
  const text = decoded.charCodeAt(0) === 0xfeff ? decoded.slice(1) : decoded;
  return { file: new SourceFile(path, name, text), problems: [...notUtf8(bytes, text), ...unsafe(text)] };
}

function utf16(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (bytes.length > 3 && bytes.length % 2 === 0) {
    if (first === 0 && bytes[2] === 0 && second !== 0) return 'UTF-16 (big endian)';
    if (second === 0 && bytes[3] === 0 && first !== 0) return 'UTF-16 (little endian)';
  }
  return undefined;
}

function notUtf8(bytes: Buffer, text: string): SyntaxProblem[] {
  const at = text.indexOf('\ufffd');
  if (at === -1 || isUtf8(bytes)) return [];
  return [
    new SyntaxProblem(
      { start: at, end: at + 1 },
      'a byte that is not UTF-8 stands here',
      'Save the file as UTF-8.',
    ),
  ];
}

function unsafe(text: string): SyntaxProblem[] {
  return unsafePlaces(text, 10).map(({ offset, name }) => {
    const message = `a character that cannot be seen stands here (${name}); control and bidirectional characters are not allowed`;
    return new SyntaxProblem(
      { start: offset, end: offset + 1 },
      message,
      'Remove it; it may have come in by copying.',
    );
  });
}
