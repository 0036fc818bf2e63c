/** Pages to look at: of plans with everything in them, of many batches, of none. */
import type { Change, Plan } from '../../../src/model/plan.ts';
import type { Timeline } from '../../../src/model/timeline.ts';
import { timelineOf } from '../../../src/plan/review/timeline.ts';
import { type PageView, renderPlanPage } from '../../../src/render/html/page.ts';
import { foreignCrowd, observation } from '../../support/builders.ts';
import {
  ALIASES,
  AT_FOUR,
  CANCEL,
  CANCEL_CLAIMED,
  CREATE,
  CREATE_ONCE,
  EU,
  fullPlan,
  MISSED,
  NIGHTLY,
  NO_OP,
  NOW,
  night,
  PAUSE,
  plan,
  REPLACE,
  skippedNight,
  spec,
  US,
} from '../plans.ts';

export const VIEW: PageView = {
  now: NOW,
  timezone: 'Europe/Amsterdam',
  aliases: ALIASES,
  cwd: '/repo/ops',
  fleetformVersion: '0.1.0',
};
const DAY = 86_400;

export function timelineFor(made: Plan, strangers = 6, aliases = ALIASES, seen = {}): Timeline {
  const crowd = foreignCrowd(strangers, { executeAt: NOW - 3600, createdAt: NOW - 3600 });
  return timelineOf({
    changes: made.changes,
    skipped: made.skipped,
    state: null,
    observation: observation(crowd, seen),
    aliases,
    now: NOW,
  });
}

export function pageOf(made: Plan, strangers?: number): string {
  return renderPlanPage(made, timelineFor(made, strangers), VIEW);
}

/** Forty changes over three weeks, on two fleets; some at the very same time. */
export function fortyPlan(): Plan {
  const at = (day: number, fleet: string) => spec({ executeAt: AT_FOUR + day * DAY, fleets: [fleet] });
  const changes = Array.from({ length: 20 }, (_, day) => [EU, US].map((fleet) => ({ day, fleet })))
    .flat()
    .map(({ day, fleet }): Change => {
      const name = fleet === EU ? 'eu' : 'us';
      const common = { address: `night-${day}[fleet:${name}]`, targetText: `fleet ${name}` };
      if (day % 5 === 4) {
        return { ...CANCEL, ...common, before: at(day, fleet), batchIds: [String(100 + day)] } as Change;
      }
      if (day % 5 === 3) {
        return {
          ...REPLACE,
          ...common,
          before: at(day, fleet),
          after: { ...at(day, fleet), executeAt: AT_FOUR + day * DAY + 5400 },
        } as Change;
      }
      return { ...CREATE, ...common, after: at(day % 2 === 0 ? 6 : day, fleet) } as Change;
    });
  return plan({ changes, diagnostics: fullPlan().diagnostics });
}

/** Every word that comes from outside is an attack. */
export function hostilePlan(): Plan {
  const attack =
    '</style></title><img src=x onerror=alert(1)><script>alert(2)</script>"><b>&amp;\u202e`\u0024{7*7}`';
  const text = (value: unknown): unknown => {
    if (typeof value === 'string') return `${value}${attack}`;
    if (Array.isArray(value)) return value.map(text);
    if (typeof value !== 'object' || value === null) return value;
    const kept = ['action', 'phase', 'kind', 'severity', 'fleets', 'regions', 'instances', 'id', 'batchIds'];
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, kept.includes(key) ? inner : text(inner)]),
    );
  };
  const { changes, diagnostics, unmanaged } = text({
    changes: fullPlan().changes,
    diagnostics: fullPlan().diagnostics,
    unmanaged: fullPlan().unmanaged,
  }) as Pick<Plan, 'changes' | 'diagnostics' | 'unmanaged'>;
  return plan({
    name: `live${attack}`,
    api: `https://api.example${attack}`,
    changes,
    diagnostics,
    unmanaged,
    moves: [{ from: attack, to: attack }],
    drift: [
      {
        address: attack,
        kind: 'failed',
        batchIds: ['41'],
        count: 1,
        total: 4,
        servers: ['1'],
        texts: [{ server: '1', text: attack }],
      },
    ],
  });
}

/** Of `reviewPlan`, under review as a job of GitHub says it. */
export function reviewPage(): string {
  const aliases = {
    ...ALIASES,
    fleets: { ...ALIASES.fleets, ...Object.fromEntries(TWELVE.map(({ name, id }) => [name, id])) },
  };
  const inventory = { fleets: { [EU]: CANARIES }, regions: {} };
  const links = [
    { text: 'pull request 12', url: 'https://github.com/acme/ops/pull/12' },
    { text: 'commit 0a55f61', url: 'https://github.com/acme/ops/commit/0a55f61' },
    { text: 'run', url: 'https://github.com/acme/ops/actions/runs/9' },
  ];
  const timeline = timelineFor(reviewPlan(), 6, aliases, { inventory });
  return renderPlanPage(reviewPlan(), timeline, { ...VIEW, aliases, links });
}

const TWELVE = Array.from({ length: 12 }, (_, index) => ({ name: `eu-${index + 1}`, id: `70${10 + index}` }));
const CANARIES = ['6268349608002583790', '6268349608002583791'];

/** What a reviewer may be asked about: one block on twelve targets, a schedule, and one of each other kind. */
export function reviewPlan(): Plan {
  const replaces = TWELVE.map(({ name, id }, index): Change => {
    const at = spec({
      executeAt: AT_FOUR + 2 * DAY,
      fleets: [id],
      params: [{ name: 'buildId', value: '8811' }],
    });
    return {
      ...REPLACE,
      address: `weekly-restart[fleet:${name}]`,
      targetText: `fleet ${name}`,
      batchIds: [String(500 + index)],
      before: at,
      after: { ...at, params: [{ name: 'buildId', value: '8812' }] },
    } as Change;
  });
  const single = (index: number): Change => {
    const id = `6268349608002583${790 + index}`;
    const own = spec({ fleets: [], instances: [id], executeAt: AT_FOUR + DAY });
    return {
      ...CREATE,
      address: `canary[instance:${id}]`,
      targetText: `game server ${id}`,
      servers: 1,
      after: own,
      follows: [],
    } as Change;
  };
  const moves = [0, 1].map((index): Change => {
    const [fleet, name] = index === 0 ? [EU, 'eu'] : [US, 'us'];
    const before = spec({ fleets: [fleet], executeAt: AT_FOUR + DAY });
    return {
      ...REPLACE,
      address: `patch[fleet:${name}]`,
      targetText: `fleet ${name}`,
      batchIds: [String(600 + index)],
      before,
      after: { ...before, executeAt: AT_FOUR + DAY + 5400 },
    } as Change;
  });
  const days = Array.from({ length: 20 }, (_, day) => day);
  return plan({
    schedules: [NIGHTLY],
    changes: [
      ...replaces,
      ...days.map((day) => night({ ...CREATE, paused: false, preventCancel: false } as Change, day)),
      ...moves,
      single(0),
      single(1),
      CREATE,
      CREATE_ONCE,
      CANCEL,
      CANCEL_CLAIMED,
      PAUSE,
      MISSED,
      NO_OP,
    ],
    skipped: [skippedNight(21), skippedNight(22)],
    unmanaged: fullPlan().unmanaged,
    diagnostics: [
      ...fullPlan().diagnostics,
      {
        severity: 'warning',
        code: 'plan.collision',
        message: 'two batches run on 38 game servers within 10 min',
        address: 'patch[fleet:eu]',
      },
    ],
  });
}
