/**
 * client → Observation: three lists, then whatever the plan that is made of them asks for besides, until it asks for
 * nothing new. Reads only. Everything that can be asked at the same time is; the client bounds how much that is.
 */

import type { FleetApi } from '../api/port.ts';
import { batchPhase, finishedTasks, isLive } from '../model/batch-phase.ts';
import {
  type Batch,
  isFullList,
  LIST_LIMIT,
  type Listed,
  type Observation,
  type ObservedBatch,
  type Task,
} from '../model/observed.ts';
import type { PlanScope } from '../model/plan.ts';
import { ownedBatches } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import type { PlanAbout, PlanOptions } from '../plan/input.ts';
import { newestOf } from '../plan/sameness/sight.ts';
import { type Thought, think } from '../plan/think.ts';
import type { Asked } from '../plan/world/asked.ts';
import { Looker } from './looker.ts';
import { newestTime } from './newest-time.ts';
import { untilFailure } from './until-failure.ts';

/** What the observation is for: only what its plan needs is read. */
export interface ObserveInput {
  readonly desired: PlanAbout['desired'];
  /** One that is still being read is read at the same time as the lists. */
  readonly state: State | null | Promise<State | null>;
  /** Unix seconds, by this machine's clock. */
  readonly now: () => number;
  /** As the plan's: what is trusted need not be looked at, what is replaced must be. Default: the whole. */
  readonly scope?: Partial<PlanScope>;
  /** As the plan's. */
  readonly options?: Pick<PlanOptions, 'mode' | 'at' | 'settle' | 'watched'>;
}

/**
 * Milliseconds for all reads of one look together, waits and pages included. What an account with 10,000 game servers
 * and 10,000 live batches needs: 10,000 batches and the sample of each (24 tasks), 250,000 reads, which is an hour at
 * 10 in flight and 140 ms each; most looks trust nearly all of it and take seconds. Longer, and what was read first
 * is no picture of now any more.
 */
export const LONGEST_LOOK = 3_600_000;

/** More would be a plan that asks without end. */
const MOST_ROUNDS = 8;

/** What was seen, and what was thought of it last: a plan of the same needs not be thought through again. */
export interface Survey {
  readonly observation: Observation;
  readonly thought: Thought | null;
}

/** Reads what a plan needs to know of the API; changes nothing there. */
export async function observe(api: FleetApi, input: ObserveInput): Promise<Observation> {
  return (await survey(api, input)).observation;
}

/**
 * Throws an `ApiError` when a call that the plan depends on fails; inventory and histories may fail without that. What
 * is thrown where the state is read comes before that.
 */
export async function survey(api: FleetApi, input: ObserveInput): Promise<Survey> {
  const { desired, options, scope } = input;
  let thought: Thought | null = null;
  const ask = async (seen: Observation) => {
    const state = await input.state;
    const made = think({
      desired,
      state,
      observation: seen,
      now: seen.at,
      options: { ...options, ...(scope && { scope }) },
    });
    // What still has questions is thought through again, and must not be held while they are answered.
    thought = isNothing(made.world.asked) ? made : null;
    return made.world.asked;
  };
  const observation = await look(api, input.now, ask, LONGEST_LOOK, input.state);
  return { observation, thought };
}

/** What is bound, and nothing else: for where nothing is planned. Throws as `observe` does. */
export async function observeBound(
  api: FleetApi,
  { state, now }: Pick<ObserveInput, 'state' | 'now'>,
): Promise<Observation> {
  const bound = async ({ listed, missing, batches, at }: Observation): Promise<Asked> => {
    const owned = ownedBatches(await state);
    const known = new Set([...listed, ...missing, ...batches.map(({ id }) => id)]);
    const still = batches.filter((batch) => owned.has(batch.id) && standsStill(batch, at));
    return {
      ...NOTHING,
      batches: new Set([...owned].filter((id) => !known.has(id))),
      tasks: new Map(still.map(({ id }) => [id, 'all'])),
    };
  };
  return look(api, now, bound, LONGEST_LOOK, state);
}

/** Nothing of it has ended, and only its tasks tell whether it waits for its time or is paused. */
function standsStill(batch: ObservedBatch, now: number): boolean {
  const isKnown = batch.tasks.length >= Math.max(batch.taskIds.length, batch.numTasks);
  return finishedTasks(batch) === 0 && isLive(batchPhase(batch, now)) && !isKnown;
}

/**
 * The three lists, and what `ask` wants to know besides of what has been seen so far. Throws as `observe` does. Where
 * the state that is read meanwhile fails, that is what is thrown. Nothing is asked any more after a failure.
 */
export async function look(
  client: FleetApi,
  now: () => number,
  ask: (observation: Observation) => Asked | Promise<Asked>,
  longest = LONGEST_LOOK,
  state: ObserveInput['state'] = null,
): Promise<Observation> {
  return untilFailure(client.within(longest), (api) => lookUntilKnown(api, now, ask, state));
}

async function lookUntilKnown(
  api: FleetApi,
  now: () => number,
  ask: (observation: Observation) => Asked | Promise<Asked>,
  state: ObserveInput['state'],
): Promise<Observation> {
  const [templates, first, tasks] = await lists(api, state);
  const listed = await untilItHas(api, first, tasks);
  const ahead = clockAhead(api, now(), newestTime(listed, tasks));
  const looker = new Looker(api, tasks);
  // One answer may lack a row: what the list of tasks tells of counts as well.
  const seen = new Set(listed.map(({ id }) => id));
  const untold = [...new Set(tasks.map(({ batchId }) => batchId))].filter((id) => !seen.has(id));
  const batches = listed.map((batch) => looker.withKnownTasks(batch, templates));
  let observation: Observation = {
    templates,
    batches,
    listed: listed.map(({ id }) => id),
    batchListFull: isFullList(listed),
    newestListed: newestOf(listed),
    ghosts: [],
    missing: [],
    inventory: { fleets: {}, regions: {}, homes: null, unavailable: null },
    histories: {},
    tasks: tasksOf(batches),
    at: Math.floor(now() + ahead),
    clockAhead: ahead,
  };
  let more: Asked | null = isFullList(listed) ? null : { ...NOTHING, batches: new Set(untold) };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const asked = await ask(observation);
    const next =
      (await looker.look(observation, more === null ? asked : both(asked, more))) ??
      (await looker.contradiction(observation));
    more = null;
    if (next === null) break;
    observation = { ...next, tasks: tasksOf(next.batches) };
  }
  return observation;
}

function tasksOf(batches: Observation['batches']): number {
  return batches.reduce((sum, { tasks }) => sum + tasks.length, 0);
}

type Lists = [Observation['templates'], Listed<Batch>, readonly Task[]];

/** None is older than the state, as far as anything tells. */
async function lists(api: FleetApi, state: ObserveInput['state']): Promise<Lists> {
  if (!(state instanceof Promise)) return listsOf(api);
  const reading = listsOf(api);
  reading.catch(() => {});
  const record = await state;
  const read = await reading;
  return record !== null && isBehind(read[1], record) ? listsOf(api) : read;
}

async function listsOf(api: FleetApi): Promise<Lists> {
  // Of its own: the state may still be read when one of them has failed.
  return untilFailure(api, (all) => Promise.all([all.listTemplates(), all.listBatches(), all.listTasks()]));
}

/** An apply was at work when both were read: what it had recorded by then may have been made after the list was. */
function isBehind(listed: Listed<Batch>, { intents, entries }: State): boolean {
  if (intents.length > 0) return true;
  const ids = new Set(listed.map(({ id }) => id));
  const newest = newestOf(listed) ?? 0;
  return Object.values(entries).some(({ stamps = {} }) =>
    Object.entries(stamps).some(
      ([id, { createdAt }]) => !ids.has(id) && createdAt !== null && createdAt > newest,
    ),
  );
}

/** One answer may lack rows. Where the list of tasks tells of batches that it lacks, it is asked for once more. */
async function untilItHas(
  api: FleetApi,
  listed: Listed<Batch>,
  tasks: readonly Task[],
): Promise<Listed<Batch>> {
  const ids = new Set(listed.map(({ id }) => id));
  if (isFullList(listed) || tasks.every(({ batchId }) => ids.has(batchId))) return listed;
  const again = await api.listBatches();
  const both = [...again, ...listed.filter(({ id }) => !again.some((batch) => batch.id === id))];
  return Object.assign(both, { isFull: isFullList(again) || both.length >= LIST_LIMIT });
}

/**
 * By the Date of the answers; where there is none, or it contradicts them, by the newest time in them: that has
 * certainly passed.
 */
function clockAhead(api: FleetApi, now: number, newest: number | null): number {
  const ahead = api.clock()?.ahead ?? 0;
  return newest !== null && newest > now + ahead + NODES_APART ? newest - now : ahead;
}

/** Seconds by which the clocks of two API nodes may differ. */
const NODES_APART = 300;

const NOTHING: Asked = {
  batches: new Set(),
  tasks: new Map(),
  fleets: new Set(),
  regions: new Set(),
  homes: false,
  histories: new Set(),
};

function isNothing({ batches, tasks, fleets, regions, homes, histories }: Asked): boolean {
  const asked = [batches, tasks, fleets, regions, histories];
  return !homes && asked.every(({ size }) => size === 0);
}

function both(a: Asked, b: Asked): Asked {
  return { ...a, batches: new Set([...a.batches, ...b.batches]) };
}
