import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSandbox, type MemoryOptions } from '../support/sandbox/memory.ts';
import { BATCHES, EU, first, request, STAGING, TASKS } from './calls.ts';

const it = suite('sandbox simulation');

const NOW = 1_800_000_000;
const MOST_SECONDS = 60;

function make(options: MemoryOptions = {}, body: object = {}) {
  const sandbox = createSandbox(options);
  const call = (...args: Parameters<typeof request>) => sandbox.handle(request(...args));
  call('POST', TASKS, { taskTemplateId: '7', fleetId: EU, ...body });
  const codes = () => sandbox.batches()[0]!.tasks.map((task) => task.resultCode);
  const task = (id = 50_001) => first(call('GET', `${TASKS}/${id}`));
  return { sandbox, call, codes, task };
}

it('waits for its time, starts game servers one after the other, and ends all well in 20 to 40 s', () => {
  const { sandbox, codes, call } = make({}, { executeAt: NOW + 100 });
  sandbox.advance(99);
  assert.ok(codes().every((code) => code === 0));
  const mixes = new Set<string>();
  let seconds = -1;
  for (; codes().some((code) => code < 125); seconds += 1) {
    mixes.add([...new Set(codes())].sort().join());
    sandbox.advance(1);
  }
  assert.ok(seconds >= 20 && seconds <= 40, `${seconds} s`);
  assert.ok(mixes.has('0,1') && mixes.has('1,127'), [...mixes].join(' '));
  const batch = first(call('GET', `${BATCHES}/4001`));
  assert.equal([batch.numTasks, batch.numTasksOk, batch.numTasksFailed], [24, 24, 0]);
  assert.is(batch.finishedAt, sandbox.now());
});

it('goes through its actions, and tells when it last did something', () => {
  const { sandbox, task } = make(
    {},
    { fleetId: STAGING, taskTemplateId: '8', taskActionParam: [{ paramName: 'buildId', paramValue: '1' }] },
  );
  const actions: unknown[] = [];
  for (let i = 0; i < MOST_SECONDS && task().resultCode !== 127; i += 1) {
    const { resultCode, currentActionIdx, lastActivityAt } = task();
    if (resultCode === 1) assert.is(lastActivityAt, sandbox.now());
    if (actions.at(-1) !== currentActionIdx) actions.push(currentActionIdx);
    sandbox.advance(1);
  }
  assert.equal(actions, [0, 1, 2]);
  const { finishedAt } = task();
  sandbox.advance(10_000);
  assert.equal([task().finishedAt, task().lastActivityAt, task().resultText], [finishedAt, finishedAt, '']);
});

it('the pace can be set', () => {
  const { sandbox, codes } = make({ pace: { actionSeconds: [1, 1], staggerSeconds: 0 } });
  sandbox.advance(1);
  assert.ok(codes().every((code) => code === 1));
  sandbox.advance(1);
  assert.ok(codes().every((code) => code === 127));
});

it('the same seed is the same course, another one is another', () => {
  const course = (seed: number) => {
    const { sandbox } = make({ seed, failRate: 0.4 });
    return Array.from({ length: MOST_SECONDS }, () => {
      sandbox.advance(1);
      return sandbox.batches();
    });
  };
  assert.equal(course(7), course(7));
  assert.not.equal(course(7), course(8));
});

it('one jump of the clock comes to the same as many steps', () => {
  const steps = make({ failRate: 0.3 });
  for (let i = 0; i < 33; i += 1) {
    steps.sandbox.advance(1);
    steps.codes();
  }
  const jump = make({ failRate: 0.3 });
  jump.sandbox.advance(33);
  assert.equal(jump.sandbox.batches(), steps.sandbox.batches());
});

it('fails as many as told, each with a reason, at the action that failed', () => {
  const shareOf = (failRate: number) => {
    const { sandbox, codes } = make({ failRate });
    sandbox.advance(MOST_SECONDS);
    for (const task of sandbox.batches()[0]!.tasks) {
      if (task.resultCode !== 126) continue;
      assert.is(task.resultText, `action ${task.currentActionIdx} ended with exit code 1`);
    }
    return codes().filter((code) => code === 126).length;
  };
  assert.equal([shareOf(0), shareOf(1)], [0, 24]);
  assert.ok(shareOf(0.3) > 0 && shareOf(0.3) < 24);
  const { sandbox, call } = make({ failRate: 1 });
  sandbox.advance(MOST_SECONDS);
  assert.is(first(call('GET', `${BATCHES}/4001`)).numTasksFailed, 24);
  assert.equal([...new Set(sandbox.batches()[0]!.tasks.map((task) => task.currentActionIdx))].sort(), [0, 1]);
});

it('a paused task stands still, whether it had begun or not, and goes on where it was', () => {
  for (const before of [0, 13]) {
    const { sandbox, call, task } = make({}, { executeAt: NOW + 5 });
    const free = make({}, { executeAt: NOW + 5 });
    sandbox.advance(before);
    const was = task();
    assert.is(first(call('PUT', `${TASKS}/50001`)).resultCode, 2);
    sandbox.advance(5000);
    assert.equal([task().resultCode, task().currentActionIdx], [2, was.currentActionIdx]);
    assert.is(task().lastActivityAt, was.lastActivityAt);
    assert.ok([0, 1].includes(first(call('PUT', `${TASKS}/50001`)).resultCode as number));
    sandbox.advance(MOST_SECONDS);
    free.sandbox.advance(before + 5000 + MOST_SECONDS);
    assert.is(task().resultCode, 127);
    assert.ok((task().finishedAt as number) > (free.task().finishedAt as number));
  }
});

it('a pause that ends before its time delays nothing', () => {
  const { sandbox, call, task } = make({}, { executeAt: NOW + 500 });
  const free = make({}, { executeAt: NOW + 500 });
  call('PUT', `${TASKS}/50001`);
  sandbox.advance(400);
  call('PUT', `${TASKS}/50001`);
  sandbox.advance(1000);
  free.sandbox.advance(1400);
  assert.equal(task(), free.task());
});

it('cancels what is pending, running or paused, and nothing that is final', () => {
  const { sandbox, call, task } = make({}, { executeAt: NOW + 5 });
  assert.is(first(call('DELETE', `${TASKS}/50001`)).resultCode, 125);
  assert.is(task().finishedAt, NOW);
  call('PUT', `${TASKS}/50002`);
  assert.is(first(call('DELETE', `${TASKS}/50002`)).resultCode, 125);
  sandbox.advance(16);
  assert.is(task(50_003).resultCode, 1);
  assert.is(first(call('DELETE', `${TASKS}/50003`)).resultCode, 125);
  sandbox.advance(MOST_SECONDS);
  for (const id of [50_001, 50_004]) {
    for (const method of ['PUT', 'DELETE'] as const) {
      const before = task(id);
      assert.is(call(method, `${TASKS}/${id}`).status, 409, `${method} ${id}`);
      assert.equal(task(id), before);
    }
  }
  const batch = first(call('GET', `${BATCHES}/4001`));
  assert.equal([batch.numTasksOk, batch.numTasksCancelled], [21, 3]);
});

it('refuses to cancel a running task when told so', () => {
  const { sandbox, call, task } = make({ refuseCancelRunning: true }, { executeAt: NOW + 5 });
  assert.is(call('DELETE', `${TASKS}/50001`).status, 200);
  sandbox.advance(16);
  assert.is(task(50_003).resultCode, 1);
  assert.is(call('DELETE', `${TASKS}/50003`).status, 409);
  call('PUT', `${TASKS}/50003`);
  assert.is(call('DELETE', `${TASKS}/50003`).status, 200, 'once it is paused');
});

it('whatever is done to it, counters and codes agree, and what is final stays as it is', async () => {
  const step = fc.oneof(
    fc.record({ advance: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ method: fc.constantFrom('PUT', 'DELETE'), task: fc.integer({ min: 50_001, max: 50_006 }) }),
  );
  const seed = Number(process.env.FC_SEED ?? 20_261_123);
  const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const { sandbox, call } = make({ failRate: 0.3 }, { fleetId: STAGING, executeAt: NOW + 10 });
    const final = new Map<string, string>();
    for (const one of steps) {
      if ('advance' in one) sandbox.advance(one.advance);
      else call(one.method as 'PUT' | 'DELETE', `${TASKS}/${one.task}`);
      const { tasks } = sandbox.batches()[0]!;
      for (const task of tasks) {
        const text = JSON.stringify(task);
        if (final.has(task.id)) assert.is(text, final.get(task.id));
        assert.is(task.finishedAt !== null, task.resultCode >= 125);
        assert.ok((task.finishedAt ?? task.lastActivityAt ?? 0) <= sandbox.now());
        if (task.resultCode >= 125) final.set(task.id, text);
      }
      const batch = first(call('GET', `${BATCHES}/4001`));
      const count = (code: number) => tasks.filter((task) => task.resultCode === code).length;
      assert.equal(
        [batch.numTasksOk, batch.numTasksFailed, batch.numTasksCancelled],
        [count(127), count(126), count(125)],
      );
      assert.is(
        batch.finishedAt !== 0,
        tasks.every((task) => task.resultCode >= 125),
      );
    }
  });
  // A failure prints the seed and the smallest case.
  await fc.assert(property, { seed, numRuns: 150 });
});

it('goes on from a snapshot as if nothing had been, and leaves it as it is', () => {
  const one = make({ failRate: 0.3, seed: 5 });
  one.sandbox.advance(9);
  one.call('PUT', `${TASKS}/50001`);
  const snapshot = JSON.parse(JSON.stringify(one.sandbox.snapshot()));
  const other = createSandbox({ failRate: 0.3, record: snapshot });
  for (const sandbox of [one.sandbox, other]) {
    sandbox.handle(request('DELETE', `${TASKS}/50002`));
    sandbox.advance(20);
  }
  assert.equal(other.batches(), one.sandbox.batches());
  assert.is(snapshot.tasks['50002'].cancelledAt, null);
});

it.run();
