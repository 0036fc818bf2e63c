/**
 * Two versions of a file → a unified diff. For people: coloured if wanted, and nothing in it moves a cursor. For
 * programs: as it is, so that `patch` takes it.
 */
import { structuredPatch } from 'diff';
import { legible } from '../model/safe-text.ts';
import { type Paint, painter, type Style } from './color.ts';
import { counted } from './phrases.ts';

export interface FileVersions {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** Edits after which a diff gives up: the cost grows with its square. */
const MAX_EDITS = 2000;
/** Lines around a change. */
const CONTEXT = 3;

/** For a terminal: escaped. Empty when the versions are the same; otherwise it ends with a line break. */
export function renderFileDiff(versions: FileVersions, color: boolean): string {
  const paint = painter(color);
  return diffLinesOf(versions)
    .map((line, index) => `${paintedLine(visible(line), index < HEAD, paint)}\n`)
    .join('');
}

/** For programs: nothing is escaped. Empty when the versions are the same. */
export function fileDiff(versions: FileVersions): string {
  return diffLinesOf(versions)
    .map((line) => `${line}\n`)
    .join('');
}

function diffLinesOf({ name, before, after }: FileVersions): string[] {
  if (before === after) return [];
  const head = [`--- a/${name}`, `+++ b/${name}`];
  const patch = structuredPatch(name, name, before, after, undefined, undefined, {
    context: CONTEXT,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) {
    const [from, to] = [before, after].map((text) => counted(lineCount(text), 'line'));
    return [...head, `# the whole file is rewritten: ${from} -> ${to}`];
  }
  const hunks = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${span(oldStart, oldLines)} +${span(newStart, newLines)} @@`,
    ...lines,
  ]);
  return [...head, ...hunks];
}

/** `diff` counts the first line of nothing as 1 where others say 0. */
function span(start: number, lines: number): string {
  if (lines === 1) return String(start);
  return `${lines === 0 ? Math.max(0, start - 1) : start},${lines}`;
}

function lineCount(text: string): number {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

/** Tabs stay: seeing them is the point of a diff. A carriage return at the end is told, not performed. */
function visible(line: string): string {
  const returns = /\r+$/.exec(line)?.[0].length ?? 0;
  return `${legible(line.slice(0, line.length - returns), false)}${'\\r'.repeat(returns)}`;
}

/** Lines that name the versions; behind them, what begins like they do is the file's own text. */
const HEAD = 2;

const STYLES: Readonly<Record<string, Style>> = { '@': 'cyan', '#': 'yellow', '-': 'red', '+': 'green' };

function paintedLine(line: string, isHead: boolean, paint: Paint): string {
  const style = isHead ? 'bold' : STYLES[line.charAt(0)];
  return style === undefined ? line : paint(style, line);
}
