/**
 * Small builders with sensible defaults for what `plan/` reads: one says only what a test is about. Ids have the 19
 * digits of the real ones. Times are unix seconds.
 */
import { parseOccurrence } from '../../src/model/addresses.ts';
import type { Desired, DesiredBatch, DesiredBlock, DesiredFreeze, Targets } from '../../src/model/desired.ts';

import type { Id } from '../../src/model/ids.ts';
import type {
  Inventory,
  Observation,
  ObservedBatch,
  Task,
  TaskPhase,
  Template,
} from '../../src/model/observed.ts';
import type { Freeze, Schedule } from '../../src/model/schedule.ts';
import type { Intent, Spec, State, StateEntry } from '../../src/model/state.ts';
import type { PlanInput } from '../../src/plan/input.ts';
import { plan } from '../../src/plan/plan.ts';
import { WHOLE } from '../../src/plan/review/selection.ts';
import { specDigest } from '../../src/plan/world/spec.ts';
import { createWorld, type World, type WorldInput } from '../../src/plan/world/world.ts';

/** 2026-11-30 23:40 in Amsterdam. */
export const NOW = Date.UTC(2026, 10, 30, 22, 40) / 1000;
export const AT = Date.UTC(2026, 11, 1, 3, 0) / 1000;
export const EU = '1394296486561117717';
export const US = '1394296486561117718';
export const AMS = '42';

export const RESTART: Template = {
  id: '1',
  name: 'Restart game server',
  description: '',
  requiredParams: [],
};
export const DEPLOY: Template = {
  id: '2',
  name: 'Deploy build',
  description: '',
  requiredParams: ['buildId'],
};
export const COLLECT: Template = { id: '3', name: 'Collect logs', description: '', requiredParams: null };
export const TEMPLATES = [RESTART, DEPLOY, COLLECT];

/** The nth game server of a row: `server(101)` … */
export function server(n: number): Id {
  return `62683496080025${String(n).padStart(5, '0')}`;
}

export function servers(first: number, count: number): Id[] {
  return Array.from({ length: count }, (_, i) => server(first + i));
}

/** Four in eu, three in us, two in ams; eu and us have nothing in common, the second of ams is eu's first. */
export const EU_SERVERS = servers(101, 4);
export const US_SERVERS = servers(201, 3);
export const AMS_SERVERS = [server(301), server(101)];

export const INVENTORY: Inventory = {
  fleets: { [EU]: EU_SERVERS, [US]: US_SERVERS },
  regions: { [AMS]: AMS_SERVERS },
  homes: null,
  unavailable: null,
};

export const NO_INVENTORY: Inventory = {
  fleets: {},
  regions: {},
  homes: null,
  unavailable: 'GET /v3/applicationInstance: 403',
};

export function targets(fields: Partial<Targets> = {}): Targets {
  return { fleets: [], regions: [], instances: [], labels: [], ...fields };
}

export function onFleet(...fleets: Id[]): Targets {
  return targets({ fleets });
}

export function desiredBatch(address: string, fields: Partial<DesiredBatch> = {}): DesiredBatch {
  return {
    address,
    block: address.replace(/\[.*/, ''),
    template: { name: RESTART.name },
    targets: onFleet(EU),
    targetText: 'fleet eu',
    executeAt: AT,
    params: [],
    revision: null,
    occurrence: null,
    isKept: false,
    cutBy: null,
    spreadUntil: null,
    startingDeadline: 300,
    paused: undefined,
    preventCancel: false,
    at: place(4),
    templateAt: place(5),
    paramsAt: new Map(),
    ...fields,
  };
}

function place(line: number) {
  const range = { file: '/repo/fleetform.yaml', line, column: 3, endLine: line, endColumn: 9 };
  return { range, snippet: `  line ${line}` };
}

/** The block that such a batch is made of. */
export function blockOf({
  executeAt,
  revision,
  occurrence: _,
  isKept: __,
  ...block
}: DesiredBatch): DesiredBlock {
  return { ...block, when: executeAt === null ? { kind: 'once', revision } : { kind: 'at', executeAt } };
}

/** What the file asks for at that address; undefined: nothing. */
export function batchOf({ blocks }: Pick<Desired, 'blocks'>, address: string): DesiredBatch | undefined {
  const occurrence = parseOccurrence(address);
  const block = blocks.find((one) => one.address === (occurrence?.base ?? address));
  if (block === undefined) return undefined;
  const { when, ...rest } = block;
  const base = {
    ...rest,
    address,
    revision: null,
    occurrence: occurrence?.at ?? null,
    isKept: false,
    cutBy: null,
    spreadUntil: null,
  };
  switch (when.kind) {
    case 'once':
      return { ...base, executeAt: null, revision: when.revision };
    case 'at':
      return { ...base, executeAt: when.executeAt };
    case 'schedule':
      return { ...base, executeAt: (occurrence?.at ?? 0) + when.offset };
  }
}

export function desired(batches: readonly DesiredBatch[], fields: Partial<Desired> = {}): Desired {
  return {
    name: 'live-ops',
    files: ['/repo/fleetform.yaml'],
    root: '/repo',
    api: { kind: 'http', url: undefined },
    state: { backend: 'local' },
    timezone: undefined,
    moved: [],
    claims: { templates: [] },
    limits: {},
    blocks: batches.map(blockOf),
    freezes: [],
    aliases: { fleets: { eu: EU, us: US }, regions: { ams: AMS } },
    digest: 'd'.repeat(64),
    diagnostics: [],
    ...fields,
  };
}

export function spec(fields: Partial<Spec> = {}): Spec {
  return {
    template: { id: RESTART.id, name: RESTART.name },
    ...onFleet(EU),
    executeAt: AT,
    params: [],
    revision: null,
    ...fields,
  };
}

/** What a desired batch resolves to, by name or id among `templates`. */
export function specOf(batch: DesiredBatch, templates: readonly Template[] = TEMPLATES): Spec {
  const ref = batch.template;
  const template = templates.find((one) => ('id' in ref ? one.id === ref.id : one.name === ref.name));
  if (template === undefined) throw new Error(`no template ${JSON.stringify(ref)}`);
  const { executeAt, params, revision } = batch;
  return {
    template: { id: template.id, name: template.name },
    ...batch.targets,
    executeAt,
    params,
    revision,
  };
}

export function entry(
  batchIds: readonly Id[],
  of: Spec = spec(),
  fields: Partial<StateEntry> = {},
): StateEntry {
  return {
    batchIds,
    spec: of,
    digest: specDigest(of),
    createdAt: NOW - 3600,
    phase: 'scheduled',
    preventCancel: false,
    ...fields,
  };
}

export function state(
  entries: Readonly<Record<string, StateEntry>> = {},
  fields: Partial<State> = {},
): State {
  return {
    version: 1,
    lineage: '0b8f6d6e-3f0f-4b0a-9d0c-1c5f7a3e2d10',
    serial: 3,
    name: 'live-ops',
    api: 'https://api.i3d.net',
    entries,
    intents: [],
    ...fields,
  };
}

export function intent(address: string, of: Spec = spec(), fields: Partial<Intent> = {}): Intent {
  return {
    id: `intent-${address}`,
    address,
    spec: of,
    digest: specDigest(of),
    preventCancel: false,
    since: NOW - 600,
    seen: [],
    newest: NOW - 1200,
    ...fields,
  };
}

const RESULT_CODE: Readonly<Record<TaskPhase, number>> = {
  pending: 0,
  running: 1,
  paused: 2,
  unknown: 3,
  cancelled: 125,
  failed: 126,
  done: 127,
};

export function task(fields: Partial<Task> = {}): Task {
  const phase = fields.phase ?? 'pending';
  return {
    id: '9001',
    name: RESTART.name,
    batchId: '41',
    entityId: server(101),
    phase,
    resultCode: RESULT_CODE[phase],
    currentActionIdx: 0,
    executeAt: AT,
    lastActivityAt: null,
    finishedAt: null,
    resultText: '',
    ...fields,
  };
}

export interface BatchFields extends Partial<ObservedBatch> {
  /** Whose tasks it has, one each; default: all of eu. */
  readonly on?: readonly Id[];
  /** The phase of its tasks: of all, or one by one. Default: pending. */
  readonly phases?: TaskPhase | readonly TaskPhase[];
  /** Of its cancelled tasks: the action that they had come to. */
  readonly actionIdx?: number;
  readonly template?: string;
  /** false: nobody looked at its tasks. */
  readonly isSeen?: boolean;
}

/** A batch whose counters and tasks agree. */
export function observedBatch(id: Id, fields: BatchFields = {}): ObservedBatch {
  const {
    on = EU_SERVERS,
    phases = 'pending',
    actionIdx = 0,
    template = RESTART.name,
    isSeen = true,
    ...rest
  } = fields;
  const executeAt = rest.executeAt === undefined ? AT : rest.executeAt;
  const tasks = on.map((entityId, i) =>
    task({
      id: `${id}${String(i).padStart(3, '0')}`,
      batchId: id,
      name: template,
      entityId,
      phase: typeof phases === 'string' ? phases : (phases[i] ?? 'pending'),
      currentActionIdx: actionIdx,
      executeAt,
    }),
  );
  const count = (phase: TaskPhase) => tasks.filter((one) => one.phase === phase).length;
  return {
    id,
    createdAt: NOW - 3600,
    executeAt,
    finishedAt: null,
    numTasks: tasks.length,
    numTasksOk: count('done'),
    numTasksFailed: count('failed'),
    numTasksCancelled: count('cancelled'),
    taskIds: tasks.map((one) => one.id),
    templateName: isSeen && tasks.length > 0 ? template : null,
    tasks: isSeen ? tasks : [],
    ...rest,
  };
}

export function observation(
  batches: readonly ObservedBatch[] = [],
  fields: Partial<Observation> = {},
): Observation {
  return {
    templates: TEMPLATES,
    batches,
    listed: batches.map(({ id }) => id),
    batchListFull: false,
    newestListed: NOW,
    missing: [],
    ghosts: [],
    histories: {},
    at: NOW,
    clockAhead: 0,
    inventory: INVENTORY,
    tasks: batches.reduce((sum, batch) => sum + batch.tasks.length, 0),
    ...fields,
  };
}

/** 100 batches that have nothing to do with anything, done long ago. */
export function foreignCrowd(count = 100, fields: BatchFields = {}): ObservedBatch[] {
  return Array.from({ length: count }, (_, i) =>
    observedBatch(String(1000 + i), {
      on: [server(900)],
      template: COLLECT.name,
      phases: 'done',
      executeAt: NOW - 86_400,
      createdAt: NOW - 86_400,
      ...fields,
    }),
  );
}

export function planOf(input: Partial<PlanInput> & Pick<PlanInput, 'desired'>) {
  return plan({
    state: null,
    observation: observation(),
    now: NOW,
    fleetformVersion: '0.0.0-test',
    api: 'https://api.i3d.net',
    ...input,
  });
}

/** What the rooms of `plan/` work on; nothing wanted, no state, where a test does not say. */
export function worldOf(fields: Partial<WorldInput> = {}): World {
  return createWorld({
    desired: desired([]),
    state: null,
    observation: observation(),
    now: NOW,
    settle: 60,
    mode: 'normal',
    scope: WHOLE,
    ...fields,
  });
}

const AMSTERDAM_NIGHTS: Schedule = {
  ...{ cron: '30 4 * * *', timezone: 'Europe/Amsterdam', horizon: 7 * 86_400 },
  ...{ from: null, until: null, except: [] },
};

/** Nightly at 04:30 in Amsterdam, where a test doesn't say. */
export function scheduledBlock(
  address: string,
  schedule: Partial<Schedule> = {},
  { offset = 0, ...fields }: Partial<DesiredBatch> & { readonly offset?: number } = {},
): DesiredBlock {
  const when = { kind: 'schedule', schedule: { ...AMSTERDAM_NIGHTS, ...schedule }, offset } as const;
  return { ...blockOf(desiredBatch(address, fields)), when };
}

export function desiredFreeze(freeze: Freeze): DesiredFreeze {
  return { ...freeze, at: place(20), templatesAt: (freeze.templates ?? []).map(() => place(21)) };
}
