/** One change of a plan → its attributes, as data: the same on a terminal, in a comment and on a page. */
import type { Change, ClaimedCancel } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import type { Spec } from '../model/state.ts';
import {
  type Attribute,
  type AttributeContext,
  changedAttributes,
  instancesAttribute,
  paramsAttribute,
} from './attributes.ts';
import { counted, countsText, serversText, stoppableText } from './phrases.ts';
import { shownTimes } from './shown-times.ts';
import { line } from './spans.ts';
import { serversNamed } from './target-kinds.ts';
import { formatTime, relativeTime } from './time.ts';

/** What is to be known of a change, in a fixed order. */
export function changeAttributes(change: Change, context: AttributeContext): Attribute[] {
  switch (change.action) {
    case 'create':
      return [
        ...standing(change, change.after, context),
        ...optional(paramsAttribute(change.after, context)),
        ...revision(change.after),
        ...flags(change),
        reason(change, context),
      ];
    case 'missed':
      return [...standing(change, change.after, context), reason(change, context)];
    case 'cancel':
      return [
        ...(change.before === null ? claimed(change, context) : standing(change, change.before, context)),
        stoppable(change),
        ...flags(change),
        reason(change, context),
      ];
    case 'replace':
      return [
        ...differing(change, change.before, change.after, context),
        stoppable(change),
        ...flags(change),
        reason(change, context),
      ];
    case 'pause':
    case 'resume':
      return [
        ...differing(change, change.before, change.after, context),
        { name: 'tasks', lines: [line(countsText(change.tasks))], isProse: true },
        reason(change, context),
      ];
    case 'adopt':
      return [
        ...standing(change, change.after, context),
        { name: 'tasks', lines: [line(countsText(change.tasks))], isProse: true },
        ...toggle(change.toggle),
        reason(change, context),
      ];
    default:
      return [reason(change, context)];
  }
}

/** Template, target and time as they are. */
function standing(change: Change, spec: Spec, context: AttributeContext): Attribute[] {
  return [
    templateAttribute(spec, context),
    targetAttribute(change, context),
    ...optional(instancesAttribute(spec, context)),
    timeAttribute(spec, context),
  ];
}

function claimed(change: ClaimedCancel, context: AttributeContext): Attribute[] {
  const { template, executeAt } = change.unmanaged;
  return [
    { name: 'template', lines: [line(text(template ?? 'unknown', 200, context))] },
    targetAttribute(change, context),
    { name: 'time', lines: [line(executeAt === null ? 'once, when created' : timeText(executeAt, context))] },
  ];
}

/** What stays first, then what differs, so that a diff is never without its setting. */
function differing(change: Change, before: Spec, after: Spec, context: AttributeContext): Attribute[] {
  const changed = changedAttributes(before, after, context);
  const isChanged = (name: string) => changed.some((attribute) => attribute.name === name);
  return [
    ...(isChanged('template') ? [] : [templateAttribute(after, context)]),
    targetAttribute(change, context),
    ...(isChanged('instances') ? [] : optional(instancesAttribute(after, context))),
    ...(isChanged('executeAt') ? [] : [timeAttribute(after, context)]),
    ...changed,
  ];
}

function templateAttribute(spec: Spec, context: AttributeContext): Attribute {
  return { name: 'template', lines: [line(text(spec.template.name, 200, context))] };
}

function targetAttribute(change: Change, context: AttributeContext): Attribute {
  const target = text(change.targetText, 200, context);
  const told = target === '' ? 'unknown' : target;
  return { name: 'target', lines: [line(isCounted(change) ? told : `${told} (${serversText(change)})`)] };
}

/** Does the target say itself how many game servers it is? */
export function isCounted(change: Change): boolean {
  const { targetText, servers } = change;
  const told = serversNamed(targetText);
  return told !== null && told === servers && serversText(change) === counted(servers, 'game server');
}

function timeAttribute({ executeAt }: Spec, context: AttributeContext): Attribute {
  const time = executeAt === null ? 'once, when applied' : timeText(executeAt, context);
  return { name: 'time', lines: [line(time)] };
}

function timeText(time: number, { timezone, now }: AttributeContext): string {
  return `${formatTime(time, timezone)}, ${relativeTime(time, now)}`;
}

function stoppable(change: Change & { tasks: Parameters<typeof stoppableText>[0] }): Attribute {
  return { name: 'tasks', lines: [line(stoppableText(change.tasks))], isProse: true };
}

function revision(spec: Spec): Attribute[] {
  return spec.revision === null ? [] : [{ name: 'revision', lines: [line(String(spec.revision))] }];
}

function flags(change: Change): Attribute[] {
  const attributes: Attribute[] = [];
  if ('paused' in change && change.paused) {
    attributes.push({ name: 'paused', lines: [line('yes, as soon as it is created')] });
  }
  if ('preventCancel' in change && change.preventCancel) {
    attributes.push({ name: 'protected', lines: [line('yes, by preventCancel')] });
  }
  return attributes;
}

/** What an adopted batch needs besides. */
function toggle(what: 'pause' | 'resume' | null): Attribute[] {
  if (what === null) return [];
  const text = what === 'pause' ? 'yes, as soon as it is adopted' : 'no longer, as soon as it is adopted';
  return [{ name: 'paused', lines: [line(text)] }];
}

function reason(change: Change, context: AttributeContext): Attribute {
  return {
    name: 'reason',
    lines: [line(text(shownTimes(change.reason, context.timezone), 300, context))],
    isProse: true,
  };
}

/** Cut where there is no room for all of it; how much was cut is said. */
function text(whole: string, most: number, { isWhole }: AttributeContext): string {
  const safe = safeText(whole);
  if (isWhole || safe.length <= most) return safe;
  const cut = safeText(whole, most);
  return `${cut} (${safe.length - cut.length + 1} more characters)`;
}

function optional(attribute: Attribute | null): Attribute[] {
  return attribute === null ? [] : [attribute];
}
