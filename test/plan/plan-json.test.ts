import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { validatePlan } from '../../src/generated/plan.js';
import { validateState } from '../../src/generated/state.js';
import { FleetformError } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planToJson } from '../../src/model/plan-text.ts';
import { safeJson } from '../../src/model/safe-text.ts';
import type { State } from '../../src/model/state.ts';
import { parsePlan } from '../../src/plan/plan-json.ts';
import { assertHarmless } from '../render/golden.ts';
import { EVERY_CHANGE, fullPlan, HOSTILE, NO_OP, plan, spec } from '../render/plans.ts';

const test = suite('plan JSON');
type Loose = Record<string, unknown>;

function thrown(text: string): FleetformError {
  try {
    parsePlan(text, 'plan.json');
  } catch (error) {
    assert.instance(error, FleetformError);
    return error as FleetformError;
  }
  throw new Error('it was accepted');
}

/** As it is saved. */
const saved = (plan: Plan): Loose => JSON.parse(planToJson(plan));
/** By whom knows how a digest is made. */
const swapped = (change: (plan: Plan) => Plan) => planToJson(change(JSON.parse(JSON.stringify(fullPlan()))));

/** Every record in a document, with the way to put something else there. */
function* records(value: unknown, path = ''): Generator<{ path: string; record: Loose }> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield { path, record: value as Loose };
  for (const [key, inner] of Object.entries(value)) yield* records(inner, `${path}/${key}`);
}

test('what is written reads back the same', () => {
  const made = fullPlan();
  assert.equal(parsePlan(planToJson(made)), made);
  assert.ok(planToJson(made).endsWith('}\n'));
});

test('the order of keys does not depend on who made the objects', () => {
  const shuffle = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffle);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([k, v]) => [k, shuffle(v)]),
    );
  };
  assert.is(planToJson(shuffle(fullPlan()) as typeof made), planToJson(made));
});
const made = fullPlan();

test('ids are strings, to the last digit', () => {
  assert.match(planToJson(made), /"1394296486561117717"/);
});

for (const change of EVERY_CHANGE) {
  test(`a change is accepted: ${change.action} ${change.address}`, () => {
    assert.ok(
      validatePlan(saved(plan({ changes: [change] }))),
      JSON.stringify(validatePlan.errors?.[0]?.message),
    );
  });
}

test('an unknown key is refused anywhere', () => {
  const count = [...records(saved(fullPlan()))].length;
  for (let index = 0; index < count; index += 1) {
    const broken = saved(fullPlan());
    const { path, record } = [...records(broken)][index]!;
    record.extra = 1;
    assert.not.ok(validatePlan(broken), `an extra key at ${path || '/'} was accepted`);
  }
});

test('a missing key is refused anywhere, but for the optional ones', () => {
  const optional = new Set(['hint', 'address', 'range', 'snippet']);
  for (const { path, record } of [...records(saved(fullPlan()))]) {
    for (const key of Object.keys(record)) {
      if (path.startsWith('/diagnostics') && optional.has(key)) continue;
      const broken = saved(fullPlan());
      const same = [...records(broken)].find((one) => one.path === path)!;
      delete same.record[key];
      assert.not.ok(validatePlan(broken), `${path}/${key} may be missing`);
    }
  }
});

test('wrong values are refused, and named', () => {
  const wrong: [Loose, RegExp][] = [
    [{ ...NO_OP, action: 'explode' }, /\/changes\/0\/action/],
    [{ ...NO_OP, batchIds: [41] }, /\/changes\/0\/batchIds\/0/],
    [{ ...NO_OP, servers: '4' }, /\/changes\/0\/servers/],
    [{ ...NO_OP, before: null }, /\/changes\/0\/before/],
    [{ ...NO_OP, phase: 'missing' }, /\/changes\/0\/phase/],
    [{ ...NO_OP, after: { ...spec(), executeAt: 1.5 } }, /\/changes\/0\/after\/executeAt/],
  ];
  for (const [change, place] of wrong) {
    const error = thrown(planToJson(plan({ changes: [change] as never })));
    assert.is(error.code, 'plan.invalid');
    assert.match(error.message, place);
    assert.match(error.message, /plan\.json/);
  }
});

test('numbers that are not those of the changes are refused', () => {
  const more = swapped((plan) => ({
    ...plan,
    summary: { ...plan.summary, create: plan.summary.create + 1 },
  }));
  assert.match(thrown(more).message, /does not match its changes/);
  assert.match(thrown(swapped((plan) => ({ ...plan, changes: [] }))).message, /does not match its changes/);
});

test('no value can be changed without its digest telling', () => {
  const places = [...records(saved(fullPlan()))].flatMap(({ path, record }) =>
    Object.keys(record).map((key) => ({ path, key })),
  );
  assert.ok(places.length > 150);
  let told = 0;
  for (const { path, key } of places) {
    const { record } = [...records(saved(fullPlan()))].find((one) => one.path === path)!;
    const document = saved(fullPlan());
    const place = [...records(document)].find((one) => one.path === path)!.record;
    const value = record[key];
    place[key] =
      typeof value === 'number'
        ? value + 1
        : typeof value === 'boolean'
          ? !value
          : typeof value === 'string'
            ? `${value}x`
            : null;
    if (place[key] === value) continue;
    const error = thrown(`${JSON.stringify(document, null, 2)}\n`);
    assert.match(error.code, /^plan\.(invalid|version)$/, `${path}/${key}`);
    if (error.message.includes('the digest does not match')) told += 1;
  }
  assert.ok(told > 60, `${told} by the digest, the others by the schema`);
});

test('only the very text is taken: not what shows one thing and says another', () => {
  const text = planToJson(fullPlan());
  assert.equal(parsePlan(text.replaceAll('\n', '\r\n')), fullPlan(), 'but for line ends');
  assert.equal(parsePlan(safeJson(text)), fullPlan(), 'and for how it is printed');
  const twice = text.replace('"mode": ', '"mode": "refresh-only",\n  "mode": ');
  for (const other of [twice, JSON.stringify(JSON.parse(text)), text.replace('"name": ', '"name":  ')]) {
    assert.is.not(other, text);
    assert.match(thrown(other).message, /did not write it in this form/);
  }
});

test('not JSON, not a plan, another version', () => {
  assert.is(thrown('{').code, 'plan.invalid');
  assert.is(thrown('[]').code, 'plan.invalid');
  assert.is(thrown('null').code, 'plan.invalid');
  const other = thrown(JSON.stringify({ ...plan(), formatVersion: '2.0' }));
  assert.is(other.code, 'plan.version');
  assert.match(other.message, /"2\.0".*"1\.0"/);
  assertHarmless(thrown(JSON.stringify({ ...plan(), [HOSTILE]: 1 })).message);
});

const STATE: State = {
  version: 1,
  lineage: '0e2f3f5e-6f0a-4f5e-9a43-0f0f4a1d1c11',
  serial: 4,
  name: 'live-ops',
  api: 'https://api.i3d.net',
  entries: {
    'nightly[fleet:eu]': {
      batchIds: ['41'],
      spec: spec(),
      digest: 'abc',
      createdAt: 1,
      phase: 'scheduled',
      preventCancel: false,
    },
  },
  intents: [
    {
      id: 'i1',
      address: 'hotfix',
      spec: spec({ executeAt: null, labels: [{ key: 'a', value: 'b' }] }),
      digest: 'abc',
      preventCancel: true,
      since: 2,
      seen: ['40'],
      newest: null,
    },
  ],
};

test('a state is accepted, and refused with a key too many or too few', () => {
  assert.ok(validateState(STATE));
  for (const { path, record } of [...records(STATE)]) {
    const isMap = path === '/entries';
    for (const key of [...(isMap ? [] : Object.keys(record)), 'extra']) {
      const broken = structuredClone(STATE);
      const same = [...records(broken)].find((one) => one.path === path)!;
      if (key === 'extra') same.record.extra = 1;
      else delete same.record[key];
      assert.not.ok(validateState(broken), `${path}/${key}`);
    }
  }
});

test.run();
