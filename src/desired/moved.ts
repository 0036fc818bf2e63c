/** The file's `moved` list: addresses that go on under another name. Guards as in expand.ts. */
import { covers, movedAddress } from '../model/addresses.ts';
import type { DesiredBatch, MovedAddress } from '../model/desired.ts';
import { didYouMean } from '../model/suggest.ts';
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
  batches: readonly DesiredBatch[],
  problems: Problems,
): MovedAddress[] {
  const written = files.flatMap(({ file, root }) => readList(file, entryOf(root, 'moved')?.value, problems));
  const byFrom = new Map<string, Written>();
  const byTo = new Map<string, Written>();
  for (const one of written) {
    refuseRepeated(one, 'from', byFrom, problems);
    refuseRepeated(one, 'to', byTo, problems);
    checkEnds(one, batches, written, problems);
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
      hint: 'An address moves once, and to where nothing else does.',
    });
  }
}

function checkEnds(
  { file, from, to }: Written,
  batches: readonly DesiredBatch[],
  written: readonly Written[],
  problems: Problems,
): void {
  const tell = (node: ScalarNode, message: string, hint: string) =>
    problems.error(file, node, { code: 'desired.moved', message, hint });
  if (from.text === to.text) {
    tell(to, `${quoted(to.text, 80)} would move to itself`, 'Remove this move.');
    return;
  }
  if (batches.some((batch) => movedAddress({ from: from.text, to: to.text }, batch.address) !== null)) {
    tell(
      from,
      `${quoted(from.text, 80)} is still in the file, so it has not moved`,
      'Remove this move, or the block of the old name.',
    );
  }
  const leadsOn = written.some((other) => other.from.text === to.text);
  if (!leadsOn && !batches.some((batch) => covers(to.text, batch.address))) {
    const names = batches.flatMap((batch) => [batch.block, batch.address]);
    tell(
      to,
      `the file has no batch ${quoted(to.text, 80)} to move to${didYouMean(to.text, names)}`,
      'A batch that was moved and then removed needs no move: remove this one.',
    );
  }
}

function refuseCircles(byFrom: ReadonlyMap<string, Written>, problems: Problems): void {
  for (const start of byFrom.values()) {
    if (problems.isBlamed(start.to)) continue;
    const seen = new Set([start.from.text]);
    for (let next = byFrom.get(start.to.text); next !== undefined; next = byFrom.get(next.to.text)) {
      if (next === start) {
        problems.error(start.file, start.item, {
          code: 'desired.moved',
          message: `the moves from ${[...seen].map((text) => quoted(text, 80)).join(', ')} go in a circle`,
          hint: 'Remove one of them.',
        });
        return;
      }
      if (seen.has(next.from.text)) break;
      seen.add(next.from.text);
    }
  }
}
