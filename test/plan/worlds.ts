/**
 * Random worlds for the properties of a plan: a file, what really happened because of it, what strangers did, and
 * what of all that the state and the API still tell. Who made which batch is known here, and to nobody else.
 */
import fc from 'fast-check';
import type { Desired, DesiredBatch, Targets } from '../../src/model/desired.ts';
import type { Id } from '../../src/model/ids.ts';
import type {
  Home,
  Inventory,
  Observation,
  ObservedBatch,
  TaskPhase,
  Template,
} from '../../src/model/observed.ts';
import type { Intent, State, StateEntry } from '../../src/model/state.ts';
import { bySending } from '../../src/plan/sameness/settle.ts';
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
  TEMPLATES,
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
  /**
   * Address, as the file names it → the batch that was really made of it, observed, and not cancelled. Whoever bound
   * it, or nobody. Of what runs once, only where anything can tell.
   */
  readonly real: ReadonlyMap<string, Id>;
  /** Made by others, for things of their own. */
  readonly foreign: ReadonlySet<Id>;
  /** The game servers that a POST with these targets makes tasks for. */
  readonly reach: (targets: Targets) => readonly Id[];
}

export interface WorldOptions {
  /** Do fleets and regions share game servers? */
  readonly overlap: boolean;
  /** `homes`: exact, and it is known of each game server where it belongs. */
  readonly inventory: readonly ('exact' | 'homes' | 'none' | 'partial' | 'drifted')[];
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
  /** Have addresses changed places, or got new names, since the state was written? */
  readonly names?: boolean;
  /** What else may keep a batch from being told; default: nothing. */
  readonly weak?: readonly Draw['weak'][];
  /** How far the state knows what exists. `old`: all that is seen was made since. Default: nobody wrote it down. */
  readonly sight?: readonly ('untold' | 'old' | 'current')[];
  /** A second template of the same name, or one renamed since; default: neither. */
  readonly templates?: readonly ('plain' | 'shared' | 'renamed')[];
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
  /** `unfilled`: no tasks yet. `restamped`: another time by up to a minute. `replaced`: its game servers are gone. */
  readonly weak: 'none' | 'unfilled' | 'restamped' | 'replaced';
  readonly seconds: number;
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
    weak: fc.constantFrom(...(options.weak ?? (['none'] as const))),
    seconds: fc.integer({ min: -60, max: 60 }),
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
      sight: fc.constantFrom(...(options.sight ?? (['untold'] as const))),
      templates: fc.constantFrom(...(options.templates ?? (['plain'] as const))),
      names:
        options.names === true
          ? fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 })
          : fc.constant(null),
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
  readonly sight: 'untold' | 'old' | 'current';
  readonly templates: 'plain' | 'shared' | 'renamed';
  /** By the number of a batch: that of its address in the file. */
  readonly names: readonly number[] | null;
};

function build(drawn: Drawn, options: WorldOptions): World {
  const truth = geography(drawn.subsets, options.overlap);
  const batches: ObservedBatch[] = [];
  const real = new Map<string, Id>();
  const entries: Record<string, StateEntry> = {};
  const intents: Intent[] = [];
  const missing: Id[] = [];
  let next = 5000;

  const templates = templatesOf(drawn.templates);
  const nameOf = (i: number) => `b${drawn.names?.[i] ?? i}`;
  const before = drawn.draws.map((draw, i) =>
    desiredBatch(`b${i}`, {
      template: { id: idOf(draw.template) },
      executeAt: draw.executeAt,
      paused: draw.paused,
      ...targetOf(draw, truth),
    }),
  );
  const wanted = before.map((batch, i) => ({ ...batch, address: nameOf(i), block: nameOf(i) }));
  for (const [i, draw] of drawn.draws.entries()) {
    const batch = before[i]!;
    const spec = specOf(batch);
    const { address } = batch;
    const hasState = drawn.state !== 'none';
    let madeId: Id | undefined;
    const isBound = hasState && draw.bound === 'bound' && draw.made;
    if (draw.made) {
      madeId = String(next++);
      const all = reached(batch.targets, truth);
      const on = all.length > 3 ? all.slice(draw.short) : all;
      batches.push(made(madeId, isBound ? { ...draw, weak: 'none' } : draw, on));
    }
    if (isBound && madeId !== undefined) {
      entries[address] = entry([madeId], spec);
      real.set(nameOf(i), madeId);
      continue;
    }
    if (hasState && drawn.state === 'stale' && draw.bound === 'stale') {
      const id = String(next++);
      const older = { ...spec, executeAt: (spec.executeAt ?? NOW) - 7200, revision: null };
      entries[address] = entry([id], draw.stale === 'cancelled' && spec.executeAt !== null ? spec : older);
      if (draw.stale === 'gone') missing.push(id);
      else batches.push(staleBatch(id, draw, entries[address]!));
    }
    // What reached no game server at all has run nothing.
    if (madeId === undefined || reached(batch.targets, truth).length === 0) continue;
    const meant = intent(address, spec, { newest: NOW - 5400 });
    const isFirst = bySending([...intents, meant]).unsent.length === 0;
    if (hasState && draw.intended && isFirst) intents.push(meant);
    const isInDoubt = intents.some((one) => one.address === address);
    const isTold = spec.executeAt !== null || !hasState || drawn.sight === 'old' || isInDoubt;
    if (isTold) real.set(nameOf(i), madeId);
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
    state: drawn.state === 'none' ? null : state(entries, { intents, ...sightOf(drawn.sight, batches) }),
    observation: observation(batches, { templates, missing, inventory: inventoryOf(truth, drawn) }),
    real,
    foreign,
  };
}

function sightOf(kind: Drawn['sight'], batches: readonly ObservedBatch[]): Pick<State, 'sight'> {
  if (kind === 'untold') return {};
  if (kind === 'old') return { sight: { newest: NOW - 9000, ids: [] } };
  return { sight: { newest: NOW, ids: batches.map(({ id }) => id) } };
}

function idOf(name: string): Id {
  return name === RESTART.name ? RESTART.id : COLLECT.id;
}

/** Tasks tell the names of `TEMPLATES`: what was made before a rename tells the former one. */
function templatesOf(kind: Drawn['templates']): Template[] {
  if (kind === 'shared') return [...TEMPLATES, { ...RESTART, id: '9' }];
  if (kind === 'plain') return [...TEMPLATES];
  return TEMPLATES.map((one) => (one.id === RESTART.id ? { ...one, name: 'Restart' } : one));
}

interface Geography {
  readonly fleets: Readonly<Record<Id, readonly Id[]>>;
  readonly regions: Readonly<Record<Id, readonly Id[]>>;
  readonly instances: readonly (readonly Id[])[];
}

/**
 * A game server is of one fleet and of one region. Without overlap: fleets and regions of 4, 3, 3, 3 and 3, and single
 * game servers that are nobody else's.
 */
function geography(subsets: readonly number[][], overlap: boolean): Geography {
  const cuts = [0, 4, 7, 10, 13, 16];
  const all = Array.from({ length: POOL }, (_, i) => i);
  const split = (count: number, offset: number) =>
    Array.from({ length: count }, (_, part) =>
      all
        .filter((i) => {
          const first = subsets.slice(offset, offset + count).findIndex((one) => one.includes(i));
          return (first === -1 ? i % count : first) === part;
        })
        .map(server),
    );
  const parts = overlap
    ? [...split(3, 0), ...split(2, 3)]
    : cuts.slice(1).map((end, i) => Array.from({ length: end - cuts[i]! }, (_, n) => server(cuts[i]! + n)));
  return {
    fleets: Object.fromEntries(FLEETS.map((id, i) => [id, parts[i]!])),
    regions: Object.fromEntries(REGIONS.map((id, i) => [id, parts[3 + i]!])),
    instances: overlap
      ? [subsets[5]!.map(server), parts[0]!.slice(0, 2), [server(3)]]
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
  const isRestamped = draw.weak === 'restamped' && draw.executeAt !== null;
  const isReplaced = draw.weak === 'replaced' && draw.target !== 'instances';
  return observedBatch(id, {
    on: draw.weak === 'unfilled' ? [] : isReplaced ? on.map((_, i) => server(950 + i)) : on,
    template: draw.template,
    executeAt: isRestamped ? draw.executeAt! + draw.seconds : draw.executeAt,
    isSeen: draw.seen,
    ...(draw.weak === 'unfilled' ? { createdAt: NOW - 60 } : {}),
    phases:
      phases === 'mixed' ? on.map((_, i) => (['done', 'failed', 'cancelled'] as const)[i % 3]!) : phases,
  });
}

function staleBatch(id: Id, draw: Draw, bound: StateEntry): ObservedBatch {
  const phases = draw.stale === 'live' ? 'pending' : draw.stale === 'final' ? 'done' : 'cancelled';
  return observedBatch(id, { template: draw.template, executeAt: bound.spec.executeAt, phases });
}

function homesOf(truth: Geography): Map<Id, Home> {
  const homes = new Map<Id, Home>();
  const of = (all: Geography['fleets'], id: Id) =>
    Object.keys(all).find((one) => all[one]!.includes(id)) ?? '99';
  const all = [...Object.values(truth.fleets), ...Object.values(truth.regions), ...truth.instances].flat();
  for (const id of all) homes.set(id, { fleetId: of(truth.fleets, id), regionId: of(truth.regions, id) });
  return homes;
}

/** Drift: of each fleet and region one game server may have gone, and one may have come. */
function inventoryOf(truth: Geography, { inventory, drift }: Drawn): Inventory {
  if (inventory === 'none')
    return { fleets: {}, regions: {}, homes: null, unavailable: 'it does not answer' };
  const drifted = (all: Readonly<Record<Id, readonly Id[]>>, offset: number) =>
    Object.fromEntries(
      Object.entries(all).map(([id, on], i) => {
        const gone = drift[offset + i]!;
        const came = server(800 + gone);
        return [id, [...on.filter((_, n) => n !== gone), ...(gone % 2 === 0 ? [came] : [])]];
      }),
    );
  if (inventory === 'drifted') {
    return {
      fleets: drifted(truth.fleets, 0),
      regions: drifted(truth.regions, 4),
      homes: null,
      unavailable: null,
    };
  }
  if (inventory === 'homes') {
    const { fleets, regions } = truth;
    return { fleets, regions, homes: homesOf(truth), unavailable: null };
  }
  if (inventory === 'exact')
    return { fleets: truth.fleets, regions: truth.regions, homes: null, unavailable: null };
  const { [FLEETS[drift[0]! % 3]!]: _, ...fleets } = truth.fleets;
  return {
    fleets,
    regions: drift[1]! % 2 === 0 ? truth.regions : {},
    homes: null,
    unavailable: 'it answers in part',
  };
}
