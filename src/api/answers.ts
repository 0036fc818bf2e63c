/**
 * An answer's text → the model's types: parsed without loss, normalised, checked against the schema, and only then
 * believed. Each function throws `UnreadableAnswer`, which names the first wrong fields: `[3].batchId: found "abc",
 * expected a number`.
 */
import type { ErrorObject } from 'ajv';
import {
  validateBatches,
  validateFleets,
  validateInstances,
  validateTasks,
  validateTemplates,
} from '../generated/api-answers.js';
import type { Id } from '../model/ids.ts';
import {
  type Batch,
  type Fleet,
  type Instance,
  LIST_LIMIT,
  type Listed,
  type Task,
  type TaskPhase,
  type Template,
} from '../model/observed.ts';
import { safeText } from '../model/safe-text.ts';
import { parseAnswer, UnreadableAnswer } from './answer-text.ts';
import type { Shape } from './normalise.ts';
import { batchShape, fleetShape, instanceShape, normalise, taskShape, templateShape } from './normalise.ts';

interface Validator {
  (answer: unknown): boolean;
  errors?: ErrorObject[] | null;
}

type Read<T> = (text: string) => T[];

const PHASES: Readonly<Record<number, TaskPhase>> = {
  0: 'pending',
  1: 'running',
  2: 'paused',
  125: 'cancelled',
  126: 'failed',
  127: 'done',
};

export const readTemplates: Read<Template> = (text) =>
  checked<Omit<Template, 'requiredParams'> & { actions: { requiredParams: string[] }[] | null }>(
    text,
    templateShape,
    validateTemplates,
  ).map(({ actions, ...template }) => ({
    ...template,
    requiredParams:
      actions === null ? null : [...new Set(actions.flatMap((action) => action.requiredParams))],
  }));

export const readTasks: Read<Task> = (text) =>
  checked<Omit<Task, 'phase'>>(text, taskShape, validateTasks).map((task) => ({
    ...task,
    phase: PHASES[task.resultCode] ?? 'unknown',
  }));

export const readBatches: Read<Batch> = (text) => checked<Batch>(text, batchShape, validateBatches);

export const readInstances: Read<Instance> = (text) =>
  checked<Instance>(text, instanceShape, validateInstances);

export const readFleets: Read<Fleet> = (text) => checked<Fleet>(text, fleetShape, validateFleets);

/**
 * The answer of an endpoint of many: rows with one id are one, the last of them. A list that changes while it is
 * written may show a row twice, and what is there once must not look like two.
 */
export function readRows<T extends { readonly id: Id }>(read: Read<T>, text: string): T[] {
  return onePerId(read(text));
}

/** `readRows`, of a list that shows the last `LIST_LIMIT` only. */
export function readListed<T extends { readonly id: Id }>(read: Read<T>, text: string): Listed<T> {
  const rows = read(text);
  return Object.assign(onePerId(rows), { isFull: rows.length >= LIST_LIMIT });
}

function onePerId<T extends { readonly id: Id }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** The answer of an endpoint of one object; `askedFor`: the id that it has to bear, where one was asked for. */
export function readOne<T extends { readonly id: Id }>(read: Read<T>, text: string, askedFor: Id | null): T {
  const items = read(text);
  const [only] = items;
  if (only === undefined || items.length > 1) {
    throw new UnreadableAnswer(`found ${items.length} objects, expected one`);
  }
  if (askedFor !== null && only.id !== askedFor) {
    throw new UnreadableAnswer(`[0].id: found ${only.id}, expected ${askedFor}, which was asked for`);
  }
  return only;
}

function checked<T>(text: string, shape: Shape, validate: Validator): T[] {
  const answer = normalise(parseAnswer(text), shape);
  if (validate(answer)) return answer as T[];
  throw new UnreadableAnswer(findings(validate.errors ?? []));
}

const SHOWN = 3;

function findings(errors: readonly ErrorObject[]): string {
  const byPlace = new Map<string, string>();
  for (const error of errors) {
    const place = fieldPath(error);
    if (!byPlace.has(place)) byPlace.set(place, finding(place, error));
  }
  const rest = byPlace.size - SHOWN;
  const shown = [...byPlace.values()].slice(0, SHOWN).join('; ');
  return rest > 0 ? `${shown}; and ${rest} more` : shown;
}

function finding(place: string, error: ErrorObject): string {
  const where = place === '' ? '' : `${place}: `;
  if (error.keyword === 'required') return `${where}missing`;
  return `${where}found ${shownValue(error.data)}, expected ${error.parentSchema?.title}`;
}

/** `/3/taskIds/0` → `[3].taskIds[0]` */
function fieldPath(error: ErrorObject): string {
  const missing = error.keyword === 'required' ? `/${error.params.missingProperty}` : '';
  return `${error.instancePath}${missing}`
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('');
}

function shownValue(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `"${safeText(value, 60)}"` : String(value);
}
