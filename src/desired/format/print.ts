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

function blockLines(block: Block, indent: number): string[] {
  const lines: string[] = [];
  const { entries, path } = block;
  const ordered = isMap(block.node)
    ? inOrder(
        entries,
        path,
        ({ key }) => keyName(key),
        ({ key, value }) => [key, value.node],
      )
    : entries;
  for (const entry of ordered) {
    const isFirst = lines.length === 0;
    lines.push(...remarkLines(entry.before, indent, isFirst));
    if (entry.isSpaced && lines.length > 0) lines.push('');
    lines.push(...entryLines(entry, indent));
  }
  lines.push(...remarkLines(block.tail, indent, false));
  return lines;
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
    const lines = blockLines(value, inner);
    const anchor = anchorText(value.node);
    // `- fleet: eu`: an item begins on the line of its dash, if nothing else has to stand there.
    if (key === undefined && anchor === '') lines[0] = `${head} ${(lines[0] as string).trimStart()}`;
    else lines.unshift(joined(head, anchor, entry.trailing));
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
