/**
 * Lossless JSON → the one shape that `schemas/api-answers.schema.json` describes, whatever variant the API chose.
 *
 * Invariant: a value of the wrong kind is passed on as it is, so that the schema rejects it with its own words;
 * nothing is guessed here. Only the fields that are named here go on.
 */
import { isLosslessNumber } from 'lossless-json';
import type { Lossless } from './answer-text.ts';

type Field = (value: Lossless | undefined) => unknown;
export type Shape = Readonly<Record<string, Field>>;

const plain: Field = (value) => {
  if (isLosslessNumber(value)) {
    const number = Number(value.toString());
    // One that a double doesn't hold stays text: no schema of a number takes that.
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? value.toString() : number;
  }
  return value;
};
const id: Field = (value) => (isLosslessNumber(value) ? value.toString() : value);
const idOrNone: Field = (value) => {
  const text = id(value) ?? null;
  return text === '' || text === '0' ? null : text;
};
const time: Field = (value) => {
  const number = plain(value) ?? null;
  return number === 0 ? null : number;
};
const index: Field = (value) => plain(value) ?? null;
const count: Field = (value) => (value === undefined ? 0 : plain(value));
const text: Field = (value) => plain(value) ?? '';
const list =
  (item: Field): Field =>
  (value) =>
    isArray(value) ? value.map(item) : plain(value);
/** Of wrong items, so many are enough to say so: each more is an error object, and a list may have a million. */
const MOST_WRONG = 100;
const listOf =
  (item: Field, isRight: (value: unknown) => boolean): Field =>
  (value) => {
    if (!isArray(value)) return plain(value);
    const items: unknown[] = [];
    for (let at = 0, wrong = 0; at < value.length && wrong < MOST_WRONG; at += 1) {
      const found = item(value[at]);
      if (!isRight(found)) wrong += 1;
      items.push(found);
    }
    return items;
  };
const isId = (value: unknown) => typeof value === 'string' && /^\d{1,20}$/.test(value);
const isText = (value: unknown) => typeof value === 'string';
/** A list of names, or an object (name → description). PHP writes an empty object as an empty list. */
const names: Field = (value) =>
  value !== undefined && isObject(value) ? Object.keys(value) : listOf(plain, isText)(value);
const object =
  (shape: Shape): Field =>
  (value) => {
    if (value === undefined || !isObject(value)) return plain(value);
    const known: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(shape)) {
      const found = field(Object.hasOwn(value, name) ? value[name] : undefined);
      if (found !== undefined) known[name] = found;
    }
    return known;
  };
const optional =
  (field: Field, absent: unknown): Field =>
  (value) =>
    value === undefined || value === null ? absent : field(value);

export const templateShape: Shape = {
  id,
  name: plain,
  description: text,
  actions: optional(list(object({ requiredParams: optional(names, []) })), null),
};

export const taskShape: Shape = {
  id,
  name: text,
  batchId: id,
  entityId: id,
  resultCode: plain,
  resultText: text,
  currentActionIdx: index,
  executeAt: time,
  lastActivityAt: time,
  finishedAt: time,
};

export const batchShape: Shape = {
  id,
  createdAt: time,
  executeAt: time,
  finishedAt: time,
  numTasks: plain,
  numTasksOk: count,
  numTasksFailed: count,
  numTasksCancelled: count,
  taskIds: listOf(id, isId),
};

export const instanceShape: Shape = { id, fleetId: idOrNone, regionId: idOrNone };

export const fleetShape: Shape = { id, name: text };

/** A bare object counts as an array of one. */
export function normalise(answer: Lossless, shape: Shape): unknown {
  const items = isObject(answer) ? [answer] : answer;
  return list(object(shape))(items);
}

function isArray(value: Lossless | undefined): value is readonly Lossless[] {
  return Array.isArray(value);
}

function isObject(value: Lossless): value is { readonly [key: string]: Lossless } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}
