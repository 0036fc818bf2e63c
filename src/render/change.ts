/** One change of a plan → its block: a head line with symbol and address, then aligned `name  value` lines. */
import type { Action, Change } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import type { Spec } from '../model/state.ts';
import { type Attribute, type AttributeContext, changedAttributes, paramsAttribute } from './attributes.ts';
import type { Style } from './color.ts';
import { displayWidth, padEnd, wrap } from './display-width.ts';
import { batchesText, countsText, serversText, stoppableText } from './phrases.ts';
import { formatTime, relativeTime } from './time.ts';

export interface ChangeContext extends AttributeContext {
  readonly width: number;
}

/** Columns before a block's names, and between the left margin and its values. */
const INDENT = 6;
const VALUE_AT = 17;

/** How many columns a value has on a line of `width`. */
export function roomForValues(width: number): number {
  return Math.max(20, width - VALUE_AT);
}

export function changeLines(change: Change, context: ChangeContext): string[] {
  const lines = [head(change, context)];
  for (const attribute of attributesOf(change, context)) lines.push(...attributeLines(attribute, context));
  return lines;
}

/** One dim line: for what stays as it is. */
export function unchangedLine(change: Change, context: ChangeContext): string {
  const about = change.batchIds.length === 0 ? '' : ` (${batchesText(change.batchIds)})`;
  const text = `    ${safeText(change.address, 200)}  unchanged: ${safeText(change.reason, 100)}${about}`;
  return context.paint('dim', text);
}

interface Look {
  readonly symbol: string;
  readonly style: Style;
  readonly verb: string;
}

const LOOKS: Readonly<Record<Action, Look>> = {
  create: { symbol: '+', style: 'green', verb: 'will be created' },
  cancel: { symbol: '-', style: 'red', verb: 'will be cancelled' },
  replace: { symbol: '-/+', style: 'yellow', verb: 'will be replaced' },
  pause: { symbol: '~', style: 'yellow', verb: 'will be paused' },
  resume: { symbol: '~', style: 'yellow', verb: 'will be resumed' },
  adopt: { symbol: '<-', style: 'cyan', verb: 'will be adopted' },
  missed: { symbol: '!', style: 'yellow', verb: 'is missed: too late to be created' },
  forget: { symbol: '', style: 'dim', verb: 'will be forgotten' },
  'no-op': { symbol: '', style: 'dim', verb: 'is unchanged' },
};

function head(change: Change, { paint, width }: ChangeContext): string {
  const look = LOOKS[change.action];
  // The batches of a create are those that it comes after.
  const relation = change.action === 'create' ? 'after ' : '';
  const about = change.batchIds.length === 0 ? '' : ` (${relation}${batchesText(change.batchIds)})`;
  const address = safeText(change.address, 200);
  const symbol = paint(look.style, look.symbol.padStart(3));
  const rest = `${look.verb}${about}`;
  const isLong = 6 + displayWidth(address) + displayWidth(rest) > width;
  const separator = isLong ? `\n${' '.repeat(INDENT)}` : '  ';
  return `${symbol} ${paint('bold', address)}${separator}${paint('dim', rest)}`;
}

function attributesOf(change: Change, context: ChangeContext): Attribute[] {
  switch (change.action) {
    case 'create':
      return [
        ...standing(change, change.after, context),
        ...optional(paramsAttribute(change.after)),
        ...revision(change.after),
        ...flags(change),
        reason(change),
      ];
    case 'missed':
      return [...standing(change, change.after, context), reason(change)];
    case 'cancel':
      return [...standing(change, change.before, context), stoppable(change), reason(change)];
    case 'replace':
      return [
        ...differing(change, change.before, change.after, context),
        stoppable(change),
        ...flags(change),
        reason(change),
      ];
    case 'pause':
    case 'resume':
      return [
        ...differing(change, change.before, change.after, context),
        { name: 'tasks', lines: [countsText(change.tasks)], isProse: true },
        reason(change),
      ];
    case 'adopt':
      return [
        ...(change.before === null
          ? standing(change, change.after, context)
          : differing(change, change.before, change.after, context)),
        { name: 'tasks', lines: [countsText(change.tasks)], isProse: true },
        ...(change.from === null ? [] : [{ name: 'from', lines: [safeText(change.from, 200)] }]),
        reason(change),
      ];
    default:
      return [reason(change)];
  }
}

/** Template, target and time as they are; of an unmanaged batch (no spec) only what is known. */
function standing(change: Change, spec: Spec | null, context: ChangeContext): Attribute[] {
  const target = targetAttribute(change);
  if (spec === null) return [target];
  return [templateAttribute(spec), target, timeAttribute(spec, context)];
}

/** What stays first, then what differs, so that a diff is never without its setting. */
function differing(change: Change, before: Spec, after: Spec, context: ChangeContext): Attribute[] {
  const changed = changedAttributes(before, after, context);
  const isChanged = (name: string) => changed.some((attribute) => attribute.name === name);
  return [
    ...(isChanged('template') ? [] : [templateAttribute(after)]),
    targetAttribute(change),
    ...(isChanged('executeAt') ? [] : [timeAttribute(after, context)]),
    ...changed,
  ];
}

function templateAttribute(spec: Spec): Attribute {
  return { name: 'template', lines: [safeText(spec.template.name, 200)] };
}

function targetAttribute(change: Change): Attribute {
  const target = safeText(change.targetText, 200);
  return {
    name: 'target',
    lines: [`${target === '' ? 'unknown' : target} (${serversText(change.servers)})`],
  };
}

function timeAttribute(spec: Spec, { timezone, now }: ChangeContext): Attribute {
  if (spec.executeAt === null) return { name: 'time', lines: ['once, when applied'] };
  const time = `${formatTime(spec.executeAt, timezone)}, ${relativeTime(spec.executeAt, now)}`;
  return { name: 'time', lines: [time] };
}

function stoppable(change: Change & { tasks: Parameters<typeof stoppableText>[0] }): Attribute {
  return { name: 'tasks', lines: [stoppableText(change.tasks)], isProse: true };
}

function revision(spec: Spec): Attribute[] {
  return spec.revision === null ? [] : [{ name: 'revision', lines: [String(spec.revision)] }];
}

function flags(change: Change): Attribute[] {
  const attributes: Attribute[] = [];
  if ('paused' in change && change.paused) {
    attributes.push({ name: 'paused', lines: ['yes, as soon as it is created'] });
  }
  if ('preventCancel' in change && change.preventCancel) {
    attributes.push({ name: 'protected', lines: ['yes, by preventCancel'] });
  }
  return attributes;
}

function reason(change: Change): Attribute {
  return { name: 'reason', lines: [safeText(change.reason, 300)], isProse: true };
}

function optional(attribute: Attribute | null): Attribute[] {
  return attribute === null ? [] : [attribute];
}

/** The first line follows the name, the others stand below it. */
function attributeLines(attribute: Attribute, { paint, width }: ChangeContext): string[] {
  const room = roomForValues(width);
  const values = attribute.isProse ? attribute.lines.flatMap((line) => wrap(line, room)) : attribute.lines;
  const nameRoom = VALUE_AT - INDENT;
  const name = paint('dim', padEnd(attribute.name, nameRoom));
  return values.map((line, index) => (index === 0 ? ' '.repeat(INDENT) + name : ' '.repeat(VALUE_AT)) + line);
}
