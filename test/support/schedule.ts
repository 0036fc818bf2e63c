/**
 * Random schedules: a file that changes, faults, crashes, strangers, lists that lag, appliers side by side. Each is
 * drawn from a number alone, so that a failing one can be run again. Used by a test (some) and by the soak (many).
 */
import type { DesiredBatch } from '../../src/model/desired.ts';
import { FAULT_KINDS, type Fault } from '../../src/sandbox/faults.ts';
import { LockedError } from '../../src/state/backend.ts';
import {
  batch,
  Crash,
  describeRequest,
  desired,
  EU,
  foreignBatch,
  Scene,
  STAGING,
  START,
  US,
} from './scene.ts';

export interface Verdict {
  readonly duplicates: number;
  readonly losses: number;
  /** Strangers' tasks that were touched. */
  readonly touched: number;
  readonly story: readonly string[];
}

/** mulberry32: a small generator, the same on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FLEETS = [EU, US, STAGING];
const TEMPLATES = ['Restart game server', 'Collect logs'];

export async function runSchedule(seed: number): Promise<Verdict> {
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const chance = (p: number) => random() < p;
  const story: string[] = [];
  const scene = new Scene({
    sandbox: {
      shape: chance(0.5) ? 'array' : 'object',
      order: chance(0.5) ? 'newest-first' : 'oldest-first',
      deleteAnswer: chance(0.5) ? 'task' : 'empty',
      ...(chance(0.4) ? { listLag: 1 + below(6) } : {}),
    },
  });
  const strangers = new Set<string>();
  const faultRate = [0, 0.02, 0.1, 0.3][below(4)]!;
  let wanted = draw(below, chance);
  /** What runs once, as the API was told → the addresses and revisions that ever asked for it. */
  const revisions = new Map<string, Set<string>>();

  const rounds = 1 + below(4);
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0 && chance(0.6)) wanted = change(wanted, below, chance);
    if (chance(0.3)) {
      // Somebody else's, at another time than any of ours: who makes the very same at the very same moment is us.
      const body = { taskTemplateId: '9', fleetId: FLEETS[below(3)], executeAt: START + 777 + below(9) };
      strangers.add(foreignBatch(scene, body));
    }
    for (const one of wanted.filter((other) => other.executeAt === null)) {
      const text = expectedText(one);
      revisions.set(text, (revisions.get(text) ?? new Set()).add(`${one.address} r${one.revision}`));
    }
    const replaces = chance(0.25) ? wanted.filter((one) => !isSoon(one)).slice(0, 1) : [];
    const targets = chance(0.2) ? [wanted[below(wanted.length)]!] : [];
    const scope = { replaces: replaces.map(addressOf), targets: targets.map(addressOf) };
    for (const one of replaces.filter((other) => other.executeAt === null)) {
      revisions.get(expectedText(one))?.add(`${one.address} replaced in round ${round}`);
    }
    const crashAt = chance(0.5) ? below(80) : -1;
    let steps = 0;
    scene.step = (what) => {
      if (steps++ === crashAt) {
        story.push(`killed ${what}`);
        throw new Crash();
      }
    };
    scene.faultFor = (request) => {
      if (!chance(faultRate)) return undefined;
      const fault: Fault = {
        when: chance(0.5) ? 'before' : 'after',
        kind: FAULT_KINDS[below(FAULT_KINDS.length)]!,
      };
      story.push(`${fault.kind} ${fault.when} ${request.method} ${request.path}`);
      return fault;
    };
    const file = desired(wanted);
    story.push(
      `apply ${wanted.map((one) => `${one.address}@${one.executeAt ?? `r${one.revision}`}`).join(' ')}`,
    );
    for (const [what, of] of Object.entries(scope)) if (of.length > 0) story.push(`${what} ${of.join(' ')}`);
    await attempt(() => scene.apply(file, { scope }));
    if (chance(0.3)) {
      scene.step = () => {};
      await Promise.all([0, 1, 2].map(() => attempt(() => scene.apply(file))));
    }
    scene.now += below(30);
  }

  scene.step = () => {};
  scene.faultFor = () => undefined;
  scene.now += 20;
  await scene.converge(desired(wanted), 8);
  return judge(scene, wanted, strangers, revisions, story);
}

const addressOf = ({ address }: DesiredBatch) => address;

async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Refused before it began: the lock is held, or a read failed for good.
    if (!(error instanceof LockedError) && (error as { code?: string }).code === undefined) throw error;
  }
}

function draw(below: (n: number) => number, chance: (p: number) => boolean): DesiredBatch[] {
  const drawn: DesiredBatch[] = [];
  const used = new Set<string>();
  for (let i = 0; i < 1 + below(5); i += 1) {
    const fleet = FLEETS[below(3)]!;
    const template = TEMPLATES[below(2)]!;
    // Soon is almost at once: the API may stamp a batch of either kind with much the same time.
    const later = chance(0.2) ? START + SOON + i : START + 86_400 + 3600 * below(2);
    const executeAt = chance(0.25) ? null : later;
    const key = `${fleet}/${template}/${executeAt}`;
    if (used.has(key)) continue;
    used.add(key);
    const revision = executeAt === null ? 1 : null;
    const startingDeadline = 86_400;
    drawn.push(
      batch(`b${i}`, { fleet, template: { name: template }, executeAt, revision, startingDeadline }),
    );
  }
  return drawn;
}

const SOON = 250;

/** It may have run before the next change of the file: then nothing could take it back. */
function isSoon({ executeAt }: DesiredBatch): boolean {
  return executeAt !== null && executeAt < START + 86_400;
}

/** One moves, one goes, one is new, one runs once more. */
function change(
  before: readonly DesiredBatch[],
  below: (n: number) => number,
  chance: (p: number) => boolean,
): DesiredBatch[] {
  const moved = 3600 * (5 + below(20));
  const kept = before.filter((one) => isSoon(one) || !chance(0.2));
  // A file without batches is refused, for good reason.
  return (kept.length === 0 ? before : kept).map((one) => {
    if (isSoon(one) || !chance(0.3)) return one;
    if (one.executeAt === null) return { ...one, revision: (one.revision ?? 0) + 1 };
    // Each address has hours of its own, so that no two ever ask for the same.
    return { ...one, executeAt: START + 86_400 + moved + 60 * Number(one.address.slice(1)) };
  });
}

function judge(
  scene: Scene,
  wanted: readonly DesiredBatch[],
  strangers: ReadonlySet<string>,
  revisions: ReadonlyMap<string, ReadonlySet<string>>,
  story: string[],
): Verdict {
  const ours = scene.record.batches.filter((made) => !strangers.has(made.id));
  const isLive = (made: (typeof ours)[number]) =>
    made.taskIds.some((id) => scene.record.tasks[id]!.cancelledAt === null);
  const timed = ours.filter(
    (made) => isLive(made) && (made.request as { executeAt?: number }).executeAt !== undefined,
  );
  const expected = wanted
    .filter((one) => one.executeAt !== null)
    .map(expectedText)
    .sort();
  const found = timed.map((made) => describeRequest(made.request)).sort();
  const surplus = subtract(found, expected);
  const missing = subtract(expected, found);
  const { duplicates, losses } = judgeOnce(scene, wanted, revisions);
  const touched = [...strangers].flatMap(
    (id) => scene.record.batches.find((made) => made.id === id)?.taskIds ?? [],
  );
  return {
    duplicates: surplus.length + duplicates,
    losses: missing.length + losses,
    touched: touched.filter((id) => scene.record.tasks[id]!.cancelledAt !== null).length,
    story: [
      ...story,
      ...surplus.map((text) => `surplus: ${text}`),
      ...missing.map((text) => `missing: ${text}`),
    ],
  };
}

/**
 * One that runs once is bound to a batch that nobody cancelled; and never were more made than there were revisions of it to
 * be run.
 */
function judgeOnce(
  scene: Scene,
  wanted: readonly DesiredBatch[],
  revisions: ReadonlyMap<string, ReadonlySet<string>>,
): { duplicates: number; losses: number } {
  const isWhole = (made: (typeof scene.record.batches)[number]) =>
    made.taskIds.every((id) => scene.record.tasks[id]!.cancelledAt === null);
  const whole = new Set(scene.record.batches.filter(isWhole).map((made) => made.id));
  const bound = wanted
    .filter((one) => one.executeAt === null)
    .map((one) => scene.state?.entries[one.address]?.batchIds[0]);
  const made = scene.record.batches.map((one) => describeRequest(one.request));
  let duplicates = 0;
  for (const [text, wishes] of revisions) {
    duplicates += Math.max(0, made.filter((other) => other === text).length - wishes.size);
  }
  return { duplicates, losses: bound.filter((id) => id === undefined || !whole.has(id)).length };
}

function expectedText(one: DesiredBatch): string {
  const id = 'name' in one.template && one.template.name === 'Collect logs' ? '9' : '7';
  return `${id} on fleetId ${one.targets.fleets[0]} at ${one.executeAt ?? 'once'}`;
}

function subtract(from: readonly string[], what: readonly string[]): string[] {
  const left = [...from];
  for (const text of what) {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}
