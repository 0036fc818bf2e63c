/** One pipeline after the other: what it applied, with which trouble, and how it ended. */
import { type Diagnostic, FleetformError } from '../../../src/model/errors.ts';
import { groupBy } from '../../../src/model/group.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { hasErrors } from '../../../src/model/plan-summary.ts';
import type { State } from '../../../src/model/state.ts';
import type { Fault } from '../sandbox/fault.ts';
import { Crash, type Scene } from '../scene.ts';
import type { Dice } from '../schedules/random.ts';
import { type CalendarFile, desiredOf } from './file.ts';

/** `done`: all of its plan, says the engine. `stale`, `asks`: nothing was begun. */
export type Ending = 'done' | 'partly' | 'stale' | 'asks' | 'failed' | 'killed';

export const TROUBLES = ['killed', 'lost answers', 'errors of the API', 'a list that lags'] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Pipeline {
  /** Unix seconds: when its plan was made, which may be long before it is applied. */
  readonly plannedAt: number;
  readonly start: number;
  readonly end: number;
  readonly file: CalendarFile;
  readonly isSaved: boolean;
  readonly trouble: Trouble | null;
  /** Its state was lost, or an older one, since the pipeline before; or a person has put that right. */
  readonly memory: 'kept' | 'lost' | 'older' | 'repaired';
  readonly ending: Ending;
  /** Addresses that the plan tells as missed. */
  readonly missed: readonly string[];
  /** Codes, and what else went wrong, in words. */
  readonly errors: readonly string[];
  readonly differences: readonly string[];
  readonly entries: number;
  readonly bytes: number;
}

export interface Order {
  readonly file: CalendarFile;
  readonly trouble: Trouble | null;
  readonly memory: Pipeline['memory'];
  /** Seconds between a plan that is reviewed and its apply; null: planned and applied at once. */
  readonly review: number | null;
  /** A person has looked, and says that what the list does not show does not exist. */
  readonly assumeMissing: boolean;
}

export async function runPipeline(scene: Scene, order: Order, dice: Dice): Promise<Pipeline> {
  const { file, trouble, memory, review, assumeMissing } = order;
  const desired = desiredOf(file);
  const plannedAt = scene.now;
  let reviewed: Plan | undefined;
  if (review !== null) {
    reviewed = await scene.plan(desired);
    if (hasErrors(reviewed)) reviewed = undefined;
    else scene.pass(review);
  }
  const start = scene.now;
  scene.lockLoss = new AbortController();
  begin(scene, trouble, dice);
  const end = { ...NOTHING, ending: 'killed' as Ending };
  try {
    const result = await scene.apply(
      desired,
      reviewed === undefined ? { scope: { assumeMissing } } : { reviewed },
    );
    if (result !== null) {
      const { plan, outcome } = result;
      const errors = plan.diagnostics.filter(({ severity }) => severity === 'error');
      end.errors = textOf(errors);
      end.missed = plan.changes.flatMap(({ action, address }) => (action === 'missed' ? address : []));
      const isDone = outcome !== null && outcome.failed + outcome.unknown + outcome.skipped === 0;
      end.ending = outcome === null ? 'asks' : isDone ? 'done' : 'partly';
    }
  } catch (error) {
    if (!(error instanceof FleetformError)) throw error;
    end.ending = error.code === 'apply.stale-plan' ? 'stale' : 'failed';
    end.errors = [`${error.code}: ${error.message}`];
    if ('differences' in error) end.differences = error.differences as string[];
  }
  scene.step = () => {};
  scene.faultFor = () => undefined;
  const { listLag: _, ...sandbox } = scene.sandbox;
  scene.sandbox = sandbox;
  // Pipelines do not overlap, and leave a second between each other.
  scene.pass(1);
  return {
    ...{
      plannedAt: reviewed === undefined ? start : plannedAt,
      start,
      end: scene.now,
      file,
      trouble,
      memory,
    },
    ...{ isSaved: reviewed !== undefined, ...end, ...sizeOf(scene.state) },
  };
}

/** The first of each code in full, and how many there are of it. */
function textOf(errors: readonly Diagnostic[]): string[] {
  return [...groupBy(errors, ({ code }) => code)].map(([code, [first, ...others]]) => {
    const { address = '', message } = first!;
    return `${code} ${address}: ${message}${others.length === 0 ? '' : ` (and ${others.length} like it)`}`;
  });
}

const NOTHING = { missed: [] as string[], errors: [] as string[], differences: [] as string[] };

function sizeOf(state: State | null) {
  return {
    entries: Object.keys(state?.entries ?? {}).length,
    bytes: state === null ? 0 : JSON.stringify(state).length,
  };
}

function begin(scene: Scene, trouble: Trouble | null, dice: Dice): void {
  switch (trouble) {
    case null:
      return;
    case 'killed': {
      let left = dice.between(1, 60);
      scene.step = () => {
        left -= 1;
        if (left === 0) throw new Crash();
      };
      return;
    }
    case 'lost answers':
    case 'errors of the API': {
      const kind: Fault['kind'] = trouble === 'lost answers' ? 'reset' : '500';
      scene.faultFor = ({ method }) => {
        if (!dice.chance(method === 'GET' ? 0.04 : 0.3)) return undefined;
        return { when: dice.chance(0.5) ? 'before' : 'after', kind };
      };
      return;
    }
    case 'a list that lags':
      scene.sandbox = { ...scene.sandbox, listLag: dice.between(5, 40) };
  }
}
