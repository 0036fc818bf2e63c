/** The main job from outside: a file, a process, an API over HTTP in each of the ways that it may answer. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, KEY, serve } from '../support/cli.ts';
import { faultRules } from '../support/sandbox/fault-rules.ts';

const it = suite('acceptance');

const AT = inHours(24);
const LATER = inHours(30);

function file(batches: string): string {
  return [
    'version: 1',
    'name: live-ops',
    'fleets: { eu: 1394296486561117717, us: "1394296486561117718" }',
    'regions: { ams: 42 }',
    'batches:',
    batches,
  ].join('\n');
}
const restart = (name: string, target: string, at: string) =>
  `  ${name}: { template: Restart game server, target: { ${target} }, executeAt: ${at} }\n`;
const THREE = file(
  restart('eu', 'fleet: eu', AT) +
    restart('us', 'fleet: us', AT) +
    `  deploy: { template: 8, target: { region: ams }, params: { buildId: 8812 }, executeAt: ${LATER} }\n`,
);

for (const shape of ['array', 'object'] as const) {
  for (const order of ['newest-first', 'oldest-first'] as const) {
    it(`plans, applies, adopts, replaces and cancels (${shape}, ${order})`, async () => {
      const deleteAnswer = shape === 'array' ? 'task' : 'empty';
      const api = await serve({
        shape,
        order,
        deleteAnswer,
        extraFields: true,
        notYet: shape === 'array' ? 'zero' : 'absent',
      });
      try {
        const cwd = folder({ 'fleetform.yaml': THREE });
        const run = (...args: string[]) => fleetform(args, cwd, api.env);

        const planned = await run('plan', '--detailed-exitcode');
        assert.is(planned.code, 2, planned.stderr);
        assert.match(planned.stdout, /^Plan: 3 to create, 0 to replace, 0 to cancel/m);
        assert.ok(api.requests.every(({ method }) => method === 'GET'));

        const refused = await run('apply');
        assert.is(refused.code, 1);
        assert.match(refused.stderr, '--auto-approve');
        assert.equal(api.posts(), []);

        const applied = await run('apply', '--auto-approve');
        assert.is(applied.code, 0, applied.stderr);
        const at = Date.parse(AT) / 1000;
        const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
        assert.equal(api.posts().sort(byText), [
          { taskTemplateId: '7', fleetId: '1394296486561117717', executeAt: at },
          { taskTemplateId: '7', fleetId: '1394296486561117718', executeAt: at },
          {
            taskTemplateId: '8',
            regionId: '42',
            executeAt: Date.parse(LATER) / 1000,
            taskActionParam: [{ paramName: 'buildId', paramValue: '8812' }],
          },
        ]);
        assert.is((await run('plan', '--detailed-exitcode')).code, 0);

        rmSync(join(cwd, '.fleetform'), { recursive: true });
        const adopted = await run('apply', '--auto-approve');
        assert.is(adopted.code, 0, adopted.stderr);
        assert.match(adopted.stdout, '3 adopted');
        assert.is(api.posts().length, 3);

        await fetch(`${api.server.url}/v3/applicationInstance/task`, {
          method: 'POST',
          headers: { 'PRIVATE-TOKEN': 'a stranger' },
          body: JSON.stringify({ taskTemplateId: '9', regionId: '51', executeAt: at }),
        });
        const stranger = api.record.batches.at(-1)!;
        writeFileSync(join(cwd, 'fleetform.yaml'), file(restart('eu', 'fleet: eu', LATER)));
        const moved = await run('apply', '--auto-approve');
        assert.is(moved.code, 0, moved.stderr);
        assert.match(moved.stdout, /^Plan: 0 to create, 1 to replace, 2 to cancel/m);
        assert.ok(stranger.taskIds.every((id) => api.record.tasks[id]?.cancelledAt === null));
        const live = api.record.batches.filter((batch) =>
          batch.taskIds.some((id) => api.record.tasks[id]?.cancelledAt === null),
        );
        assert.is(live.length, 2);

        api.ahead = 50 * 3600;
        assert.is((await run('plan', '--detailed-exitcode')).code, 0);
        assert.is((await run('apply', '--auto-approve')).code, 0);
        assert.is(api.posts().length, 5, 'three, a stranger, one replace; nothing is repeated');
        const ours = api.requests.filter(({ headers }) => headers['private-token'] !== 'a stranger');
        assert.ok(ours.every(({ headers }) => headers['private-token'] === KEY));
      } finally {
        await api.server.close();
      }
    });
  }
}

it('the list full of foreign batches, and no state: its game servers tell, else an error and no POST; --assume-missing overrules', async () => {
  let isAnswered = false;
  const api = await serve({
    token: null,
    faultFor: ({ path }) =>
      !isAnswered && /\/applicationInstance\/\d+\/task$/.test(path)
        ? { when: 'before', kind: 'status', status: 403 }
        : undefined,
  });
  try {
    for (let i = 0; i < 100; i += 1) {
      await fetch(`${api.server.url}/v3/applicationInstance/task`, {
        method: 'POST',
        body: JSON.stringify({
          taskTemplateId: '9',
          applicationInstanceIds: ['6268349608602583718'],
          executeAt: 1_900_000_000 + i,
        }),
      });
    }
    api.requests.length = 0;
    const cwd = folder({ 'fleetform.yaml': THREE });
    const refused = await fleetform(['apply', '--auto-approve'], cwd, api.env);
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /list is full/);
    assert.match(refused.stderr, '--assume-missing');
    assert.equal(api.posts(), []);
    const forced = await fleetform(['apply', '--auto-approve', '--assume-missing'], cwd, api.env);
    assert.is(forced.code, 0, forced.stderr);
    assert.is(api.posts().length, 3);
    const destroyed = await fleetform(['destroy', '--auto-approve'], cwd, api.env);
    assert.is(destroyed.code, 0, destroyed.stderr);
    isAnswered = true;
    const told = await fleetform(['apply', '--auto-approve'], folder({ 'fleetform.yaml': THREE }), api.env);
    assert.is(told.code, 0, told.stderr);
    assert.is(api.posts().length, 6);
  } finally {
    await api.server.close();
  }
});

it('an answer that gets lost does not make a second batch', async () => {
  const rules = faultRules([
    { method: 'POST', nth: 1, fault: { when: 'after', kind: 'reset' } },
    { method: 'POST', nth: 2, fault: { when: 'after', kind: '503-empty' } },
    { method: 'POST', nth: 3, fault: { when: 'after', kind: 'status', status: 409 } },
  ]);
  const api = await serve({ faultFor: rules.faultFor });
  try {
    const cwd = folder({ 'fleetform.yaml': THREE });
    const state = () => JSON.parse(readFileSync(join(cwd, '.fleetform/live-ops.state.json'), 'utf8'));
    const applied = await fleetform(['apply', '--auto-approve'], cwd, api.env);
    assert.equal(rules.struck, [1, 1, 1], 'three answers were lost');
    assert.is(applied.code, 0, applied.stderr);
    assert.is(api.posts().length, 3);
    assert.is(api.record.batches.length, 3);
    assert.is(Object.keys(state().entries).length, 3);
    assert.equal(state().intents, []);
    assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd, api.env)).code, 0);
  } finally {
    await api.server.close();
  }
});

it('the key goes nowhere that only a file names', async () => {
  const api = await serve();
  try {
    const cwd = folder({ 'fleetform.yaml': `${THREE}\napi: { url: "${api.server.url}" }\n` });
    const refused = await fleetform(['plan'], cwd, { FLEETFORM_TOKEN: KEY });
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /the key is not sent to a URL that only the\s+file names/);
    assert.is(api.requests.length, 0);
    assert.is((await fleetform(['plan'], cwd, api.env)).code, 0);
  } finally {
    await api.server.close();
  }
});

it('the key is nowhere in what a run leaves behind, at whatever log level', async () => {
  const api = await serve();
  try {
    const cwd = folder({ 'fleetform.yaml': THREE });
    const all: string[] = [];
    for (const args of [
      ['plan', '--out', 'p.json', '--log-level', 'debug'],
      ['apply', 'p.json', '--log-level', 'debug', '--json'],
      ['status', '--json', '--log-level', 'debug'],
      ['destroy', '--auto-approve', '--log-level', 'debug'],
    ]) {
      const { code, stdout, stderr } = await fleetform(args, cwd, api.env);
      assert.is(code, 0, stderr);
      all.push(stdout, stderr);
    }
    all.push(
      readFileSync(join(cwd, 'p.json'), 'utf8'),
      readFileSync(join(cwd, '.fleetform/live-ops.state.json'), 'utf8'),
    );
    assert.ok(all.join('').length > 2000);
    assert.not.match(all.join('\n'), KEY);
  } finally {
    await api.server.close();
  }
});

it.run();
