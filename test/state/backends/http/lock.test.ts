/** Who holds a lock, as servers tell it; locks of others; servers that name nobody or lock nothing. */
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownIdentity } from '../../../../src/lock/process-identity.ts';
import { LockedError, type StateBackend } from '../../../../src/state/backend.ts';
import { newLockInfo } from '../../../../src/state/backends/http/lock-info.ts';
import { codeOfError } from '../../../lock/volume.ts';
import type { Kind } from '../../../support/state-server.ts';
import { answer, type Bed, bed, STATE } from './bed.ts';

async function on(kind: Kind, run: (place: Bed, backend: StateBackend) => Promise<void>): Promise<void> {
  const place = await bed(kind);
  try {
    await run(place, place.open());
  } finally {
    await place.end();
  }
}

const TERRAFORM = {
  ID: '3d20d141-88c4-bb14-d677-88c5c9ec329a',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'bob@laptop',
  Version: '1.11.4',
  Created: '2026-07-23T21:13:45.004096153Z',
  Path: '',
};

const JOB = {
  GITLAB_USER_LOGIN: 'ann',
  CI_JOB_URL: 'https://gitlab.example.org/live/-/jobs/7',
  CI_COMMIT_SHA: '1a2b3c4d5e6f7a8b',
};

const HOLDER = { who: 'ann@ci', host: 'ci', pid: 7, operation: 'state mv', job: null, commit: null };

const it = suite('http state, locks');

it('a holder of fleetform is told with its process, job and commit', () =>
  on('lenient', async ({ open }, backend) => {
    const lock = await open({}, JOB).lock('apply');
    const { holder, silentSeconds } = (await backend.inspectLock())!;
    assert.equal(holder, lock.holder);
    assert.equal([holder.job, holder.commit, holder.pid], [JOB.CI_JOB_URL, JOB.CI_COMMIT_SHA, process.pid]);
    assert.is(silentSeconds, null);
    await lock.release();
  }));

it("GitLab's answer tells of the holder what GitLab keeps, and nothing of who asks", () =>
  on('strict', async ({ open, server }, backend) => {
    const lock = await open({}, JOB).lock('state mv');
    const { holder } = (await backend.inspectLock())!;
    assert.equal(
      { ...holder, since: '' },
      {
        id: lock.holder.id,
        who: 'ada',
        host: null,
        pid: null,
        since: '',
        operation: 'state mv',
        job: null,
        commit: null,
      },
    );
    assert.is(lock.holder.who, 'ada');
    await lock.release();
    server.lock = { ID: TERRAFORM.ID, Who: 'ada', Created: TERRAFORM.Created };
    const other = (await backend.inspectLock())!.holder;
    assert.is(other.operation, 'an unknown operation');
  }));

it("a lock of Terraform's is told, kept, and removed by its id", () =>
  on('lenient', async ({ server }, backend) => {
    server.lock = { ...TERRAFORM };
    try {
      await backend.lock('apply');
      assert.unreachable();
    } catch (error) {
      assert.instance(error, LockedError);
      assert.match((error as LockedError).message, 'locked by bob@laptop since 2026-07-23T21:13:45');
      assert.match((error as LockedError).message, 'OperationTypeApply');
      assert.match((error as LockedError).hint ?? '', `force-unlock ${TERRAFORM.ID}`);
    }
    const removed = await backend.forceUnlock(TERRAFORM.ID, false);
    assert.equal([removed.who, removed.host, removed.pid], ['bob@laptop', null, null]);
    assert.is(server.lock, null);
    assert.equal(JSON.parse(server.seen.at(-1)!.body), TERRAFORM);
  }));

it('what a server says of a holder is shown safely, and is not believed to be short', () =>
  on('lenient', async ({ server }, backend) => {
    server.lock = { ...TERRAFORM, Who: `\u001b[31m${'w'.repeat(5000)}`, Operation: '::error::x' };
    const { holder } = (await backend.inspectLock())!;
    assert.not.match(JSON.stringify(holder), /\\u001b|"::/);
    assert.ok(holder.who.length <= 300);
    for (const ID of ['', ' ', 'x'.repeat(300), 7 as never]) {
      server.lock = { ...TERRAFORM, ID };
      assert.is((await backend.inspectLock())!.holder.id, 'unknown');
    }
  }));

it('a young lock is kept, unless its process is certainly gone or it is forced', () =>
  on('lenient', async ({ server }, backend) => {
    const since = new Date().toISOString();
    const self = await ownIdentity();
    const put = (info: object) => {
      server.lock = info as Record<string, string>;
      return server.lock.ID!;
    };
    const young = put({ ...TERRAFORM, Created: since });
    assert.is(await codeOfError(backend.forceUnlock(young, false)), 'state.lock-alive');
    const undated = put({ ...TERRAFORM, Created: 'soon' });
    assert.is(await codeOfError(backend.forceUnlock(undated, false)), 'state.lock-alive');
    await backend.forceUnlock(undated, true);
    assert.is(server.lock, null);

    const elsewhere = put(newLockInfo({ ...HOLDER, since }, { ...self, host: 'ci', pid: 7 }, ''));
    assert.is(await codeOfError(backend.forceUnlock(elsewhere, false)), 'state.lock-alive');

    if (self.bootId === null) return;
    const { pid } = spawnSync('true');
    const gone = put(
      newLockInfo({ ...HOLDER, host: hostname(), pid, since }, { ...self, pid, startTicks: '1' }, ''),
    );
    assert.is((await backend.forceUnlock(gone, false)).operation, 'state mv');

    const long = '2026-01-01T00:00:00Z';
    const alive = put(newLockInfo({ ...HOLDER, host: hostname(), pid: process.pid, since: long }, self, ''));
    assert.is(await codeOfError(backend.forceUnlock(alive, false)), 'state.lock-alive', 'it is seen to run');
    const old = put(newLockInfo({ ...HOLDER, since: long }, { ...self, host: 'ci', pid: 7 }, ''));
    await backend.forceUnlock(old, false);
    assert.is(server.lock, null);
  }));

it("the look of another is waited for, and is nobody's lock", () =>
  on('lenient', async ({ server }, backend) => {
    const look = newLockInfo({ ...HOLDER, operation: 'look', since: '' }, await ownIdentity(), '');
    server.lock = { ...look };
    let met = 0;
    server.mischief = (method) => {
      if (method === 'LOCK' && ++met === 3) server.lock = null;
      return undefined;
    };
    const lock = await backend.lock('apply');
    await lock.release();
    assert.ok(met >= 3);
  }));

it('a server that grants a lock to two keeps none', () =>
  on('lenient', async ({ server }, backend) => {
    server.mischief = (method) => (method === 'GET' ? undefined : answer(200));
    const error = await backend.lock('apply').catch((thrown) => thrown);
    assert.is(error.code, 'state.no-lock');
    assert.match(error.hint, 'ADDRESS/lock');
    assert.is(server.state, null);
  }));

it('a lock that another got in between stays theirs when this one is given back', () =>
  on('lenient', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.lock = { ...TERRAFORM };
    await lock.release();
    assert.is(server.lock?.ID, TERRAFORM.ID);
  }));

it('an unlock whose answer is lost takes no lock of the next one', () =>
  on('lenient', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.mischief = (method) => {
      if (method === 'UNLOCK') server.lock = { ...TERRAFORM };
      return method === 'UNLOCK' ? { is: 'reset-before' } : undefined;
    };
    await lock.release();
    assert.is(server.lock?.ID, TERRAFORM.ID);
    assert.is(server.seen.filter(({ method }) => method === 'UNLOCK').length, 1);
  }));

it("a lock is young by the server's clock, too", () =>
  on('strict', async ({ server }, backend) => {
    const now = Date.now() - 3_600_000;
    const Created = new Date(now).toISOString();
    const body = JSON.stringify({ ...TERRAFORM, Created });
    server.mischief = () => answer(409, body, { Date: new Date(now + 9000).toUTCString() });
    assert.is(await codeOfError(backend.forceUnlock(TERRAFORM.ID, false)), 'state.lock-alive');
  }));

it('a proof holds for a moment, and then the server is asked', () =>
  on('strict', async ({ server, open }) => {
    let now = 0;
    const backend = open({ monotonic: () => now });
    const lock = await backend.lock('apply');
    const before = server.seen.length;
    now = 1900;
    await lock.prove();
    assert.is(server.seen.length, before);
    now = 4000;
    await lock.prove();
    assert.is(server.seen.length, before + 1);
    server.mischief = () => answer(503);
    now = 12_000;
    assert.is(await codeOfError(lock.prove()), 'state.lock-unproven');
    server.mischief = () => undefined;
    await lock.prove();
    await lock.release();
  }));

it('where nobody is named, the holder goes on, and looks at the serial before each write', () =>
  on('nameless', async ({ server, asked, open }, backend) => {
    const lock = await backend.lock('apply');
    await backend.write(STATE, { lock, expectedSerial: null });
    await backend.write({ ...STATE, serial: 2 }, { lock, expectedSerial: 1 });
    assert.is(asked().filter((one) => one === 'GET').length, 3, 'and once behind the first');
    server.state = JSON.stringify({ ...STATE, serial: 7 });
    const late = backend.write({ ...STATE, serial: 3 }, { lock, expectedSerial: 2 });
    assert.is(await codeOfError(late), 'state.serial');

    const other = open();
    const error = (await other.lock('destroy').catch((thrown) => thrown)) as LockedError;
    assert.instance(error, LockedError);
    assert.match(error.message, 'does not name');
    assert.not.match(error.hint ?? '', 'force-unlock');
    assert.is((await other.inspectLock())?.holder.id, 'unknown');
    assert.is(await codeOfError(other.forceUnlock(lock.holder.id, false)), 'state.lock-alive');
    assert.is(await codeOfError(other.forceUnlock('x', true)), 'state.no-such-lock');
    assert.is((await other.forceUnlock(lock.holder.id, true)).id, lock.holder.id);
    assert.is(
      await codeOfError(backend.write({ ...STATE, serial: 8 }, { lock, expectedSerial: 7 })),
      'state.lock-lost',
    );
    await lock.release();
    assert.is(server.lock, null);
  }));

it('where nobody is named, a lost answer to a lock says which lock may be its own', () =>
  on('nameless', async ({ server }, backend) => {
    let isDealt = false;
    server.mischief = () => {
      if (isDealt) return undefined;
      isDealt = true;
      return { is: 'reset-after' };
    };
    const error = (await backend.lock('apply').catch((thrown) => thrown)) as LockedError;
    assert.instance(error, LockedError);
    assert.match(error.hint ?? '', `force-unlock ${server.lock?.ID} --force`);
  }));

it.run();
