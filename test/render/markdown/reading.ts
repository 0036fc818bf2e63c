/**
 * A strict reader of the Markdown that our comments are made of: the marker, paragraphs, lists, tables, fences, folds.
 * It follows CommonMark and GFM where they matter here, and fails on anything that is not well-formed.
 */
import * as assert from 'uvu/assert';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Reading {
  readonly marker: string;
  /** All that stands outside of code, tables' cells included, without our own tags. */
  readonly prose: string;
  /** What code spans say. */
  readonly spans: readonly string[];
  readonly tables: readonly Table[];
  readonly fences: readonly { readonly language: string; readonly lines: readonly string[] }[];
  /** The titles of folds. */
  readonly folds: readonly string[];
}

/** `deepest`: how many folds may be inside of each other. Our own headings and links are taken for what they say. */
export function read(markdown: string, deepest = 1): Reading {
  const [marker = '', ...lines] = markdown.split('\n');
  assert.match(marker, /^<!-- fleetform:[a-z-]+:[a-z0-9-]+:[0-9a-f]{12} -->$/);
  assert.is(lines.pop(), '', 'it ends with a line break');
  const { text, fences } = withoutFences(lines);
  const folds = foldsOf(text, deepest);
  const tables = tablesOf(text);
  const spans: string[] = [];
  const prose = text
    .filter((line) => !TAG.test(line))
    .map((line) => withoutCode(line.replace(HEADING, '').replace(LINK, '$1'), spans));
  return { marker, prose: prose.join('\n'), spans, tables, fences, folds };
}

/** Plain words, numbers, times, our own bold and lists; a letter more and something could come to life. */
const HARMLESS = /^[\0A-Za-z0-9 \n.,;:!?'"()*|+-]*$/;
const ALIVE = [/http|www|ftp:|mailto|xmpp/i, /GH-[0-9]/i, /\b[0-9a-f]{7,40}\b/i, /:[a-z_]+:/i, /^\s*\//m];

/** Nothing outside of code that GitHub or GitLab would make a mention, a reference, a link or markup of. */
export function assertLifeless({ prose }: Reading): void {
  const odd = [...prose].find((char) => !HARMLESS.test(char));
  assert.is(odd, undefined, `${JSON.stringify(odd)} stands outside of code: ${aroundOf(prose, odd)}`);
  for (const pattern of ALIVE) assert.not.match(prose, pattern);
  for (const line of prose.split('\n')) {
    assert.is((line.match(/\*\*/g) ?? []).length % 2, 0, `bold that does not end: ${line}`);
    assert.not.match(line.replaceAll('**', ''), /\*/);
    assert.not.match(line, /^ {0,3}(?:=+|-+|[0-9]+[.)].*|\+ .*)$/, `a heading or a list: ${line}`);
  }
}

const HEADING = /^### (?=`)/;
const LINK = /\[((?:[A-Za-z0-9 ]|`[^`]*`)+)\]\(<https?:\/\/[A-Za-z0-9._~:/?#=%+,@-]+>\)/g;
const TAG = /^(?:<details>|<\/details>|<summary>.*<\/summary>)$/;

function withoutFences(lines: readonly string[]) {
  const text: string[] = [];
  const fences: { language: string; lines: string[] }[] = [];
  let open: { fence: string; language: string; lines: string[] } | null = null;
  for (const line of lines) {
    const [, ticks = '', rest = ''] = /^ {0,3}(`{3,})(.*)$/.exec(line) ?? [];
    if (open !== null) {
      const isEnd = ticks.length >= open.fence.length && rest.trim() === '';
      if (isEnd) {
        assert.is(line, open.fence, 'a fence ends where it was meant to');
        fences.push({ language: open.language, lines: open.lines });
        open = null;
      } else open.lines.push(line);
    } else if (ticks !== '' && !rest.includes('`')) {
      assert.match(rest, /^(diff|text)$/);
      open = { fence: ticks, language: rest, lines: [] };
    } else text.push(line);
  }
  assert.is(open, null, 'every fence is closed');
  return { text, fences };
}

function foldsOf(lines: readonly string[], deepest: number): string[] {
  const folds: string[] = [];
  let open = 0;
  for (const [index, line] of lines.entries()) {
    if (line === '<details>') {
      assert.ok(open < deepest, 'folds are not nested deeper');
      const title = /^<summary>([A-Za-z0-9:, ]+)<\/summary>$/.exec(lines[index + 1] ?? '')?.[1];
      assert.type(title, 'string');
      assert.is(lines[index + 2], '', 'Markdown starts again after an empty line');
      folds.push(title!);
      open += 1;
    } else if (line === '</details>') {
      assert.ok(open > 0);
      assert.is(lines[index - 1], '');
      open -= 1;
    }
  }
  assert.is(open, 0, 'every fold is closed');
  return folds;
}

function tablesOf(lines: readonly string[]): Table[] {
  const tables: { head: string[]; rows: string[][] }[] = [];
  let current: { head: string[]; rows: string[][] } | null = null;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('|')) current = null;
    else if (current === null) {
      assert.is(lines[index - 1], '', 'an empty line before a table');
      current = { head: cellsOf(line), rows: [] };
      tables.push(current);
    } else {
      const cells = cellsOf(line);
      assert.is(cells.length, current.head.length, `cells of ${line}`);
      current.rows.push(cells);
    }
  }
  return tables.map(({ head, rows: [rule = [], ...rows] }) => {
    assert.ok(rule.every((cell) => /^---:?$/.test(cell)));
    return { head, rows: rows.map((cells) => cells.map((cell) => codeOnly(cell))) };
  });
}

/** Parsers differ in what a backslash before a backslash means: both readings must find the same cells. */
function cellsOf(row: string): string[] {
  const loose = row.split(/(?<!\\)\|/);
  const strict = row.replace(/\\[\\|]/g, '__').split('|');
  assert.is(loose.length, strict.length, `parsers differ on ${row}`);
  assert.is(loose[0], '');
  assert.is(loose.at(-1), '');
  return loose.slice(1, -1).map((cell) => cell.trim());
}

/** Stands where a code span stood. */
const CODE = '\0';

/** A cell as a person reads it. */
function codeOnly(cell: string): string {
  const spans: string[] = [];
  const rest = withoutCode(cell, spans);
  return rest.replaceAll(CODE, () => spans.shift()!).replaceAll('\\|', '|');
}

/** By CommonMark: a run of backticks goes with the next one of the same length. */
function withoutCode(line: string, spans: string[]): string {
  let rest = '';
  let at = 0;
  for (let open = nextRun(line, 0); open !== null; open = nextRun(line, at)) {
    let close = nextRun(line, open.end);
    while (close !== null && close.end - close.start !== open.end - open.start)
      close = nextRun(line, close.end);
    assert.ok(close !== null, `a code span that does not end: ${line}`);
    assert.is.not(line[open.start - 1], '\\');
    const text = line.slice(open.end, close.start);
    spans.push(/^ .*[^ ].* $/.test(text) ? text.slice(1, -1) : text);
    rest += line.slice(at, open.start) + CODE;
    at = close.end;
  }
  return rest + line.slice(at);
}

function nextRun(line: string, from: number): { start: number; end: number } | null {
  const run = /`+/g;
  run.lastIndex = from;
  const found = run.exec(line);
  return found === null ? null : { start: found.index, end: found.index + found[0].length };
}

function aroundOf(text: string, char: string | undefined): string {
  return char === undefined
    ? ''
    : JSON.stringify(text.slice(Math.max(0, text.indexOf(char) - 40)).slice(0, 80));
}
