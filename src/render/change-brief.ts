/**
 * A group of changes in as few lines as can be: what is done to how many, what changes, and to which kinds of targets.
 *
 * Invariant: every value that changes is told, and every target by name unless all of its block share the change.
 */
import { baseOf, blockOf, nameForAll } from '../model/addresses.ts';
import { groupBy } from '../model/group.ts';
import type { Change } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import type { Attribute, AttributeContext } from './attributes.ts';
import { isCounted } from './change-attributes.ts';
import { type ChangeGroup, toldGroup } from './change-groups.ts';
import type { Paint } from './color.ts';
import { displayWidth } from './display-width.ts';
import { rowAttributes } from './group-attributes.ts';
import { serversText, totalTasks } from './phrases.ts';
import { lineText, paintLine } from './spans.ts';
import { targetKinds } from './target-kinds.ts';

export interface ChangeContext extends AttributeContext {
  readonly paint: Paint;
  readonly width: number;
  /** How many targets each block has; undefined: the plan is of a part, so nobody knows. */
  readonly targetsOf?: ReadonlyMap<string, number>;
}

export interface Brief {
  /** Behind the head, in its sentence; safe, may be painted. */
  readonly words: readonly string[];
  /** What takes lines of its own. */
  readonly below: readonly Attribute[];
  /** Of each whose change is its own; empty where all share it. */
  readonly entries: readonly { readonly name: string; readonly own: readonly Attribute[] }[];
}

export function briefOf(group: ChangeGroup, given: ChangeContext): Brief {
  const context = { ...given, room: Math.max(given.room, ROOM_OF_A_DIFF) };
  const all = group.flat();
  const { shared, own } =
    group.length === 1
      ? { shared: rowAttributes(group[0], context), own: [[]] }
      : toldGroup(group, { ...context, isConcise: true });
  const isShared = own.every((attributes, index) =>
    attributes.every((one) => one.name === 'target' || !isNews(one, group[index]!)),
  );
  const isByKind = all.length > 1 && (isShared || group.length === 1) && areAll(all, context);
  const isToldBelow = isByKind || group.length === 1;
  const [inline, below] = parted(
    shared.filter((one) => isNews(one, all) && !(isToldBelow && isOneByOne(one, all))),
  );
  const words = inline.map((one) => wordsOf(one, context));
  if (isToldBelow) {
    const targets = all.length > 1 ? [targetsText(all, isByKind)] : [];
    return { words: [...words, ...targets], below, entries: [] };
  }
  const entries = group.map((row, index) => ({
    name: safeText(nameForAll(row.map((change) => change.address))),
    own: own[index]!.filter((one) => isNews(one, row)),
  }));
  return { words, below, entries };
}

/** What fits in a line of its own goes into the sentence. */
const INLINE_LINES = 4;
const INLINE_COLUMNS = 80;
/** Two times with their zones, and an arrow between them. */
const ROOM_OF_A_DIFF = 120;

function parted(attributes: readonly Attribute[]): [Attribute[], Attribute[]] {
  const isInline = ({ name, lines }: Attribute) => {
    if (ALWAYS_INLINE.has(name) && lines.length === 1) return true;
    const texts = lines.map(lineText);
    const width = texts.reduce((sum, text) => sum + displayWidth(text) + 2, 0);
    return (
      lines.length <= INLINE_LINES && width <= INLINE_COLUMNS && texts.every((text) => !text.startsWith(' '))
    );
  };
  return [attributes.filter(isInline), attributes.filter((one) => !isInline(one))];
}

const ALWAYS_INLINE: ReadonlySet<string> = new Set([
  'template',
  'target',
  'time',
  'executeAt',
  'tasks',
  'reason',
]);
/** What speaks for itself goes without its name. */
const BARE: ReadonlySet<string> = new Set(['template', 'target', 'time', 'tasks']);

function wordsOf({ name, lines }: Attribute, { paint }: ChangeContext): string {
  const value = lines.map((one) => paintLine(one, paint)).join(', ');
  const isDiff = lines.some((one) => one.length > 1);
  return BARE.has(name) && !isDiff ? value : `${name} ${value}`;
}

/**
 * That what is not there is created, and what differs replaced, goes without saying; so does what stays as it is, that
 * tasks which have not begun can be stopped, and what a count says.
 */
function isNews({ name, lines }: Attribute, changes: readonly Change[]): boolean {
  const [{ action } = { action: 'no-op' }] = changes;
  if (name === 'reason') return !changes.every(({ reason }) => reason === USUAL[action]);
  if (action === 'replace' && (name === 'template' || name === 'time')) return lines[0]!.length > 1;
  if (name === 'tasks' && action !== 'pause' && action !== 'resume') return !changes.every(isUntouched);
  if (name === 'instances') return lines.some((one) => /^[-+] /.test(lineText(one)));
  return true;
}

const USUAL: Readonly<Record<string, string>> = {
  create: 'no such batch exists',
  replace: 'changed in the file',
};

function isUntouched(change: Change): boolean {
  return 'tasks' in change && change.tasks.pending > 0 && totalTasks(change.tasks) === change.tasks.pending;
}

/** Several targets are told by their kinds, or by name. */
function isOneByOne({ name }: Attribute, changes: readonly Change[]): boolean {
  return (name === 'target' || name === 'servers') && changes.length > 1;
}

/** Does nothing of their blocks go on without this change? */
function areAll(changes: readonly Change[], { targetsOf }: ChangeContext): boolean {
  if (targetsOf === undefined) return false;
  const own = groupBy(changes, ({ address }) => blockOf(address));
  return [...own].every(([block, of]) => {
    const bases = new Set(of.map(({ address }) => baseOf(address)));
    return (targetsOf.get(block) ?? Number.POSITIVE_INFINITY) <= bases.size;
  });
}

/** `3 fleets, 2 regions, 9 game servers`; one of them, or not all of their block, by name. */
function targetsText(changes: readonly Change[], isByKind: boolean): string {
  const targets = groupBy(changes, targetOf);
  const texts = [...targets.values()].map(([change]) => change!.targetText);
  const names = [...new Set(texts)].map((text) => (text === '' ? 'unknown' : safeText(text, 200)));
  if (!isByKind || targets.size === 1) return names.join(', ');
  const servers = new Set(changes.map(serversText));
  const isSaid = servers.size > 1 || changes[0]!.servers === 1 || changes.every(isCounted);
  return `${targetKinds(texts)}${isSaid ? '' : ` (${eachText(changes[0]!)})`}`;
}

/** Two sets of game servers may read alike. What has no address of its own is told by its target alone. */
function targetOf(change: Change): string {
  return change.before === null && change.after === null ? change.targetText : baseOf(change.address);
}

function eachText(change: Change): string {
  return change.servers === null ? serversText(change) : `${serversText(change)} each`;
}
