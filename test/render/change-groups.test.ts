/** Targets of one block, told together: nothing of any of them is lost, and what they share is told once. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/model/plan.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { type PlanView, renderPlan } from '../../src/render/plan.ts';
import { assertHarmless } from './golden.ts';
import * as plans from './plans.ts';

const test = suite('groups of targets');
const VIEW: PlanView = {
  now: plans.NOW,
  color: false,
  width: 80,
  timezone: 'UTC',
  aliases: plans.ALIASES,
};
type Replace = Extract<Change, { action: 'replace' }>;
const REPLACE = plans.REPLACE as Replace;
const COUNT = 90;
const SHARED = [{ name: 'buildId', value: '8812' }];

/** The `n`th target of one block, with a batch and a param value of its own. */
function replaced(n: number, fields: Partial<Replace> = {}): Replace {
  const { before, after } = REPLACE;
  const fleet = `f${n + 100}`;
  return {
    ...REPLACE,
    address: `nightly[fleet:${fleet}]`,
    targetText: `fleet ${fleet}`,
    batchIds: [String(5000 + n * 3)],
    before: { ...before, fleets: [fleet], params: [{ name: 'buildId', value: '8811' }] },
    after: { ...after, fleets: [fleet], params: SHARED },
    ...fields,
  };
}

const many = (fields: (n: number) => Partial<Replace> = () => ({})) =>
  Array.from({ length: COUNT }, (_, n) => replaced(n, fields(n)));
const show = (changes: readonly Change[], view: Partial<PlanView> = {}) =>
  renderPlan(plans.plan({ changes }), { ...VIEW, ...view });
const linesOf = (text: string) => text.trimEnd().split('\n');
const count = (text: string, part: string) => text.split(part).length - 1;

test('90 replaces of one block are one group', () => {
  const text = show(many());
  assert.ok(linesOf(text).length < COUNT + 15, `${linesOf(text).length} lines`);
  assert.match(text, '-/+ nightly  90 batches will be replaced\n');
  for (const told of ['Deploy build', '"8811" -> "8812"', 'changed in the file', '38 game servers each']) {
    assert.is(count(text, told), 1, told);
  }
  for (const { address, batchIds } of many()) {
    assert.ok(text.includes(address) && text.includes(batchIds[0]!), address);
  }
  assert.ok(linesOf(text).every((one) => displayWidth(one) <= 80));
  assertHarmless(text);
});

test('briefly, what all of a block share is told once, with how many they are', () => {
  const text = show(many(), { concise: true });
  assert.match(
    text,
    /^-\/\+ nightly {2}90 batches will be replaced:\s[\s\S]*"8811" -> "8812"[\s\S]* 90 fleets\s+\(38 game servers each\)$/m,
  );
  assert.ok(linesOf(text).length < 10, text);
  assert.not.match(text, 'fleet:f101');
});

test('briefly, targets are named where others of the block are left alone', () => {
  const [first, second] = many();
  const kept = { ...plans.NO_OP, address: 'nightly[fleet:kept]' };
  const text = show([first!, second!, kept], { concise: true });
  for (const { address } of [first!, second!]) assert.match(text, address);
  const part = {
    ...plans.plan().scope,
    targets: [first!.address, second!.address],
    excludes: [],
    replaces: [],
  };
  assert.match(
    renderPlan({ ...plans.plan({ changes: [first!, second!] }), scope: part }, { ...VIEW, concise: true }),
    second!.address,
  );
});

function onServers(n: number, ids: readonly string[]): Change {
  const of = { fleets: [], instances: [...ids] };
  const [first] = ids;
  return {
    ...replaced(n),
    address: `nightly[instances:${ids.length === 1 ? first : `${first}+${ids.length - 1}~${ids.join('')}`}]`,
    targetText: ids.length === 1 ? `game server ${first}` : `${ids.length} game servers`,
    servers: ids.length,
    tasks: plans.tasks({ pending: ids.length }),
    before: plans.spec({ ...of, params: [{ name: 'buildId', value: '1' }] }),
    after: plans.spec({ ...of, params: [{ name: 'buildId', value: '2' }] }),
  } as Change;
}

test('briefly, sets of game servers are counted as fleets are, though each lists its own', () => {
  const briefly = (changes: readonly Change[]) => show(changes, { concise: true }).replace(/\s+/g, ' ');
  const [first, second] = many();
  const fleets = [first!, second!].map(
    (one) => ({ ...one, before: onServers(1, ['1']).before, after: onServers(1, ['1']).after }) as Change,
  );
  assert.match(briefly([...fleets, onServers(3, ['7', '8'])]), ', 2 fleets, 2 game servers ');
  assert.match(
    briefly([onServers(3, ['7', '8']), onServers(4, ['7']), onServers(5, ['8'])]),
    ', 3 sets of 1 or 2 game servers ',
  );
  assert.match(briefly([onServers(3, ['7', '8']), onServers(4, ['7', '9'])]), ', 2 sets of 2 game servers ');
  assert.match(briefly([onServers(4, ['7']), onServers(5, ['8'])]), ', 2 game servers ');
});

test('the details of each stand in one order, and what is listed is not counted beside it', () => {
  const text = show([onServers(4, ['7']), onServers(3, ['7', '8'])]);
  assert.match(text, /nightly\[instances:7\] +batch 5012, 1 game server, 1 pending\n/);
  assert.match(text, /batch 5009, instances 7, 8, 2 pending\n/);
  assert.not.match(text, 'instances 7, 8, 2 game');
});

for (const concise of [false, true]) {
  test(`whatever is one's own is told with it${concise ? ', briefly' : ''}`, () => {
    const own = (n: number): Partial<Replace> => ({
      servers: 7000 + n,
      tasks: plans.tasks({ pending: 300 + n, running: n % 3 }),
      reason: `reason ${n}`,
      before: plans.spec({ params: [{ name: 'buildId', value: `old-${n}` }] }),
      after: plans.spec({
        executeAt: plans.AT_FOUR + 60 * n,
        params: [
          { name: 'buildId', value: `new-${n}` },
          { name: 'of-all', value: 'z' },
        ],
      }),
    });
    const text = show(many(own), { concise }).replace(/\s+/g, ' ');
    for (let n = 0; n < COUNT; n++) {
      const time = new Date((plans.AT_FOUR + 60 * n) * 1000).toISOString().slice(11, 16);
      for (const told of [`"old-${n}" -> "new-${n}"`, `${7000 + n} game servers`, `reason ${n}`, time]) {
        assert.ok(text.includes(told), told);
      }
    }
    assert.is(count(text, 'of-all = "z"'), 1);
  });
}

test('a param of many lines that differs stands below its target', () => {
  const script = (n: number) => plans.spec({ params: [{ name: 'script', value: `a\nrun ${n}\nb\n` }] });
  const text = show([
    replaced(1, { before: script(0), after: script(1) }),
    replaced(2, { before: script(0), after: script(2) }),
  ]);
  assert.match(text, /nightly\[fleet:f101\] {2}batch 5003\n +params +~ script:\n[\s\S]*\+ run 1\n/);
  assert.match(text, /nightly\[fleet:f102\] {2}batch 5006\n +params +~ script:\n[\s\S]*\+ run 2\n/);
});

test('what stands alone, in its block or with its action, is no group', () => {
  const text = show([replaced(1), { ...plans.CANCEL, address: 'nightly[fleet:x]' }, plans.CREATE]);
  assert.match(text, '-/+ nightly[fleet:f101]  will be replaced (batch 5003)\n');
  assert.match(text, '  - nightly[fleet:x]  will be cancelled (batch 39)\n');
  assert.match(text, '  + hotfix  will be created (after batch 38)\n');
});

test('batches that a template claims are told together', () => {
  const claimed = [77, 78].map((id) => ({
    ...plans.CANCEL_CLAIMED,
    address: `batch:${id}`,
    batchIds: [String(id)],
  }));
  const text = show(claimed as Change[]);
  assert.match(text, '  - unmanaged  2 batches will be cancelled\n');
  assert.match(text, 'target     unknown (12 game servers each)\n');
  assert.match(text, '\n      batch:77\n      batch:78\n');
});

test('occurrences: every target, every batch and every time that does not repeat', () => {
  const days = [0, 1, 3, 4, 8, 9, 15, 22];
  const made = Array.from({ length: 9 }, (_, n) =>
    days.slice(n === 8 ? 4 : 0).map((day) => {
      const one = plans.night({ ...REPLACE, batchIds: [String(8000 + n * 100 + day)] }, day);
      return { ...one, address: one.address.replace(/\[.*?\]/, `[fleet:t${n}]`), targetText: `fleet t${n}` };
    }),
  ).flat();
  const text = show(made).replace(/\s+/g, ' ');
  for (const { batchIds } of made) assert.ok(text.includes(batchIds[0]!), batchIds[0]);
  for (let n = 0; n < 9; n++) assert.ok(text.includes(`fleet t${n} (`), `t${n}`);
  assert.not.match(text, /\d+ more/);
  assert.match(text, 'fleet t8 (4 batches, 38 game servers each): 4 runs on 9, 10, 16 and 23 Dec, 03:30 UTC');
  assert.match(text, '8 runs on 1, 2, 4, 5, 9, 10, 16 and 23 Dec, 03:30 UTC');
});

test('briefly and quietly, batches that are not ours are counted, or left out', () => {
  const unmanaged = plans.fullPlan().unmanaged;
  const plan = plans.plan({ changes: [plans.CREATE], unmanaged });
  assert.match(
    renderPlan(plan, { ...VIEW, concise: true }),
    `\n${unmanaged.length} unmanaged batches, left alone.\n`,
  );
  assert.not.match(renderPlan(plan, { ...VIEW, concise: true }), unmanaged[0]!.batchId);
  assert.not.match(renderPlan(plan, { ...VIEW, quiet: true }), 'unmanaged');
});

test.run();
