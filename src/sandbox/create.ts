/** A POST body → a batch with one task per game server, or what is wrong with the body. */
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
  if (template !== undefined) {
    const params = Array.isArray(fields.taskActionParam) ? fields.taskActionParam : [];
    const given = new Set(params.map((param: { paramName?: unknown } | null) => param?.paramName));
    for (const name of requiredParams(template)) {
      if (!given.has(name)) wrong('taskActionParam', `${name} is required`);
    }
  }
  return errors;
}

/** The targets add up: a union. */
export function createBatch(
  record: SandboxRecord,
  world: World,
  body: CreateBody,
  now: number,
): SandboxBatch {
  const template = world.templates.find((one) => String(one.id) === body.taskTemplateId)!;
  const executeAt = body.executeAt ?? now;
  const batchId = String(record.nextBatch);
  record.nextBatch += 1 + (hash(`${record.seed}/${batchId}`) % 5);
  const start = Math.max(executeAt, now);
  const taskIds = world.servers
    .filter((server) => isTargeted(server, body))
    .map((server) => {
      const id = String(record.nextTask);
      record.nextTask += 1;
      // A host agent takes its next task when it looks for one: not all begin in the same second.
      const startsAt = start + (hash(`${record.seed}/${id}/start`) % 12);
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
  const batch = { id: batchId, createdAt: now, executeAt, templateId: template.id, taskIds, request: body };
  record.batches.push(batch);
  return batch;
}

export function requiredParams(template: SandboxTemplate): string[] {
  return template.actions.flatMap((action) => action.requiredParams);
}

function isTargeted(server: World['servers'][number], body: CreateBody): boolean {
  return (
    server.fleetId === body.fleetId ||
    server.regionId === body.regionId ||
    (body.applicationInstanceIds?.includes(server.id) ?? false) ||
    (body.labels?.some(({ key, value }) => server.labels[key] === value) ?? false)
  );
}

function checkTargets(
  fields: Record<string, unknown>,
  world: World,
  wrong: (property: string, message: string) => void,
): void {
  const { fleetId, regionId, applicationInstanceIds: ids, labels } = fields;
  if ([fleetId, regionId, ids, labels].every((target) => target === undefined)) {
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
  if (labels !== undefined && !Array.isArray(labels)) wrong('labels', 'an array is expected');
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
}
