/** Blocks → the text of the layout. */
import { isMap, isScalar } from 'yaml';
import type { Header } from './attach.ts';
import type { Block, Entry, Remark } from './blocks.ts';
import { inlineText, keyName, keyText } from './inline.ts';
import { STEP } from './layout.ts';
import { inOrder } from './order.ts';
import { anchorText, blockText } from './scalars.ts';

export function printFile(header: Header, root: Block): string {
  const lines = remarkLines(header.remarks, 0, true);
  const body = root.entries.length === 0 ? ['{}'] : blockLines(root, 0);
  // The comment of the key that comes first now must not become a part of the header.
  const isRunningOn = lines.length > 0 && body[0]?.startsWith('#') === true;
  if (header.isSpacedAfter || isRunningOn) lines.push('');
  const anchor = anchorText(root.node);
  if (anchor !== '') lines.push(anchor);
  lines.push(...body);
  return textOf(lines);
}

/** A file of comments alone. */
export function printRemarks(remarks: readonly Remark[]): string {
  return textOf(remarkLines(remarks, 0, true));
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** `isOnDash`: what stands before its first entry was written before the item. */
function blockLines(block: Block, indent: number, isOnDash = false): string[] {
  const lines: string[] = [];
  for (const entry of ordered(block)) {
    const { before, isSpaced } = isOnDash && lines.length === 0 ? NOTHING : lead(entry);
    lines.push(...remarkLines(before, indent, lines.length === 0));
    if (isSpaced && lines.length > 0) lines.push('');
    lines.push(...entryLines(entry, indent));
  }
  lines.push(...remarkLines(block.tail, indent, false));
  return lines;
}

function ordered({ node, entries, path }: Block): readonly Entry[] {
  if (!isMap(node)) return entries;
  return inOrder(
    entries,
    path,
    ({ key }) => keyName(key),
    ({ key, value }) => [key, value.node],
  );
}

type Lead = Pick<Entry, 'before' | 'isSpaced'>;
const NOTHING: Lead = { before: [], isSpaced: false };

/** What stands before an entry. Of an item, the comments of the key that now shares the line of its dash as well. */
function lead(entry: Entry): Lead {
  const inner = sharesLine(entry) ? lead(ordered(entry.value)[0] as Entry) : undefined;
  if (inner === undefined || inner.before.length === 0) return entry;
  const [first, ...rest] = inner.before as [Remark, ...Remark[]];
  return {
    before: [...entry.before, { ...first, isSpaced: entry.isSpaced }, ...rest],
    isSpaced: inner.isSpaced,
  };
}

/** `- fleet: eu`: an item begins on the line of its dash, if nothing else has to stand there. */
function sharesLine(entry: Entry): entry is Entry & { value: Block } {
  return entry.key === undefined && entry.value.kind === 'block' && anchorText(entry.value.node) === '';
}

/** No blank line is at the beginning of a block or of the file. */
function remarkLines(remarks: readonly Remark[], indent: number, isFirst: boolean): string[] {
  return remarks.flatMap(({ text, isSpaced }, index) => {
    const line = `${' '.repeat(indent)}${text}`;
    return isSpaced && !(isFirst && index === 0) ? ['', line] : [line];
  });
}

function entryLines(entry: Entry, indent: number): string[] {
  const { key, value, path } = entry;
  const head = `${' '.repeat(indent)}${key === undefined ? '-' : keyText(key, 'block')}`;
  const inner = indent + STEP;
  const after = remarkLines(entry.after, inner, true);
  if (value.kind === 'block') {
    const isOnDash = sharesLine(entry);
    const lines = blockLines(value, inner, isOnDash);
    if (isOnDash) lines[0] = `${head} ${(lines[0] as string).trimStart()}`;
    else lines.unshift(joined(head, anchorText(value.node), entry.trailing));
    return [...lines, ...after];
  }
  const { node } = value;
  const block = isScalar(node) ? blockText(node, inner) : undefined;
  if (block === undefined) {
    return [joined(head, inlineText(node, path, 'block'), entry.trailing), ...after];
  }
  return [joined(head, anchorText(node), block.header, entry.trailing), ...block.lines];
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}
