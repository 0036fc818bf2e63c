/** The net of the random schedules itself: what its API does, and that its judge sees what is wrong and nothing else. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiResponse, Method } from '../../src/api/port.ts';
import { CANCELLED, DONE, FLEETS, isOver, PAUSED } from '../support/schedules/account.ts';
import { Chronicle } from '../support/schedules/chronicle.ts';
import { VirtualClock } from '../support/schedules/clock.ts';
import { Emulation } from '../support/schedules/emulation.ts';
import { type Ending, Machine } from '../support/schedules/machines.ts';
import { LATEST } from '../support/schedules/mischief.ts';
import { Oracle } from '../support/schedules/oracle.ts';
import { Dice } from '../support/schedules/random.ts';
import { runSchedule } from '../support/schedules/schedule.ts';
import { type Block, bodyOf, type File } from '../support/schedules/wishes.ts';

const it = suite('net of the schedules');

const START = 1_800_000_000;
const TASK = '/v3/applicationInstance/task';

function world() {
  const clock = new VirtualClock(START);
  const dice = new Dice(1);
  const chronicle = new Chronicle(clock);
  const api = new Emulation(clock, dice, chronicle);
  api.mischief.end();
  const machine = new Machine(clock, api, chronicle);
  const oracle = new Oracle(api.account, machine, () => 0);
  api.onPost = (body) => oracle.sent(body);
  /** In flight: whoever lets time pass lets it arrive. */
  const post = (body: object): Promise<ApiResponse> =>
    api.transport(
      { method: 'POST', path: TASK, headers: {}, body: JSON.stringify(body) },
      new AbortController().signal,
    );
  const send = (method: Method, path: string): Promise<ApiResponse> =>
    clock.drive(api.transport({ method, path, headers: {} }, new AbortController().signal));
  return { clock, api, account: api.account, machine, oracle, post, send };
}

const block = (fields: Partial<Block> = {}): Block => ({
  name: 'a',
  template: { id: '21', name: null },
  targets: [{ kind: 'fleet', ids: [FLEETS[0]!] }],
  executeAt: START + 3600,
  revision: null,
  startingDeadline: 300,
  paused: undefined,
  ...fields,
});
const file = (...blocks: Block[]): File => ({ blocks, moved: [], claims: [] });
const once = block({ executeAt: null, revision: 1 });
const body = (of: Block) => bodyOf(of, of.targets[0]!);
const KILLED: Ending = { kind: 'killed' };
/** What the judge says of the end, where the engine stands at rest. */
function verdict({ oracle }: ReturnType<typeof world>): string[] {
  oracle.judgeEnd(KILLED, false);
  return oracle.wrongs.filter(({ what }) => what !== 'never comes to an end').map(({ what }) => what);
}

it('a task runs at its time, and then nothing can be done to it', async () => {
  const { clock, account, post, send } = world();
  assert.is((await clock.drive(post(body(block())))).status, 200);
  const [task] = account.batches[0]!.tasks;
  assert.is((await send('PUT', `${TASK}/${task!.id}`)).status, 200);
  assert.is(task!.code, PAUSED);
  assert.is((await send('PUT', `${TASK}/${task!.id}`)).status, 200);
  await clock.advance(7200);
  account.progress();
  assert.is(task!.startedAt, START + 3600);
  assert.ok(isOver(task!.code) && task!.code >= 126 && task!.code <= DONE);
  assert.is((await send('DELETE', `${TASK}/${task!.id}`)).status, 409);
  assert.is((await send('DELETE', `${TASK}/1`)).status, 404);
});

it('a game server is a bare integer of 19 digits', async () => {
  const { clock, post, send } = world();
  await clock.drive(post(body(block())));
  assert.match((await send('GET', TASK)).body, /"entityId":\d{19},/);
});

it('what is carried out late is carried out', async () => {
  const { clock, api, account, post } = world();
  api.mischief.rates.set('carried out late', 1);
  post(body(block())).catch(() => {});
  await clock.advance(0.5);
  assert.is(account.batches.length, 0);
  await clock.advance(LATEST);
  assert.is(account.batches.length, 1);
  assert.is(account.batches[0]!.by, 'ours, late');
});

it('twice the same run is seen', () => {
  const all = world();
  all.oracle.asks(file(block()), [], false);
  all.account.create(body(block()), 'ours');
  assert.equal(verdict(all), []);
  all.account.create(body(block()), 'ours');
  assert.equal(verdict(all), ['runs twice']);
});

it('one that was cancelled before anything of it began was no run', async () => {
  const all = world();
  all.oracle.asks(file(block()), [], false);
  const first = all.account.create(body(block()), 'ours');
  for (const task of first.tasks) all.account.cancel(task, 'somebody');
  assert.is(first.tasks[0]!.code, CANCELLED);
  all.account.create(body(block()), 'ours');
  assert.equal(verdict(all), []);
});

it('a batch without a time runs once for each revision, whatever its name', () => {
  const all = world();
  all.oracle.asks(file(once), [], false);
  all.account.create(body(once), 'ours');
  all.oracle.ended(KILLED, true);
  all.oracle.asks(file({ ...once, name: 'b' }), [], false);
  all.oracle.ended(KILLED, true);
  all.oracle.asks(file({ ...once, name: 'b', revision: 2 }), [], false);
  all.account.create(body(once), 'ours');
  assert.equal(verdict(all), []);
  all.account.create(body(once), 'ours');
  assert.equal(verdict(all), ['runs twice']);
});

it('one that was taken out and put back, and one that is replaced, may run again', () => {
  const all = world();
  for (const blocks of [[once], [block()], [once]]) {
    all.oracle.asks(file(...blocks), [], false);
    all.oracle.ended(KILLED, true);
  }
  all.oracle.asks(file(once), ['a'], false);
  for (let i = 0; i < 3; i += 1) all.account.create(body(once), 'ours');
  assert.equal(verdict(all), []);
});

it('what nobody asked for, and what comes too late, is seen at its sending', async () => {
  const all = world();
  all.oracle.asks(file(block()), [], false);
  await all.clock.drive(all.post(body(block({ executeAt: START + 60 }))));
  await all.clock.advance(3600 + 320);
  await all.clock.drive(all.post(body(block())));
  assert.equal(
    all.oracle.wrongs.map(({ what }) => what),
    ['nobody asked for it', 'created too late'],
  );
});

it("a stranger's task is not ours to touch, but where its template is claimed", () => {
  const all = world();
  all.oracle.asks(file(block()), [], false);
  const [task] = all.account.create(body(block({ executeAt: START + 99_999 })), 'somebody').tasks;
  all.account.toggle(task!, 'ours');
  assert.equal(
    all.oracle.wrongs.map(({ what }) => what),
    ["a stranger's task touched"],
  );
  all.oracle.wrongs.length = 0;
  all.oracle.asks({ ...file(block()), claims: ['21'] }, [], false);
  all.account.cancel(task!, 'ours');
  assert.equal(all.oracle.wrongs, []);
});

it('what may be a wanted run is cancelled by no claim', () => {
  const all = world();
  all.oracle.asks({ ...file(block()), claims: ['21'] }, [], false);
  const [task] = all.account.create(body(block()), 'somebody').tasks;
  all.account.cancel(task!, 'ours');
  assert.equal(
    all.oracle.wrongs.map(({ what }) => what),
    ['what is in question cancelled'],
  );
});

it('a schedule is its number alone', async () => {
  const [one, other] = [await runSchedule(7), await runSchedule(7)];
  assert.equal(one.story, other.story);
});

it.run();
