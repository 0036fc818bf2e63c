/**
 * What the author of the file does between two applies. Each edit gives the next file, or null where the file has
 * nothing to do it to.
 *
 * Invariant: no file asks twice for the same run, or for two of one template and target within ten minutes of each
 * other (ever, in one schedule): what is one run and what are two is then beyond doubt.
 */
import { FLEETS, REGIONS, type Server } from './account.ts';
import type { Dice } from './random.ts';
import { type Block, type File, type Target, wishesOf } from './wishes.ts';

export interface Desk {
  readonly dice: Dice;
  /** Unix seconds. */
  readonly now: number;
  readonly servers: readonly Server[];
  readonly templates: readonly { readonly id: string; readonly name: string }[];
  /** Blocks that were in the file once. */
  readonly removed: Block[];
  /** One that no block ever had. */
  readonly freshName: () => string;
}

export type Edit = (file: File, desk: Desk) => File | null;

const HOUR = 3600;

export function firstFile(desk: Desk): File {
  const claims = desk.dice.chance(0.15) ? [desk.dice.pick(['21', '22'])] : [];
  let file: File = { blocks: [], moved: [], claims };
  const count = desk.dice.between(1, 5);
  for (let tries = 0; file.blocks.length < count && tries < 30; tries += 1) {
    const next = { ...file, blocks: [...file.blocks, newBlock(desk)] };
    if (isClear(next, [])) file = next;
  }
  return file;
}

function newBlock({ dice, now, servers, templates, freshName }: Desk): Block {
  const template = dice.pick(templates.slice(0, 2));
  const isNamed = templates.filter(({ name }) => name === template.name).length === 1 && dice.chance(0.7);
  const executeAt = dice.chance(0.35) ? null : aTime(now, dice);
  return {
    name: freshName(),
    template: { id: template.id, name: isNamed ? template.name : null },
    targets: someTargets(dice, servers),
    executeAt,
    revision: executeAt === null ? 1 : null,
    startingDeadline: dice.pick([60, 300, 2 * HOUR, 24 * HOUR]),
    paused: dice.pick([undefined, undefined, undefined, false, true]),
  };
}

function someTargets(dice: Dice, servers: readonly Server[]): Target[] {
  const target = aTarget(dice, servers);
  const second: Target = { kind: 'fleet', ids: [dice.pick(FLEETS)] };
  const isFit = target.kind === 'region' || (target.kind === 'fleet' && target.ids[0] !== second.ids[0]);
  return isFit && dice.chance(0.2) ? [target, second] : [target];
}

function aTarget(dice: Dice, servers: readonly Server[]): Target {
  if (dice.chance(0.7)) return { kind: 'fleet', ids: [dice.pick(FLEETS)] };
  if (dice.chance(0.4)) return { kind: 'region', ids: [dice.pick(REGIONS)] };
  return {
    kind: 'servers',
    ids: dice
      .some(
        servers.map(({ id }) => id),
        dice.between(2, 4),
      )
      .sort(),
  };
}

/** Just now, soon, within the hours that a schedule lasts, or tomorrow. Some are no whole minute. */
function aTime(now: number, dice: Dice): number {
  const base = Math.floor(now / 60) * 60;
  return (
    base + dice.pick([-120, 300, HOUR, 2 * HOUR, 3 * HOUR, 24 * HOUR, 25 * HOUR]) + dice.pick([0, 0, 17])
  );
}

const withBlock = (file: File, old: Block, ...news: readonly Block[]): File => ({
  ...file,
  blocks: file.blocks.flatMap((block) => (block === old ? news : [block])),
});
const anyBlock = (file: File, dice: Dice, isFit: (block: Block) => boolean = () => true): Block | null => {
  const fit = file.blocks.filter(isFit);
  return fit.length === 0 ? null : dice.pick(fit);
};
const twoBlocks = (file: File, dice: Dice): [Block, Block] | null => {
  const [a, b] = dice.some(file.blocks, 2);
  return a === undefined || b === undefined ? null : [a, b];
};

export const EDITS: Readonly<Record<string, Edit>> = {
  'the time is changed': (file, { dice, now }) => {
    const block = anyBlock(file, dice, ({ executeAt }) => executeAt !== null);
    if (block === null) return null;
    const executeAt = dice.chance(0.3) ? block.executeAt! + dice.pick([-1200, 1200]) : aTime(now, dice);
    return withBlock(file, block, { ...block, executeAt });
  },
  'the target is changed': (file, { dice, servers }) => {
    const block = anyBlock(file, dice, ({ targets }) => targets.length === 1);
    return block && withBlock(file, block, { ...block, targets: [aTarget(dice, servers)] });
  },
  'a block is removed': (file, { dice, removed }) => {
    const block = file.blocks.length < 2 ? null : anyBlock(file, dice);
    if (block === null) return null;
    removed.push(block);
    return withBlock(file, block);
  },
  'a removed block is put back': (file, { removed }) => {
    const block = removed.at(-1);
    return block === undefined ? null : { ...file, blocks: [...file.blocks, block] };
  },
  'a block is added': (file, desk) => ({ ...file, blocks: [...file.blocks, newBlock(desk)] }),
  'a block is renamed, and the file says so': (file, { dice, freshName }) => {
    const block = anyBlock(file, dice, ({ targets }) => targets.length === 1);
    if (block === null) return null;
    const to = freshName();
    const renamed = withBlock(file, block, { ...block, name: to });
    return {
      ...renamed,
      moved: [...file.moved.filter((move) => move.to !== block.name), { from: block.name, to }],
    };
  },
  'a block is renamed without a word': (file, { dice, freshName }) => {
    const block = anyBlock(file, dice);
    return block && withBlock(file, block, { ...block, name: freshName() });
  },
  'names shift: a new first wave': (file, desk) => {
    const namesInOrder = [...file.blocks.map(({ name }) => name), desk.freshName()];
    const blocks = [newBlock(desk), ...file.blocks].map((block, i) => ({ ...block, name: namesInOrder[i]! }));
    return { ...file, blocks };
  },
  'names shift: the first wave goes': (file) => {
    if (file.blocks.length < 2) return null;
    const blocks = file.blocks.slice(1).map((block, i) => ({ ...block, name: file.blocks[i]!.name }));
    return { ...file, blocks };
  },
  'two blocks swap their targets': (file, { dice }) => {
    const two = twoBlocks(file, dice);
    if (two === null) return null;
    const [a, b] = two;
    return withBlock(withBlock(file, a, { ...a, targets: b.targets }), b, { ...b, targets: a.targets });
  },
  'two blocks swap their names': (file, { dice }) => {
    const two = twoBlocks(file, dice);
    if (two === null) return null;
    const [a, b] = two;
    return withBlock(withBlock(file, a, { ...a, name: b.name }), b, { ...b, name: a.name });
  },
  'one takes over: a goes, b asks for what a asked': (file, { dice }) => {
    const two = twoBlocks(file, dice);
    return two && withBlock(withBlock(file, two[0]), two[1], { ...two[0], name: two[1].name });
  },
  'targets are split into blocks': (file, { dice, freshName }) => {
    const block = anyBlock(file, dice, ({ targets }) => targets.length > 1);
    if (block === null) return null;
    const parts = block.targets.map((target, i) => ({
      ...block,
      name: i === 0 ? block.name : freshName(),
      targets: [target],
    }));
    return withBlock(file, block, ...parts);
  },
  'blocks are merged into one with two targets': (file, { dice, servers }) => {
    const block = anyBlock(file, dice, ({ targets }) => targets[0]!.kind !== 'servers');
    if (block === null) return null;
    const alike = file.blocks.find((other) => other !== block && isAlike(block, other));
    const target = alike?.targets[0] ?? aTarget(dice, servers);
    if (target.kind === 'servers') return null;
    const merged = withBlock(file, block, { ...block, targets: [...block.targets, target] });
    return alike === undefined
      ? merged
      : { ...merged, blocks: merged.blocks.filter((other) => other !== alike) };
  },
  'a revision is raised': (file, { dice }) => {
    const block = anyBlock(file, dice, ({ revision }) => revision !== null);
    return block && withBlock(file, block, { ...block, revision: block.revision! + 1 });
  },
  'a pause is changed': (file, { dice }) => {
    const block = anyBlock(file, dice);
    return block && withBlock(file, block, { ...block, paused: dice.pick([true, false, undefined]) });
  },
  'claims are changed': (file, { dice }) => ({
    ...file,
    claims: file.claims.length > 0 ? [] : [dice.pick(['21', '22'])],
  }),
};

function isAlike(one: Block, other: Block): boolean {
  const rest = ({ name: _name, targets: _targets, ...others }: Block) => JSON.stringify(others);
  return other.targets.length === 1 && other.targets[0]!.kind !== 'servers' && rest(one) === rest(other);
}

/** What the author does once the file names a template that no longer is, or is two: an id is beyond doubt. */
export function followRenames(file: File, { templates }: Desk): File {
  const isClearName = (name: string | null) =>
    name === null || templates.filter((one) => one.name === name).length === 1;
  const blocks = file.blocks.map((block) =>
    isClearName(block.template.name) ? block : { ...block, template: { ...block.template, name: null } },
  );
  return { ...file, blocks };
}

/** Also drops moves that are of no use any more: the file's own reader would refuse them. */
export function tidied(file: File): File {
  const named = new Set(file.blocks.map(({ name }) => name));
  return { ...file, moved: file.moved.filter(({ from, to }) => !named.has(from) && named.has(to)) };
}

/** `history`: every file before. */
export function isClear(file: File, history: readonly File[]): boolean {
  const blockNames = file.blocks.map(({ name }) => name);
  const wishes = wishesOf(file);
  const isUnique = (list: readonly string[]) => new Set(list).size === list.length;
  if (file.blocks.length === 0 || !isUnique(blockNames) || !isUnique(wishes.map(({ key }) => key)))
    return false;
  const all = [...wishes, ...history.flatMap(wishesOf)].filter(({ executeAt }) => executeAt !== null);
  return wishes.every((wish) =>
    all.every((other) => wish.key === other.key || wish.executeAt === null || !isNear(wish, other)),
  );
}

function isNear(
  one: ReturnType<typeof wishesOf>[number],
  other: ReturnType<typeof wishesOf>[number],
): boolean {
  const where = ({ target, block }: typeof one) => `${block.template.id} ${target.kind} ${target.ids.join()}`;
  return where(one) === where(other) && Math.abs(one.executeAt! - other.executeAt!) < 600;
}
