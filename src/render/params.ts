/**
 * The params of a batch, as they are and as a diff. A param may be a build id or a script of many lines; what it says
 * is what runs on the game servers. Invariant: whatever differs is to be seen: long values are shown around their
 * differences, white space that the eye would miss is written as an escape, and what is too much is counted. Where
 * there is room for everything (`isWhole`: a page), nothing is left out.
 */
import type { Param } from '../model/desired.ts';
import { safeText } from '../model/safe-text.ts';
import type { Spec } from '../model/state.ts';
import { displayWidth } from './display-width.ts';
import { givenLines, multiLineDiff, run } from './param-lines.ts';
import { oneLineDiff, quoted } from './param-values.ts';
import { indented, type Line, leftOut, line } from './spans.ts';

/** Params of one batch. */
const SHOWN = 100;
const LONGEST_NAME = 80;

/** One line each, or several. */
export function givenParams(params: readonly Param[], isWhole = false): Line[] {
  return firstOf(params, isWhole, ({ name, value }) => givenParam(nameText(name, isWhole), value, isWhole));
}

/** `room`: columns. Empty: they say the same. */
export function changedParams(before: Spec, after: Spec, room: number, isWhole = false): Line[] {
  const old = new Map(before.params.map(({ name, value }) => [name, value]));
  const now = new Map(after.params.map(({ name, value }) => [name, value]));
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changed = names.filter((name) => old.get(name) !== now.get(name));
  return firstOf(changed, isWhole, (name) =>
    changedParam(nameText(name, isWhole), old.get(name), now.get(name), { room, isWhole }),
  );
}

function firstOf<T>(all: readonly T[], isWhole: boolean, linesOf: (one: T) => Line[]): Line[] {
  const shown = isWhole ? all : all.slice(0, SHOWN);
  const rest = all.length - shown.length;
  const lines = shown.flatMap(linesOf);
  return rest === 0 ? lines : [...lines, line(leftOut(rest, all.length, 'params'), 'dim')];
}

function nameText(name: string, isWhole: boolean): string {
  return safeText(name, isWhole ? undefined : LONGEST_NAME);
}

function givenParam(name: string, value: string, isWhole: boolean): Line[] {
  if (!value.includes('\n')) return [line(`${name} = ${quoted(value, isWhole)}`)];
  return [line(`${name}:`), ...givenLines(value, isWhole)];
}

function changedParam(
  name: string,
  before: string | undefined,
  after: string | undefined,
  { room, isWhole }: { readonly room: number; readonly isWhole: boolean },
): Line[] {
  const hasLines = before?.includes('\n') || after?.includes('\n');
  if (before === undefined || after === undefined) {
    const [mark, style] = before === undefined ? (['+', 'green'] as const) : (['-', 'red'] as const);
    const value = before ?? after ?? '';
    if (!hasLines) return [line(`${mark} ${name} = ${quoted(value, isWhole)}`, style)];
    const lines = run(value, mark, style, isWhole);
    return [line(`${mark} ${name}:`, style), ...lines.map((spans) => indented(spans))];
  }
  if (hasLines) {
    return [line(`~ ${name}:`), ...multiLineDiff(before, after, isWhole).map((spans) => indented(spans))];
  }
  const [from, to] = oneLineDiff(before, after, isWhole);
  const arrow = { text: '->', style: 'yellow' } as const;
  const old = { text: from, style: 'red' } as const;
  const fresh = { text: to, style: 'green' } as const;
  if (displayWidth(name) + 9 + displayWidth(from) + displayWidth(to) <= room) {
    return [[{ text: `~ ${name} = ` }, old, { text: ' ' }, arrow, { text: ' ' }, fresh]];
  }
  return [line(`~ ${name}:`), indented([{ text: '   ' }, old]), indented([arrow, { text: ' ' }, fresh])];
}
