/**
 * What holds for every plan, whatever the world looks like. Worlds are drawn at random; the seed is printed, and
 * `FC_SEED=… npm test -- properties` draws the same again.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch, Targets } from '../../src/model/desired.ts';
import type { Observation, ObservedBatch, Task, Template } from '../../src/model/observed.ts';
import type { State, StateEntry } from '../../src/model/state.ts';
import type { PlanInput } from '../../src/plan/input.ts';
import { plan } from '../../src/plan/plan.ts';
import { planDifferences } from '../../src/plan/review/compare.ts';
import { resolveBatches } from '../../src/plan/world/spec.ts';
import { NOW } from '../support/builders.ts';
import { batch, desired, START } from '../support/scene.ts';
import * as worlds from './worlds.ts';

const seed = Number(process.env.FC_SEED ?? 20_261_123);
console.log(`fast-check seed ${seed}`);
const RUNS = { seed, numRuns: 1500 };

const it = suite('plan properties');

const A = Array.from({ length: 12 }, (_, i) => `62683496080025837${10 + i}`);
const B = Array.from({ length: 8 }, (_, i) => `72683496080025837${10 + i}`);
const FLEET_A = '1394296486561117717';
const FLEET_B = '1394296486561117718';
const REGION = [...A.slice(0, 6), ...B.slice(0, 4)];
const TEMPLATES: Template[] = [
  { id: '7', name: 'Restart', description: '', requiredParams: [] },
  { id: '8', name: 'Collect', description: '', requiredParams: null },
];
const TARGETS: readonly { targets: Targets; servers: readonly string[] }[] = [
  { targets: { fleets: [FLEET_A], regions: [], instances: [], labels: [] }, servers: A },
  { targets: { fleets: [FLEET_B], regions: [], instances: [], labels: [] }, servers: B },
  { targets: { fleets: [], regions: ['42'], instances: [], labels: [] }, servers: REGION },
  { targets: { fleets: [], regions: [], instances: A.slice(0, 3), labels: [] }, servers: A.slice(0, 3) },
  {
    targets: { fleets: [FLEET_A], regions: ['42'], instances: [], labels: [] },
    servers: [...new Set([...A, ...REGION])],
  },
];

interface Drawn {
  readonly wanted: readonly DesiredBatch[];
  readonly observation: Observation;
  readonly state: State | null;
  /** Addresses whose batch really exists, was not cancelled, and is bound by nobody. */
  readonly existing: ReadonlySet<string>;
  readonly foreign: ReadonlySet<string>;
}

const oneWanted = fc.record({
  target: fc.nat(TARGETS.length - 1),
  template: fc.constantFrom('Restart', 'Collect'),
  executeAt: fc.constantFrom(START + 3600, START + 7200, START - 100, null),
  isMade: fc.boolean(),
  isBound: fc.boolean(),
  hasIntent: fc.boolean(),
  phase: fc.constantFrom('pending', 'done', 'failed') as fc.Arbitrary<Task['phase']>,
  /** Game servers that came and went since. */
  lost: fc.nat(2),
});
const oneForeign = fc.record({
  servers: fc.constantFrom(A, B, REGION, A.slice(4, 9), B.slice(0, 1)),
  template: fc.constantFrom('Restart', 'Collect'),
  executeAt: fc.constantFrom(START + 3600, START + 7200, START + 9999),
});
const world = fc
  .record({
    wanted: fc.uniqueArray(oneWanted, {
      minLength: 1,
      maxLength: 4,
      selector: (one) => `${one.target}/${one.template}/${one.executeAt}`,
    }),
    foreign: fc.array(oneForeign, { maxLength: 3 }),
    inventory: fc.constantFrom('whole', 'none', 'drifted'),
    hasState: fc.boolean(),
  })
  .map(draw);

function draw(input: {
  wanted: (typeof oneWanted extends fc.Arbitrary<infer T> ? T : never)[];
  foreign: (typeof oneForeign extends fc.Arbitrary<infer T> ? T : never)[];
  inventory: string;
  hasState: boolean;
}): Drawn {
  let nextId = 9000;
  const batches: ObservedBatch[] = [];
  const make = (
    servers: readonly string[],
    templateName: string,
    executeAt: number | null,
    phase: Task['phase'],
  ) => {
    const id = String(nextId++);
    const tasks = servers.map((entityId, i) => task(`${id}${10 + i}`, id, entityId, templateName, phase));
    const count = (wanted: Task['phase']) => tasks.filter((one) => one.phase === wanted).length;
    batches.push({
      id,
      createdAt: START - 50,
      executeAt: executeAt ?? START - 50,
      finishedAt: null,
      numTasks: tasks.length,
      numTasksOk: count('done'),
      numTasksFailed: count('failed'),
      numTasksCancelled: 0,
      taskIds: tasks.map((one) => one.id),
      tasks,
      templateName,
    });
    return id;
  };
  const wanted = input.wanted.map((one, i) =>
    batch(`b${i}`, {
      template: { name: one.template },
      targets: TARGETS[one.target]!.targets,
      executeAt: one.executeAt,
      revision: null,
    }),
  );
  const { resolved } = resolveBatches(wanted, TEMPLATES);
  const entries: Record<string, StateEntry> = {};
  const intents: State['intents'][number][] = [];
  const existing = new Set<string>();
  for (const [i, one] of input.wanted.entries()) {
    const { spec, digest } = resolved[i]!;
    const address = `b${i}`;
    if (!one.isMade) continue;
    const servers = TARGETS[one.target]!.servers;
    const id = make(
      servers.slice(Math.min(one.lost, servers.length - 2)),
      one.template,
      one.executeAt,
      one.phase,
    );
    if (input.hasState && one.isBound) {
      entries[address] = {
        batchIds: [id],
        spec,
        digest,
        createdAt: 1,
        phase: 'scheduled',
        preventCancel: false,
      };
    } else if (one.executeAt !== null || !input.hasState) existing.add(address);
    else if (one.hasIntent && !intents.some((intent) => intent.spec.template.id === spec.template.id)) {
      intents.push({
        id: `i${i}`,
        address,
        spec,
        digest,
        preventCancel: false,
        since: START - 60,
        seen: [],
        newest: START - 90,
      });
      existing.add(address);
    }
  }
  const foreign = new Set(
    input.foreign.map((one) => make(one.servers, one.template, one.executeAt, 'pending')),
  );
  const drift = (servers: readonly string[]) => (input.inventory === 'drifted' ? servers.slice(1) : servers);
  const isKnown = input.inventory !== 'none';
  return {
    wanted,
    existing,
    foreign,
    observation: {
      templates: TEMPLATES,
      batches,
      listed: batches.map(({ id }) => id),
      batchListFull: false,
      newestListed: START,
      histories: {},
      at: START,
      clockAhead: 0,
      missing: [],
      ghosts: [],
      inventory: {
        fleets: isKnown ? { [FLEET_A]: drift(A), [FLEET_B]: drift(B) } : {},
        regions: isKnown ? { '42': drift(REGION) } : {},
        homes: null,
        unavailable: isKnown ? null : 'it does not answer',
      },
      tasks: batches.reduce((sum, one) => sum + one.tasks.length, 0),
    },
    state: input.hasState
      ? { version: 1, lineage: 'l', serial: 1, name: 'live', api: 'sandbox', entries, intents }
      : null,
  };
}

function task(id: string, batchId: string, entityId: string, name: string, phase: Task['phase']): Task {
  return {
    id,
    name,
    batchId,
    entityId,
    phase,
    resultCode: 0,
    currentActionIdx: 0,
    executeAt: null,
    lastActivityAt: null,
    finishedAt: null,
    resultText: '',
  };
}

function planOf(drawn: Drawn) {
  return plan({
    desired: desired(drawn.wanted),
    state: drawn.state,
    observation: drawn.observation,
    now: START,
    fleetformVersion: '0',
    api: 'sandbox',
  });
}

it('no plan creates what an observed batch may already be', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      for (const change of planOf(drawn).changes) {
        if (change.action === 'create' && drawn.existing.has(change.address)) {
          throw new Error(`${change.address} exists, and would be created: ${change.reason}`);
        }
      }
    }),
    RUNS,
  );
});

it('no two addresses get one batch, and none that is bound is given away', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const bound = new Set(Object.values(drawn.state?.entries ?? {}).flatMap((entry) => entry.batchIds));
      const adopted = planOf(drawn)
        .changes.filter((change) => change.action === 'adopt')
        .flatMap((one) => one.batchIds);
      assert.is(new Set(adopted).size, adopted.length);
      assert.not(adopted.some((id) => bound.has(id)));
    }),
    RUNS,
  );
});

it('a foreign batch is never cancelled', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      for (const change of planOf(drawn).changes) {
        if (change.action !== 'cancel' && change.action !== 'replace') continue;
        assert.not(
          change.batchIds.some((id) => drawn.foreign.has(id)),
          `${change.action} of ${change.batchIds}`,
        );
      }
    }),
    RUNS,
  );
});

it('the order of any input changes nothing in what is decided', () => {
  fc.assert(
    fc.property(world, fc.nat(), (drawn, salt) => {
      const other: Drawn = {
        ...drawn,
        wanted: shuffled(drawn.wanted, salt),
        observation: {
          ...drawn.observation,
          templates: shuffled(drawn.observation.templates, salt + 1),
          batches: shuffled(drawn.observation.batches, salt + 2).map((one) => ({
            ...one,
            tasks: shuffled(one.tasks, salt + 3),
          })),
        },
        state:
          drawn.state === null
            ? null
            : {
                ...drawn.state,
                entries: Object.fromEntries(shuffled(Object.entries(drawn.state.entries), salt + 4)),
              },
      };
      const first = planOf(drawn);
      const second = planOf(other);
      const sorted = (changes: typeof first.changes) =>
        [...changes]
          .sort((a, b) => (a.address < b.address ? -1 : 1))
          .map((one) => [one.address, one.action, one.batchIds]);
      assert.equal(sorted(second.changes), sorted(first.changes));
      assert.equal(planDifferences(first, second), []);
      assert.equal(second.unmanaged, first.unmanaged);
    }),
    RUNS,
  );
});

const anything = worlds.world({
  overlap: true,
  inventory: ['exact', 'none', 'partial', 'drifted'],
  state: ['none', 'partial', 'stale'],
  once: true,
  foreign: 3,
  edited: true,
  names: true,
  sight: ['old', 'current', 'untold'],
  weak: ['none', 'unfilled', 'restamped', 'replaced'],
  templates: ['plain', 'shared', 'renamed'],
});

it('nor does it where names shift, evidence is weak and the state is old', () => {
  fc.assert(
    fc.property(anything, fc.nat(), (drawn, salt) => {
      const { state, observation } = drawn;
      const first = inOrderOf(drawn, {});
      const second = inOrderOf(drawn, {
        desired: { ...drawn.desired, blocks: shuffled(drawn.desired.blocks, salt) },
        observation: {
          ...observation,
          templates: shuffled(observation.templates, salt + 1),
          batches: shuffled(observation.batches, salt + 2),
          listed: shuffled(observation.listed, salt + 3),
        },
        state: state && {
          ...state,
          entries: Object.fromEntries(shuffled(Object.entries(state.entries), salt + 4)),
        },
      });
      assert.equal(second, first);
    }),
    RUNS,
  );
});

/** What a plan comes to, without the order in which it is told. */
function inOrderOf(drawn: worlds.World, other: Partial<PlanInput>) {
  const made = plan({ ...drawn, now: NOW, fleetformVersion: '0.0.0-test', api: 'sandbox', ...other });
  const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).sort();
  const { changes, moves, diagnostics, unmanaged, summary } = made;
  return {
    changes: sorted(changes),
    moves: sorted(moves),
    diagnostics: sorted(diagnostics),
    unmanaged,
    summary,
  };
}

it('a plan is data: it survives JSON, and is the same the second time', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const made = planOf(drawn);
      assert.equal(JSON.parse(JSON.stringify(made)), JSON.parse(JSON.stringify(planOf(drawn))));
      assert.equal(planDifferences(made, JSON.parse(JSON.stringify(made))), []);
    }),
    { ...RUNS, numRuns: 300 },
  );
});

function shuffled<T>(items: readonly T[], salt: number): T[] {
  return items
    .map((item, i) => ({ item, key: Math.imul(i + 1, 2_654_435_761 ^ salt) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

it.run();
