/**
 * Random worlds for the properties of a plan: a file, what really happened because of it, what strangers did, and
 * what of all that the state and the API still tell. Who made which batch is known here, and to nobody else.
 */
import fc from 'fast-check';
import type { Desired, DesiredBatch, Targets } from '../../src/model/desired.ts';
import type { Id } from '../../src/model/ids.ts';
import type { Inventory, Observation, ObservedBatch, TaskPhase } from '../../src/model/observed.ts';
import type { Intent, State, StateEntry } from '../../src/model/state.ts';
import { byTurns } from '../../src/plan/sameness/settle.ts';
import {
  AT,
  COLLECT,
  desired,
  desiredBatch,
  entry,
  intent,
  NOW,
  observation,
  observedBatch,
  onFleet,
  RESTART,
  server,
  specOf,
  state,
  targets,
} from '../support/builders.ts';

const seed = Number(process.env.FC_SEED ?? 20_261_130);
console.log(`fast-check seed ${seed} (FC_SEED=… draws others)`);

/** `FC_RUNS=20` runs twenty times as many. */
export function runs(numRuns: number): { seed: number; numRuns: number } {
  return { seed, numRuns: numRuns * Number(process.env.FC_RUNS ?? 1) };
}

const POOL = 16;
const FLEETS = ['1394296486561117717', '1394296486561117718', '1394296486561117719'];
const REGIONS = ['42', '43'];

export interface World {
  readonly desired: Desired;
  readonly state: State | null;
  readonly observation: Observation;
  /** Address → the batch that was really made of it, observed, not cancelled, and bound by no entry. */
  readonly real: ReadonlyMap<string, Id>;
  /** Made by others, for things of their own. */
  readonly foreign: ReadonlySet<Id>;
  /** The game servers that a POST with these targets makes tasks for. */
  readonly reach: (targets: Targets) => readonly Id[];
}

export interface WorldOptions {
  /** Do fleets and regions share game servers? */
  readonly overlap: boolean;
  readonly inventory: readonly ('exact' | 'none' | 'partial' | 'drifted')[];
  /** `partial`: some entries are lost; `stale`: some still know an older batch of the address. */
  readonly state: readonly ('none' | 'partial' | 'stale')[];
  /** A batch of an address without a time, too. */
  readonly once: boolean;
  readonly foreign: number;
  readonly targets?: readonly Draw['target'][];
  /** Was every batch made? Otherwise some. */
  readonly allMade?: boolean;
  /** Blocks may say `paused`, and some that the state knows may be gone from the file. */
  readonly edited?: boolean;
  /** Could the tasks of every batch be read? */
  readonly allSeen?: boolean;
}

interface Draw {
  readonly target: 'fleet' | 'region' | 'instances' | 'union' | 'labels';
  readonly index: number;
  readonly template: string;
  readonly executeAt: number | null;
  readonly made: boolean;
  readonly seen: boolean;
  readonly bound: 'bound' | 'lost' | 'stale';
  readonly intended: boolean;
  readonly phases: TaskPhase | 'mixed';
  /** How many of its game servers the batch missed. */
  readonly short: number;
  readonly stale: 'live' | 'final' | 'gone' | 'cancelled';
  readonly paused: boolean | undefined;
  readonly dropped: boolean;
}

const subset = fc.uniqueArray(fc.nat(POOL - 1), { minLength: 3, maxLength: 10 });

export function world(options: WorldOptions): fc.Arbitrary<World> {
  const draw: fc.Arbitrary<Draw> = fc.record({
    target: fc.constantFrom(
      ...(options.targets ?? (['fleet', 'fleet', 'region', 'instances', 'union', 'labels'] as const)),
    ),
    index: fc.nat(2),
    template: fc.constantFrom(RESTART.name, RESTART.name, COLLECT.name),
    executeAt: options.once
      ? fc.constantFrom(AT, AT, AT + 3600, NOW - 100, null)
      : fc.constantFrom(AT, AT, AT + 3600, NOW - 100),
    made: options.allMade === true ? fc.constant(true) : fc.boolean(),
    seen: options.allSeen === true ? fc.constant(true) : fc.nat(9).map((n) => n > 0),
    bound: fc.constantFrom('bound', 'lost', 'lost', 'stale'),
    intended: fc.boolean(),
    phases: fc.constantFrom('pending', 'running', 'done', 'failed', 'mixed'),
    short: fc.nat(1),
    stale: fc.constantFrom('live', 'final', 'gone', 'cancelled'),
    paused:
      options.edited === true ? fc.constantFrom(undefined, undefined, true, false) : fc.constant(undefined),
    dropped: options.edited === true ? fc.nat(4).map((n) => n === 0) : fc.constant(false),
  });
  return fc
    .record({
      subsets: fc.array(subset, { minLength: 6, maxLength: 6 }),
      draws: fc.uniqueArray(draw, {
        minLength: 1,
        maxLength: 4,
        selector: (one) =>
          [one.template, one.executeAt, one.target, one.target === 'region' ? one.index % 2 : one.index].join(
            '/',
          ),
      }),
      foreign: fc.array(
        fc.record({
          on: subset,
          template: fc.constantFrom(RESTART.name, COLLECT.name),
          executeAt: fc.constantFrom(AT, AT + 3600, NOW - 100, null),
          seen: options.allSeen === true ? fc.constant(true) : fc.nat(9).map((n) => n > 0),
        }),
        { maxLength: options.foreign },
      ),
      inventory: fc.constantFrom(...options.inventory),
      drift: fc.array(fc.nat(POOL - 1), { minLength: 8, maxLength: 8 }),
      state: fc.constantFrom(...options.state),
    })
    .map((drawn) => build(drawn, options));
}

type Drawn = {
  readonly subsets: readonly number[][];
  readonly draws: readonly Draw[];
  readonly foreign: readonly { on: number[]; template: string; executeAt: number | null; seen: boolean }[];
  readonly inventory: WorldOptions['inventory'][number];
  readonly drift: readonly number[];
  readonly state: WorldOptions['state'][number];
};

function build(drawn: Drawn, options: WorldOptions): World {
  const truth = geography(drawn.subsets, options.overlap);
  const batches: ObservedBatch[] = [];
  const real = new Map<string, Id>();
  const entries: Record<string, StateEntry> = {};
  const intents: Intent[] = [];
  const missing: Id[] = [];
  let next = 5000;

  const wanted = drawn.draws.map((draw, i) =>
    desiredBatch(`b${i}`, {
      template: { name: draw.template },
      executeAt: draw.executeAt,
      paused: draw.paused,
      ...targetOf(draw, truth),
    }),
  );
  for (const [i, draw] of drawn.draws.entries()) {
    const batch = wanted[i]!;
    const spec = specOf(batch);
    const { address } = batch;
    const hasState = drawn.state !== 'none';
    let madeId: Id | undefined;
    if (draw.made) {
      madeId = String(next++);
      const all = reached(batch.targets, truth);
      const on = all.length > 3 ? all.slice(draw.short) : all;
      batches.push(made(madeId, draw, on));
    }
    if (hasState && draw.bound === 'bound' && madeId !== undefined) {
      entries[address] = entry([madeId], spec);
      continue;
    }
    if (hasState && drawn.state === 'stale' && draw.bound === 'stale') {
      const id = String(next++);
      const older = { ...spec, executeAt: (spec.executeAt ?? NOW) - 7200, revision: null };
      entries[address] = entry([id], draw.stale === 'cancelled' && spec.executeAt !== null ? spec : older);
      if (draw.stale === 'gone') missing.push(id);
      else batches.push(staleBatch(id, draw, entries[address]!));
    }
    if (madeId === undefined) continue;
    const meant = intent(address, spec, { newest: NOW - 5400 });
    const isFirst = byTurns([...intents, meant]).unsent.length === 0;
    if (hasState && draw.intended && isFirst) intents.push(meant);
    const isTold = spec.executeAt !== null || !hasState || intents.some((one) => one.address === address);
    if (isTold) real.set(address, madeId);
  }
  const foreign = new Set<Id>();
  for (const one of drawn.foreign) {
    const id = String(next++);
    foreign.add(id);
    batches.push(
      observedBatch(id, {
        on: one.on.map(server),
        template: one.template,
        executeAt: one.executeAt,
        isSeen: one.seen,
        phases: 'pending',
      }),
    );
  }
  return {
    desired: desired(wanted.filter((_, i) => !drawn.draws[i]!.dropped)),
    reach: (of) => reached(of, truth),
    state: drawn.state === 'none' ? null : state(entries, { intents }),
    observation: observation(batches, { missing, inventory: inventoryOf(truth, drawn) }),
    real,
    foreign,
  };
}

interface Geography {
  readonly fleets: Readonly<Record<Id, readonly Id[]>>;
  readonly regions: Readonly<Record<Id, readonly Id[]>>;
  readonly instances: readonly (readonly Id[])[];
}

/** Without overlap: fleets and regions of 4, 3, 3, 3 and 3, and single game servers that are nobody else's. */
function geography(subsets: readonly number[][], overlap: boolean): Geography {
  const cuts = [0, 4, 7, 10, 13, 16];
  const parts = overlap
    ? subsets.map((indices) => [...indices].sort((a, b) => a - b).map(server))
    : cuts.slice(1).map((end, i) => Array.from({ length: end - cuts[i]! }, (_, n) => server(cuts[i]! + n)));
  return {
    fleets: Object.fromEntries(FLEETS.map((id, i) => [id, parts[i]!])),
    regions: Object.fromEntries(REGIONS.map((id, i) => [id, parts[3 + i]!])),
    instances: overlap
      ? [parts[5]!, parts[0]!.slice(0, 2), [server(3)]]
      : [servers(500, 3), servers(600, 2), servers(700, 1)],
  };
}

function servers(first: number, count: number): Id[] {
  return Array.from({ length: count }, (_, i) => server(first + i));
}

function targetOf(draw: Draw, truth: Geography): Pick<DesiredBatch, 'targets' | 'targetText'> {
  const fleet = FLEETS[draw.index]!;
  const region = REGIONS[draw.index % 2]!;
  const all: Record<Draw['target'], Targets> = {
    fleet: onFleet(fleet),
    region: targets({ regions: [region] }),
    instances: targets({ instances: truth.instances[draw.index]! }),
    union: targets({ fleets: [fleet], regions: [region] }),
    labels: targets({ labels: [{ key: 'tier', value: String(draw.index) }] }),
  };
  return { targets: all[draw.target], targetText: `${draw.target} ${draw.index}` };
}

/** What a POST with these targets reached, when it was sent; labels are where nobody can look. */
function reached(of: Targets, truth: Geography): Id[] {
  if (of.labels.length > 0) return servers(2 + Number(of.labels[0]!.value), 4);
  return [
    ...new Set([
      ...of.fleets.flatMap((id) => truth.fleets[id]!),
      ...of.regions.flatMap((id) => truth.regions[id]!),
      ...of.instances,
    ]),
  ];
}

function made(id: Id, draw: Draw, on: readonly Id[]): ObservedBatch {
  const isLater = draw.executeAt !== null && draw.executeAt > NOW;
  const phases = isLater ? 'pending' : draw.phases;
  return observedBatch(id, {
    on,
    template: draw.template,
    executeAt: draw.executeAt,
    isSeen: draw.seen,
    phases:
      phases === 'mixed' ? on.map((_, i) => (['done', 'failed', 'cancelled'] as const)[i % 3]!) : phases,
  });
}

function staleBatch(id: Id, draw: Draw, bound: StateEntry): ObservedBatch {
  const phases = draw.stale === 'live' ? 'pending' : draw.stale === 'final' ? 'done' : 'cancelled';
  return observedBatch(id, { template: draw.template, executeAt: bound.spec.executeAt, phases });
}

/** Drift: of each fleet and region one game server may have gone, and one may have come. */
function inventoryOf(truth: Geography, { inventory, drift }: Drawn): Inventory {
  if (inventory === 'none') return { fleets: {}, regions: {}, unavailable: 'it does not answer' };
  const drifted = (all: Readonly<Record<Id, readonly Id[]>>, offset: number) =>
    Object.fromEntries(
      Object.entries(all).map(([id, on], i) => {
        const gone = drift[offset + i]!;
        const came = server(800 + gone);
        return [id, [...on.filter((_, n) => n !== gone), ...(gone % 2 === 0 ? [came] : [])]];
      }),
    );
  if (inventory === 'drifted') {
    return { fleets: drifted(truth.fleets, 0), regions: drifted(truth.regions, 4), unavailable: null };
  }
  if (inventory === 'exact') return { fleets: truth.fleets, regions: truth.regions, unavailable: null };
  const { [FLEETS[drift[0]! % 3]!]: _, ...fleets } = truth.fleets;
  return { fleets, regions: drift[1]! % 2 === 0 ? truth.regions : {}, unavailable: 'it answers in part' };
}
