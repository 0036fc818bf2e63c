/** A POST body → a batch with one task per game server, or what is wrong with the body. */
import type { Pace } from './simulate.ts';
import { hash, type SandboxBatch, type SandboxRecord, type SandboxTemplate, type World } from './world.ts';

export interface BodyError {
  readonly property: string;
  readonly message: string;
}

export interface CreateBody {
  readonly taskTemplateId: string;
  readonly applicationInstanceIds?: readonly string[];
  readonly fleetId?: string;
  readonly regionId?: string;
  readonly executeAt?: number;
  readonly labels?: readonly { readonly key: string; readonly value: string }[];
  readonly taskActionParam?: readonly { readonly paramName: string; readonly paramValue: string }[];
}

/** Empty: the body is well. Fields that the API doesn't know are passed over. */
export function checkBody(body: unknown, world: World): BodyError[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return [{ property: '', message: 'an object is expected' }];
  }
  const fields = body as Record<string, unknown>;
  const errors: BodyError[] = [];
  const wrong = (property: string, message: string) => errors.push({ property, message });
  const template = world.templates.find((one) => String(one.id) === fields.taskTemplateId);
  if (typeof fields.taskTemplateId !== 'string') wrong('taskTemplateId', 'a string is required');
  else if (template === undefined) wrong('taskTemplateId', 'unknown task template');
  checkTargets(fields, world, wrong);
  if (fields.executeAt !== undefined && !isInt32(fields.executeAt))
    wrong('executeAt', 'a 32-bit integer is expected');
  checkParams(fields.taskActionParam, template, wrong);
  return errors;
}

export interface CreateContext {
  readonly world: World;
  /** Unix seconds of the sandbox's clock. */
  readonly now: number;
  readonly pace: Pace;
  /** Who makes it, where it is not a request to the API. */
  readonly madeBy?: string;
}

/** `body` has been checked. The targets add up: a union. */
export function createBatch(
  record: SandboxRecord,
  body: CreateBody,
  { world, now, pace, madeBy }: CreateContext,
): SandboxBatch {
  const template = world.templates.find((one) => String(one.id) === body.taskTemplateId)!;
  const executeAt = body.executeAt ?? now;
  const batchId = String(record.nextBatch);
  record.nextBatch += 1 + (hash(`${record.seed}/${batchId}`) % 5);
  const start = Math.max(executeAt, now);
  const taskIds = targetedServers(world, body).map((server) => {
    const id = String(record.nextTask);
    record.nextTask += 1;
    // A host agent takes its next task when it looks for one: not all begin in the same second.
    const startsAt = start + (hash(`${record.seed}/${id}/start`) % (pace.staggerSeconds + 1));
    record.tasks[id] = {
      id,
      batchId,
      templateId: template.id,
      entityId: server.id,
      startsAt,
      pausedAt: null,
      pausedFor: 0,
      cancelledAt: null,
    };
    return id;
  });
  const batch: SandboxBatch = {
    id: batchId,
    createdAt: now,
    executeAt,
    templateId: template.id,
    taskIds,
    request: body,
    ...(madeBy === undefined ? {} : { madeBy }),
    ...(record.listReads === undefined ? {} : { listReads: record.listReads }),
  };
  record.batches.push(batch);
  return batch;
}

export function requiredParams(template: SandboxTemplate): string[] {
  return template.actions.flatMap((action) => action.requiredParams);
}

/** In the world's order, each once. */
export function targetedServers(world: World, body: CreateBody): World['servers'][number][] {
  const named = new Set(body.applicationInstanceIds);
  return world.servers.filter(
    (server) =>
      server.fleetId === body.fleetId ||
      server.regionId === body.regionId ||
      named.has(server.id) ||
      body.labels?.some(({ key, value }) => server.labels[key] === value),
  );
}

type Wrong = (property: string, message: string) => void;

function checkTargets(fields: Record<string, unknown>, world: World, wrong: Wrong): void {
  const { fleetId, regionId, applicationInstanceIds: ids, labels } = fields;
  if ([fleetId, regionId, ids, labels].every(isNothing)) {
    wrong('', 'one of applicationInstanceIds, fleetId, regionId and labels is required');
  }
  if (fleetId !== undefined && !world.fleets.some((fleet) => fleet.id === fleetId))
    wrong('fleetId', 'unknown fleet');
  if (regionId !== undefined && !world.regions.some((region) => region.id === regionId)) {
    wrong('regionId', 'unknown region');
  }
  if (ids !== undefined && !Array.isArray(ids)) wrong('applicationInstanceIds', 'an array is expected');
  const known = new Set<unknown>(world.servers.map((server) => server.id));
  for (const id of Array.isArray(ids) ? ids : []) {
    if (!known.has(id)) wrong('applicationInstanceIds', `unknown application instance ${String(id)}`);
  }
  if (labels !== undefined && !isListOf(labels, ['key', 'value'])) {
    wrong('labels', 'an array of { key, value } is expected');
  }
}

function checkParams(params: unknown, template: SandboxTemplate | undefined, wrong: Wrong): void {
  if (params !== undefined && !isListOf(params, ['paramName', 'paramValue'])) {
    wrong('taskActionParam', 'an array of { paramName, paramValue } is expected');
    return;
  }
  const given = new Set((params as CreateBody['taskActionParam'])?.map((param) => param.paramName));
  for (const name of template === undefined ? [] : requiredParams(template)) {
    if (!given.has(name)) wrong('taskActionParam', `${name} is required`);
  }
}

function isNothing(target: unknown): boolean {
  return target === undefined || (Array.isArray(target) && target.length === 0);
}

function isListOf(value: unknown, fields: readonly string[]): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => fields.every((field) => typeof (item as never)?.[field] === 'string'))
  );
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && (value | 0) === value;
}
