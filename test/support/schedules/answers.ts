/** What is at the API → the JSON text that it answers, as its documents say: bare integers of 19 digits included. */
import type { ApiResponse } from '../../../src/api/port.ts';
import { CANCELLED, DONE, FAILED, isOver, type MadeBatch, type MadeTask } from './account.ts';

export type CodeOf = (task: MadeTask) => number;

export function taskRow(task: MadeTask, codeOf: CodeOf): object {
  const code = codeOf(task);
  return {
    id: Number(task.id),
    name: task.name,
    batchId: Number(task.batchId),
    categoryId: 1,
    entityId: task.server,
    currentActionIdx: 0,
    executeAt: task.executeAt,
    lastActivityAt: code === 0 ? 0 : Math.floor(task.changedAt ?? 0),
    finishedAt: isOver(code) ? Math.floor(task.finishedAt ?? 0) : 0,
    resultCode: code,
    resultText: isOver(code) ? 'over' : '',
  };
}

export function batchRow(batch: MadeBatch, tasks: readonly MadeTask[], codeOf: CodeOf): object {
  const codes = tasks.map(codeOf);
  const count = (code: number) => codes.filter((one) => one === code).length;
  const ended = tasks.length > 0 && codes.every(isOver);
  return {
    id: Number(batch.id),
    createdAt: batch.createdAt,
    executeAt: batch.executeAt,
    finishedAt: ended ? Math.max(...tasks.map((task) => Math.floor(task.finishedAt ?? 0))) : 0,
    numTasks: tasks.length,
    numTasksOk: count(DONE),
    numTasksFailed: count(FAILED),
    numTasksCancelled: count(CANCELLED),
    taskIds: tasks.map((task) => Number(task.id)),
  };
}

export function json(value: unknown, now: number, status = 200): ApiResponse {
  const body = JSON.stringify(value).replace(/"entityId":"(\d+)"/g, '"entityId":$1');
  return { status, headers: { 'content-type': 'application/json', date: httpDate(now) }, body };
}

export function errorObject(status: number, message: string, now: number): ApiResponse {
  return json({ errorCode: 10_000 + status, errorMessage: message, errors: [] }, now, status);
}

/** A gateway's own words. It has no clock that could be believed, and names none. */
export function page(status: number): ApiResponse {
  const body = `<html><head><title>${status}</title></head><body>${status}</body></html>`;
  return { status, headers: { 'content-type': 'text/html' }, body };
}

function httpDate(now: number): string {
  return new Date(Math.floor(now) * 1000).toUTCString();
}
