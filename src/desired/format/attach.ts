/**
 * Comments → the entries that they belong to, so that both move together. A comment behind something belongs to it;
 * one on a line of its own to what follows, unless its column says that it ends the block before.
 */
import { partitionPoint } from '../../model/partition-point.ts';
import type { Block, Entry, Remark } from './blocks.ts';
import type { Comment } from './comments.ts';
import type { TextPlaces } from './text-places.ts';

/** Comments at the top of the file that belong to the file, not to its first key. */
export interface Header {
  readonly remarks: readonly Remark[];
  readonly isSpacedAfter: boolean;
}

/** Settings of editors in comments: they only work at the top. */
const MODELINE = /^#(?:!|\s*(?:yaml-language-server:|-\*-|vim?:|ex:\s*set?\s))/;

/** Puts the comments into the blocks; returns those of the file itself. */
export function attach(comments: readonly Comment[], root: Block, places: TextPlaces): Header {
  const attaching = new Attaching(root, places);
  for (const comment of comments) attaching.add(comment);
  return splitHeader(attaching.top, root, places);
}

/**
 * The lines directly above the first key are the key's, unless an editor's settings are among them; all that a blank
 * line or `---` parts from it is the file's.
 */
function splitHeader(top: readonly Comment[], root: Block, places: TextPlaces): Header {
  const first = root.entries[0];
  const isParted = top.map((comment, index) => {
    const next = top[index + 1]?.offset ?? first?.span.start;
    return next !== undefined && isPartedFrom(comment, next, places);
  });
  const remarks = top.map(({ text }, index) => ({ text, isSpaced: isParted[index - 1] === true }));
  if (first === undefined) return { remarks, isSpacedAfter: false };
  const lastBlock = isParted.lastIndexOf(true) + 1;
  const hasModeline = top.slice(lastBlock).some(({ text }) => MODELINE.test(text));
  const count = hasModeline ? top.length : lastBlock;
  const own = remarks
    .slice(count)
    .map((remark, index) => (index === 0 ? { ...remark, isSpaced: false } : remark));
  if (own.length === 0) first.isSpaced = false;
  first.before.unshift(...own);
  return { remarks: remarks.slice(0, count), isSpacedAfter: isParted[count - 1] === true };
}

/** Whether a blank line, or the `---` that begins the document, is between; `--- # a` is a part of that line. */
function isPartedFrom({ offset, text }: Comment, next: number, places: TextPlaces): boolean {
  const between = places.text.slice(offset + text.length, next);
  return /\n[^\S\n]*\n|^---(?=\s|$)/m.test(between) || /^---\s/.test(places.lineUpTo(offset));
}

interface Level {
  readonly block: Block;
  /** The last entry that begins before the comment; -1: all begin behind it. */
  readonly index: number;
}

/** The comment belongs to what follows. */
const NEXT = -1;

class Attaching {
  /** Before the first entry. */
  readonly top: Comment[] = [];
  readonly #root: Block;
  readonly #places: TextPlaces;
  /** Where the last comment between two entries went: those behind it cannot go deeper. */
  #gap: { readonly next: Entry | undefined; readonly depth: number } | undefined;

  constructor(root: Block, places: TextPlaces) {
    this.#root = root;
    this.#places = places;
  }

  add(comment: Comment): void {
    const levels = levelsAt(this.#root, comment.offset);
    const { block, index } = levels.at(-1) as Level;
    const entry = block.entries[index] ?? block.holder;
    if (entry === undefined) this.top.push(comment);
    else if (!this.#places.isFirstOnLine(comment.offset)) this.#behind(comment, entry);
    else this.#ownLine(comment, levels);
  }

  #behind(comment: Comment, entry: Entry): void {
    const isItemOfLines = entry.key === undefined && entry.value.kind === 'block';
    if (isItemOfLines || entry.trailing !== undefined) this.#before(comment, entry);
    else entry.trailing = comment.text;
  }

  #ownLine(comment: Comment, levels: readonly Level[]): void {
    const { block, index } = levels.at(-1) as Level;
    const entry = block.entries[index];
    const inner = entry?.value.kind === 'block' ? entry.value.entries[0] : undefined;
    if (entry === undefined) this.#before(comment, block.entries[0] as Entry);
    else if (inner !== undefined && comment.offset < inner.span.start) this.#before(comment, inner);
    else if (inner === undefined && comment.offset < entry.span.end) this.#before(comment, entry);
    else if (block.flow !== undefined) {
      const next = block.entries[index + 1];
      if (next === undefined) block.tail.push(this.#remark(comment));
      else this.#before(comment, next);
    } else this.#between(comment, levels, entry);
  }

  /** Between two entries of blocks, or behind the last one. */
  #between(comment: Comment, levels: readonly Level[], entry: Entry): void {
    const from = levels.findLastIndex(({ block, index }) => index + 1 < block.entries.length);
    const level = levels[from];
    const next = level?.block.entries[level.index + 1];
    const wanted = this.#depth(this.#places.column(comment.offset), levels, from, entry);
    const isSameGap = this.#gap !== undefined && this.#gap.next === next;
    const depth = isSameGap ? Math.min(wanted, (this.#gap as { depth: number }).depth) : wanted;
    this.#gap = { next, depth };
    if (depth === NEXT && next !== undefined) this.#before(comment, next);
    else {
      const tail = depth === levels.length ? entry.after : (levels[Math.max(0, depth)] as Level).block.tail;
      tail.push(this.#remark(comment));
    }
  }

  /** Which level's end the comment is at; `NEXT`: none. `from`: the level of the next entry, -1 if there is none. */
  #depth(column: number, levels: readonly Level[], from: number, entry: Entry): number {
    const level = levels[from];
    const next = level?.block.entries[level.index + 1];
    if (column <= (next?.column ?? this.#root.column)) return NEXT;
    if (isEmpty(entry) && column > entry.column) return levels.length;
    const depth = levels.findLastIndex(({ block }) => block.column <= column);
    return depth > from ? depth : NEXT;
  }

  #before(comment: Comment, entry: Entry): void {
    let at = entry;
    // A list's item and the first entry inside it share a line: a comment goes before both.
    while (at === at.block.entries[0] && isItem(at.block.holder) && !hasAnchor(at.block))
      at = at.block.holder;
    if (comment.offset < at.span.start) {
      at.before.push(this.#remark(comment));
      return;
    }
    at.before.push({ text: comment.text, isSpaced: at.isSpaced });
    at.isSpaced = false;
  }

  #remark({ text, offset }: Comment): Remark {
    return { text, isSpaced: this.#places.isBlankBefore(offset) };
  }
}

/** The blocks around an offset, the outermost first. */
function levelsAt(root: Block, offset: number): Level[] {
  const levels: Level[] = [];
  for (let block: Block | undefined = root; block !== undefined; ) {
    const index: number = partitionPoint(block.entries, ({ span }) => span.start < offset) - 1;
    levels.push({ block, index });
    const value: Entry['value'] | undefined = block.entries[index]?.value;
    block = value?.kind === 'block' && isInside(value, offset) ? value : undefined;
  }
  return levels;
}

function isInside({ flow, entries }: Block, offset: number): boolean {
  if (flow !== undefined) return flow.start < offset && offset < flow.end;
  return (entries[0] as Entry).span.start < offset;
}

function isItem(entry: Entry | undefined): entry is Entry {
  return entry !== undefined && entry.key === undefined;
}

function hasAnchor(block: Block): boolean {
  return block.node.anchor !== undefined;
}

function isEmpty(entry: Entry): boolean {
  const { value, span } = entry;
  if (value.kind !== 'leaf') return false;
  const [start, end] = value.node?.range ?? [span.end, span.end];
  return start === end;
}
