/** The file's `moved` list: addresses that move to another name. Guards as in expand.ts. */
import { movesBlocks } from '../model/addresses.ts';
import type { DesiredBlock, MovedAddress } from '../model/desired.ts';
import { didYouMean, listed } from '../model/suggest.ts';
import type { ParsedFile } from './parse.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import { entryOf, type ScalarNode, type SourceFile, type SourceNode } from './source.ts';

interface Written {
  readonly file: SourceFile;
  readonly item: SourceNode;
  readonly from: ScalarNode;
  readonly to: ScalarNode;
}

export function readMoved(
  files: readonly ParsedFile[],
  blocks: readonly DesiredBlock[],
  problems: Problems,
): MovedAddress[] {
  const written = files.flatMap(({ file, root }) => readList(file, entryOf(root, 'moved')?.value, problems));
  const byFrom = new Map<string, Written>();
  const byTo = new Map<string, Written>();
  const known = knownOf(blocks, written);
  for (const one of written) {
    refuseRepeated(one, 'from', byFrom, problems);
    refuseRepeated(one, 'to', byTo, problems);
    checkEnds(one, known, problems);
  }
  refuseCircles(byFrom, problems);
  return written.map(({ file, item, from, to }) => ({
    from: from.text,
    to: to.text,
    range: file.range(item),
    snippet: file.snippet(item),
  }));
}

function readList(file: SourceFile, list: SourceNode | undefined, problems: Problems): Written[] {
  if (list?.kind !== 'seq') return [];
  return list.items.flatMap((item) => {
    const from = textOf(entryOf(item, 'from')?.value, problems);
    const to = textOf(entryOf(item, 'to')?.value, problems);
    return from === undefined || to === undefined ? [] : [{ file, item, from, to }];
  });
}

function textOf(node: SourceNode | undefined, problems: Problems): ScalarNode | undefined {
  const isText = node?.kind === 'scalar' && typeof node.value === 'string' && !problems.isBlamed(node);
  return isText ? node : undefined;
}

function refuseRepeated(
  one: Written,
  end: 'from' | 'to',
  known: Map<string, Written>,
  problems: Problems,
): void {
  const before = known.get(one[end].text);
  if (before === undefined) known.set(one[end].text, one);
  else {
    problems.error(one.file, one[end], {
      code: 'desired.moved',
      message: `${quoted(one[end].text, 80)} is "${end}" of two moves; first at ${before.file.place(before[end])}`,
      hint: 'An address can be moved only once, and only one address can move to a given name.',
    });
  }
}

/** What a move's ends are looked up in: a file of many moves asks this for each. */
interface Known {
  /** All addresses of the file, and the names of their blocks. */
  readonly addresses: ReadonlySet<string>;
  readonly blocks: ReadonlySet<string>;
  readonly leaving: ReadonlySet<string>;
}

function knownOf(blocks: readonly DesiredBlock[], written: readonly Written[]): Known {
  return {
    addresses: new Set(blocks.map((one) => one.address)),
    blocks: new Set(blocks.map((one) => one.block)),
    leaving: new Set(written.map(({ from }) => from.text)),
  };
}

function checkEnds(
  { file, from, to }: Written,
  { addresses, blocks, leaving }: Known,
  problems: Problems,
): void {
  const tell = (node: ScalarNode, message: string, hint: string) =>
    problems.error(file, node, { code: 'desired.moved', message, hint });
  if (from.text === to.text) {
    tell(to, `${quoted(to.text, 80)} would move to itself`, 'Remove this move.');
    return;
  }
  const isOfBlocks = movesBlocks({ from: from.text, to: to.text });
  if (addresses.has(from.text) || (isOfBlocks && blocks.has(from.text))) {
    tell(
      from,
      `${quoted(from.text, 80)} is still in the file, so it has not moved`,
      'Remove this move, or the block of the old name.',
    );
  }
  if (!leaving.has(to.text) && !addresses.has(to.text) && !blocks.has(to.text)) {
    const names = problems.isFull ? [] : [...blocks, ...addresses];
    tell(
      to,
      `the file has no batch ${quoted(to.text, 80)} to move to${didYouMean(to.text, names)}`,
      'A batch that was moved and then removed needs no move: remove this one.',
    );
  }
}

/** Tells the first circle, at the first of its moves that has no other mistake. Each move is walked over once. */
function refuseCircles(byFrom: ReadonlyMap<string, Written>, problems: Problems): void {
  const walked = new Set<Written>();
  const order = new Map([...byFrom.values()].map((one, index) => [one, index]));
  for (const start of byFrom.values()) {
    const path = new Set<Written>();
    let next: Written | undefined = start;
    while (next !== undefined && !walked.has(next)) {
      walked.add(next);
      path.add(next);
      next = byFrom.get(next.to.text);
    }
    if (next === undefined || !path.has(next)) continue;
    const way = [...path];
    const circle = way.slice(way.indexOf(next));
    const [first] = circle
      .filter(({ to }) => !problems.isBlamed(to))
      .sort((a, b) => order.get(a)! - order.get(b)!);
    if (first === undefined) continue;
    const names = circle.map(({ from }) => quoted(from.text, 80));
    const at = circle.indexOf(first);
    problems.error(first.file, first.item, {
      code: 'desired.moved',
      message: `the moves from ${listed([...names.slice(at), ...names.slice(0, at)])} form a cycle`,
      hint: 'Remove one of them.',
    });
    return;
  }
}
