/** What the sandbox says, as the API would write it: ids of game servers beyond 2^53 as bare integers. */
import { stringify } from 'lossless-json';
import { momentOf, type Rules, type TaskMoment } from './simulate.ts';
import type { SandboxBatch, SandboxRecord, SandboxTask, SandboxTemplate, World } from './world.ts';

/** In which of the ways that the sources of the API tell of it answers. */
export interface WireStyle {
  /** How an answer of one object is wrapped. */
  readonly shape: 'array' | 'object';
  /** How a time that has not come is written. */
  readonly notYet: 'zero' | 'null' | 'absent';
  /** How a template's required parameters are written: their names, or an object (name → description). */
  readonly requiredParams: 'names' | 'object';
  /** Adds fields that nobody knows. */
  readonly extraFields: boolean;
}

export interface View {
  readonly world: World;
  readonly record: SandboxRecord;
  readonly now: number;
  readonly rules: Rules;
  readonly style: WireStyle;
}

export function taskMoment(task: SandboxTask, view: View): TaskMoment {
  const template = view.world.templates.find((one) => one.id === task.templateId)!;
  return momentOf(task, template, view.now, view.rules);
}

export function taskOnWire(task: SandboxTask, view: View): object {
  const moment = taskMoment(task, view);
  const batch = view.record.batches.findLast((one) => one.id === task.batchId)!;
  return {
    id: BigInt(task.id),
    name: view.world.templates.find((one) => one.id === task.templateId)!.name,
    batchId: BigInt(task.batchId),
    categoryId: 1,
    entityId: BigInt(task.entityId),
    currentActionIdx: moment.currentActionIdx,
    executeAt: batch.executeAt,
    ...time('lastActivityAt', moment.lastActivityAt, view.style),
    ...time('finishedAt', moment.finishedAt, view.style),
    resultCode: moment.resultCode,
    resultText: moment.resultText,
    ...extra(view.style),
  };
}

export function batchOnWire(batch: SandboxBatch, view: View): object {
  const moments = batch.taskIds.map((id) => taskMoment(view.record.tasks[id]!, view));
  const count = (code: number) => moments.filter((moment) => moment.resultCode === code).length;
  const ends = moments.map((moment) => moment.finishedAt);
  const isOver = ends.every((end) => end !== null) && (ends.length > 0 || batch.executeAt <= view.now);
  return {
    id: BigInt(batch.id),
    createdAt: batch.createdAt,
    executeAt: batch.executeAt,
    ...time(
      'finishedAt',
      isOver ? ends.reduce<number>((max, end) => Math.max(max, end ?? 0), batch.executeAt) : null,
      view.style,
    ),
    numTasks: moments.length,
    numTasksOk: count(127),
    numTasksFailed: count(126),
    numTasksCancelled: count(125),
    taskIds: batch.taskIds.map(BigInt),
    ...extra(view.style),
  };
}

export function templateOnWire(template: SandboxTemplate, style: WireStyle): object {
  const { id, name, description } = template;
  const actions = template.actions.map(({ actionType, requiredParams }, idx) => ({
    idx,
    actionType,
    requiredParams: style.requiredParams === 'names' ? requiredParams : describedParams(requiredParams),
  }));
  return { id, name, description, actions, ...extra(style) };
}

/** PHP knows no empty object: it is an empty list. */
function describedParams(names: readonly string[]): object {
  if (names.length === 0) return [];
  return Object.fromEntries(names.map((name) => [name, `What ${name} is.`]));
}

/** lossless-json writes a bigint as the integer that it is. */
export function toText(value: unknown): string {
  return stringify(value) ?? 'null';
}

function time(name: string, value: number | null, style: WireStyle): object {
  if (value !== null) return { [name]: value };
  if (style.notYet === 'absent') return {};
  return { [name]: style.notYet === 'zero' ? 0 : null };
}

/** Fields that a later version of the API may have. */
export function extra(style: WireStyle): object {
  return style.extraFields ? { futureField: { since: 'v4' }, flags: [1, 2] } : {};
}
