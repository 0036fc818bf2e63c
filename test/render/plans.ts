/** Plans to show: one change of each action, as the plan room makes them. */
import { addressOf } from '../../src/model/addresses.ts';
import type { TaskCounts } from '../../src/model/batch-phase.ts';
import type { Change, Plan, PlannedSchedule, SkippedOccurrence } from '../../src/model/plan.ts';
import { summarise, tasksOf } from '../../src/model/plan-summary.ts';
import type { Spec } from '../../src/model/state.ts';

/** 2026-11-30 23:40 in Amsterdam. */
export const NOW = Date.UTC(2026, 10, 30, 22, 40) / 1000;
export const AT_FOUR = Date.UTC(2026, 11, 1, 3, 0) / 1000;
export const EU = '1394296486561117717';
export const US = '1394296486561117718';
export const ALIASES = { fleets: { eu: EU, us: US }, regions: { ams: '42' } };
/** Colours, cursor movement, a title, a line break, a bell, right-to-left and invisible characters. */
export const HOSTILE = 'a\x1b[31mred\x1b]0;title\x07\r\nb\u202eevil\u2066\u200b\u0085c';

export function spec(fields: Partial<Spec> = {}): Spec {
  return {
    template: { id: '7', name: 'Deploy build' },
    fleets: [EU],
    regions: [],
    instances: [],
    labels: [],
    executeAt: AT_FOUR,
    params: [],
    revision: null,
    ...fields,
  };
}

export function tasks(fields: Partial<TaskCounts> = {}): TaskCounts {
  return { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0, ...fields };
}

export const CREATE: Change = {
  action: 'create',
  address: 'hotfix',
  reason: 'no such batch exists',
  batchIds: [],
  servers: 40,
  targetText: 'fleet eu',
  before: null,
  after: spec({
    params: [
      { name: 'buildId', value: '8812' },
      { name: 'channel', value: 'live' },
    ],
  }),
  paused: true,
  digest: 'd'.repeat(64),
  notAfter: AT_FOUR + 300,
  follows: ['38'],
  awaits: [],
  preventCancel: true,
};
export const CREATE_ONCE: Change = {
  action: 'create',
  address: 'collect-once',
  reason: 'runs once, as soon as it is applied',
  batchIds: [],
  servers: null,
  targetText: 'region ams',
  before: null,
  after: spec({
    template: { id: '3', name: 'Collect logs' },
    fleets: [],
    regions: ['42'],
    executeAt: null,
    revision: 3,
  }),
  paused: false,
  digest: 'd'.repeat(64),
  notAfter: AT_FOUR + 300,
  follows: [],
  awaits: [],
  preventCancel: false,
};
export const REPLACE: Change = {
  action: 'replace',
  address: 'nightly-restart[fleet:eu]',
  reason: 'changed in the file',
  batchIds: ['41'],
  servers: 38,
  targetText: 'fleet us',
  phase: 'scheduled',
  tasks: tasks({ pending: 40 }),
  before: spec({
    params: [
      { name: 'buildId', value: '8811' },
      { name: 'old', value: 'x' },
      { name: 'script', value: 'set -e\nstop\nsleep 10\nsync\ncheck\nstart\n' },
    ],
  }),
  after: spec({
    fleets: [US],
    executeAt: AT_FOUR + 3600,
    params: [
      { name: 'buildId', value: '8812' },
      { name: 'new', value: 'y' },
      { name: 'script', value: 'set -e\nstop\nsleep 10\nsync\ncheck\nstart --warm\n' },
    ],
  }),
  paused: false,
  digest: 'd'.repeat(64),
  notAfter: AT_FOUR + 300,
  follows: [],
  awaits: [],
  preventCancel: false,
};
export const CANCEL: Change = {
  action: 'cancel',
  address: 'old-event',
  reason: 'no longer in the file',
  batchIds: ['39'],
  servers: 40,
  targetText: 'fleet eu',
  phase: 'running',
  tasks: tasks({ pending: 36, running: 3, done: 1 }),
  before: spec({ executeAt: NOW - 300 }),
  unmanaged: null,
  after: null,
  preventCancel: false,
};
export const CANCEL_CLAIMED: Change = {
  action: 'cancel',
  address: 'batch:77',
  reason: 'its template "Restart game server" is claimed',
  batchIds: ['77'],
  servers: 12,
  targetText: '',
  phase: 'scheduled',
  tasks: tasks({ unknown: 12 }),
  before: null,
  unmanaged: {
    batchId: '77',
    template: 'Restart game server',
    executeAt: AT_FOUR,
    numTasks: 12,
    phase: 'scheduled',
  },
  after: null,
  preventCancel: false,
};
export const PAUSE: Change = {
  action: 'pause',
  address: 'rollout',
  reason: 'the file says `paused: true`',
  batchIds: ['50', '51'],
  servers: 8,
  targetText: '8 game servers',
  phase: 'running',
  tasks: tasks({ pending: 5, running: 1, done: 2 }),
  before: spec({ executeAt: NOW - 60 }),
  after: spec({ executeAt: NOW - 60 }),
  preventCancel: false,
};
export const RESUME: Change = {
  ...PAUSE,
  action: 'resume',
  address: 'rollout-us',
  reason: 'the file says `paused: false`',
  batchIds: ['52'],
  tasks: tasks({ paused: 6, failed: 1, cancelled: 1 }),
};
export const ADOPT: Change = {
  action: 'adopt',
  address: 'weekly',
  reason: 'same template, time and game servers',
  batchIds: ['60'],
  servers: 40,
  targetText: 'fleet eu',
  phase: 'scheduled',
  tasks: tasks({ pending: 40 }),
  before: null,
  after: spec(),
  digest: 'd'.repeat(64),
  toggle: null,
  notAfter: AT_FOUR + 300,
  preventCancel: false,
};
export const ADOPT_PAUSED: Change = {
  ...ADOPT,
  address: 'weekly-restart',
  reason: 'an earlier apply made it',
  batchIds: ['61'],
  toggle: 'pause',
};
export const FORGET: Change = {
  action: 'forget',
  address: 'last-week',
  reason: 'it is over (done)',
  batchIds: ['12'],
  servers: 40,
  targetText: 'fleet eu',
  before: spec({ executeAt: NOW - 600_000 }),
  after: null,
};
export const MISSED: Change = {
  action: 'missed',
  address: 'too-late',
  reason: '4000 s late, more than its starting deadline of 300 s',
  batchIds: [],
  servers: 1,
  targetText: 'fleet eu',
  before: null,
  after: spec({ executeAt: NOW - 4000 }),
};
export const NO_OP: Change = {
  action: 'no-op',
  address: 'steady',
  reason: 'scheduled',
  batchIds: ['44'],
  servers: 40,
  targetText: 'fleet eu',
  phase: 'scheduled',
  tasks: tasks({ pending: 40 }),
  before: spec(),
  after: spec(),
  preventCancel: false,
};
export const EVERY_CHANGE: readonly Change[] = [
  CREATE,
  CREATE_ONCE,
  REPLACE,
  CANCEL,
  CANCEL_CLAIMED,
  PAUSE,
  RESUME,
  ADOPT,
  ADOPT_PAUSED,
  FORGET,
  MISSED,
  NO_OP,
];

export function plan(fields: Partial<Plan> = {}): Plan {
  const changes = fields.changes ?? [];
  const unmanaged = fields.unmanaged ?? [];
  const moves = fields.moves ?? [];
  const skipped = fields.skipped ?? [];
  return {
    formatVersion: '1.0',
    fleetformVersion: '0.1.0',
    plannedAt: '2026-11-30T22:40:00Z',
    name: 'live-ops',
    api: 'https://api.i3d.net',
    timezone: 'Europe/Amsterdam',
    mode: 'normal',
    scope: {
      targets: [],
      excludes: [],
      replaces: [],
      refresh: true,
      assumeMissing: false,
      allowEmpty: false,
    },
    at: null,
    desiredDigest: 'd'.repeat(64),
    state: { lineage: '0e2f3f5e-6f0a-4f5e-9a43-0f0f4a1d1c11', serial: 4 },
    observation: { complete: true, batches: 9, tasks: 214 },
    summary: summarise(changes, { unmanaged, moves, skipped }, tasksOf(changes)),
    changes,
    skipped,
    schedules: [],
    moves,
    drift: [],
    unmanaged,
    diagnostics: [],
    ...fields,
  };
}

export function fullPlan(): Plan {
  return plan({
    changes: EVERY_CHANGE,
    moves: [{ from: 'monthly', to: 'steady' }],
    unmanaged: [
      {
        batchId: '71',
        template: 'Restart game server',
        executeAt: AT_FOUR,
        numTasks: 40,
        phase: 'scheduled',
      },
      { batchId: '1072', template: null, executeAt: null, numTasks: 1, phase: 'running' },
    ],
    diagnostics: [
      {
        severity: 'warning',
        code: 'plan.missed',
        message: 'its time has passed by more than its starting deadline of 300 s: it is not created',
        hint: 'Give it a new `executeAt`, or remove it from the file.',
        address: 'too-late',
        range: { file: '/repo/ops/fleetform.yaml', line: 31, column: 3, endLine: 31, endColumn: 11 },
        snippet: '  too-late:',
      },
    ],
  });
}

export const NIGHTLY: PlannedSchedule = {
  block: 'nightly-restart',
  cron: '30 4 * * *',
  timezone: 'Europe/Amsterdam',
  horizon: 7 * 86_400,
};
/** 2026-12-01 04:30 in Amsterdam. */
export const HALF_PAST_FOUR = AT_FOUR + 1800;

/** An occurrence of `nightly-restart`, so many days after the first, on a fleet; like `change` otherwise. */
export function night<Kind extends Change>(
  change: Kind,
  day: number,
  fleet: 'eu' | 'us' = 'eu',
  { spread = 0, block = 'nightly-restart' } = {},
): Kind {
  const named = HALF_PAST_FOUR + day * 86_400;
  const moved = (one: Change['before']) =>
    one && { ...one, executeAt: named + spread, fleets: [fleet === 'eu' ? EU : US] };
  return {
    ...change,
    address: addressOf(`${block}[fleet:${fleet}]`, named),
    targetText: `fleet ${fleet}`,
    before: moved(change.before),
    after: moved(change.after),
    ...('follows' in change ? { follows: [] } : {}),
  } as Kind;
}

export function nights<Kind extends Change>(change: Kind, days: readonly number[], block?: string): Kind[] {
  const options = block === undefined ? {} : { block };
  return days.flatMap((day) => (['eu', 'us'] as const).map((fleet) => night(change, day, fleet, options)));
}

export function skippedNight(day: number, fields: Partial<SkippedOccurrence> = {}): SkippedOccurrence {
  const at = HALF_PAST_FOUR + day * 86_400;
  return {
    address: addressOf('nightly-restart[fleet:eu]', at),
    targetText: 'fleet eu',
    executeAt: at,
    freeze: 'finals',
    until: HALF_PAST_FOUR + 13 * 86_400 - 12_600,
    isCertain: true,
    ...fields,
  };
}

/** Each kind of group that a screen shows, next to what is none. */
export function schedulePlan(): Plan {
  return plan({
    schedules: [NIGHTLY, { ...NIGHTLY, block: 'weekly', cron: '30 4 * * 2', timezone: 'UTC' }],
    changes: [
      ...nights(CREATE, [3, 4, 5, 6, 7, 8, 9]),
      ...[0, 1, 2].map((day) => night(NO_OP, day)),
      ...[-1, -2].map((day) => night(MISSED, day)),
      ...[0, 7, 14, 21, 28].map((day) =>
        night(CREATE_ONCE, day, 'us', { block: 'weekly', spread: 60 * (day % 10) }),
      ),
      ...[0, 1, 2].map((day) => night(CANCEL, day, 'eu', { block: 'old-nights' })),
      CREATE,
    ],
    skipped: [
      skippedNight(11),
      skippedNight(12),
      skippedNight(0, { address: 'other[fleet:eu]@2026-12-01T03:30:00Z', isCertain: false }),
    ],
  });
}
