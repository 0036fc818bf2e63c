import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LockedError } from '../../src/state/backend.ts';
import { acquireLockFile, inspectLockFile, removeLockFile } from '../../src/state/lock-file.ts';
import { isProcessGone, ownIdentity } from '../../src/state/process-identity.ts';

const HOLDER = { who: 'ada@here', host: 'here', pid: 1, since: '2026-11-23T12:00:00Z', operation: 'apply' };

interface Context {
  folder: string;
  path: string;
}
const lock = suite<Context>('lock file');

lock.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'fleetform-lock-'));
  context.path = join(context.folder, 'live.lock.json');
});
lock.after.each(async ({ folder }) => rm(folder, { recursive: true }));

/** A process id that was in use and is not any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('close', resolve));
  return child.pid!;
}

async function deadIdentity() {
  return { ...(await ownIdentity()), pid: await deadPid(), startTicks: '1' };
}

lock('names its holder, and is gone after release', async ({ path, folder }) => {
  const held = await acquireLockFile(path, HOLDER, await ownIdentity());
  assert.is(JSON.parse(await readFile(path, 'utf8')).who, 'ada@here');
  assert.is((await inspectLockFile(path))?.holder.id, held.holder.id);
  await held.release();
  assert.equal(await readdir(folder), []);
  assert.is(await inspectLockFile(path), null);
});

lock('refuses a second one, naming the first', async ({ path }) => {
  const self = await ownIdentity();
  const first = await acquireLockFile(path, HOLDER, self);
  try {
    await acquireLockFile(path, { ...HOLDER, who: 'bob@here' }, self);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, LockedError);
    assert.match((error as LockedError).message, 'ada@here');
    assert.match((error as LockedError).message, HOLDER.since);
    assert.match((error as LockedError).hint ?? '', first.holder.id);
  }
  await first.release();
});

lock('takes over from a dead process of this host, and says from whom', async ({ path, folder }) => {
  await acquireLockFile(path, { ...HOLDER, who: 'ghost@here' }, await deadIdentity());
  const taken = await acquireLockFile(path, HOLDER, await ownIdentity());
  assert.is(taken.takenOverFrom?.who, 'ghost@here');
  assert.equal(await readdir(folder), ['live.lock.json']);
  await taken.release();
  assert.equal(await readdir(folder), []);
});

lock('takes over behind a taker that died half-way', async ({ path, folder }) => {
  const dead = await deadIdentity();
  const first = await acquireLockFile(path, { ...HOLDER, who: 'first@here' }, dead);
  // What a taker leaves that dies between its claim and its move to the front.
  const claim = { ...dead, ...HOLDER, ...dead, id: 'half-way', who: 'second@here' };
  await writeFile(`${path}.${first.holder.id}.next`, JSON.stringify(claim));
  const taken = await acquireLockFile(path, HOLDER, await ownIdentity());
  assert.is(taken.takenOverFrom?.who, 'second@here');
  assert.equal(await readdir(folder), ['live.lock.json']);
  await taken.release();
});

lock('leaves alone what another host holds, dead or not', async ({ path }) => {
  const elsewhere = { ...(await deadIdentity()), host: 'elsewhere' };
  await acquireLockFile(path, { ...HOLDER, host: 'elsewhere', who: 'eve@elsewhere' }, elsewhere);
  try {
    await acquireLockFile(path, HOLDER, await ownIdentity());
    assert.unreachable();
  } catch (error) {
    assert.instance(error, LockedError);
    assert.match((error as LockedError).message, 'eve@elsewhere');
  }
});

lock('of many takers of one dead lock exactly one wins', async ({ path, folder }) => {
  for (let round = 0; round < 20; round += 1) {
    await acquireLockFile(path, HOLDER, await deadIdentityOnce());
    const self = await ownIdentity();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => acquireLockFile(path, { ...HOLDER, who: `taker-${i}@here` }, self)),
    );
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    assert.is(winners.length, 1, `round ${round}: ${winners.length} winners`);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.instance(outcome.reason, LockedError);
    }
    await winners[0]!.value.release();
    assert.equal(await readdir(folder), []);
  }
});

let remembered: Awaited<ReturnType<typeof deadIdentity>> | undefined;
async function deadIdentityOnce() {
  remembered ??= await deadIdentity();
  return remembered;
}

lock('force-unlock removes exactly the lock it names', async ({ path, folder }) => {
  const held = await acquireLockFile(path, HOLDER, await ownIdentity());
  try {
    await removeLockFile(path, 'another-id');
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'state.no-such-lock');
  }
  assert.is((await removeLockFile(path, held.holder.id)).who, 'ada@here');
  assert.equal(await readdir(folder), []);
  await held.release();
});

lock('force-unlock finds the holder behind a dead one, too', async ({ path }) => {
  const dead = await deadIdentity();
  const first = await acquireLockFile(path, HOLDER, dead);
  // A taker of another host that has claimed the place, and was cut off before it moved to the front.
  const claim = { ...dead, ...HOLDER, id: 'claimed', host: 'elsewhere', who: 'eve@elsewhere' };
  await writeFile(`${path}.${first.holder.id}.next`, JSON.stringify(claim));
  const refused = await acquireLockFile(path, HOLDER, await ownIdentity()).catch((error) => error);
  assert.match((refused as LockedError).hint ?? '', 'claimed');
  assert.is((await removeLockFile(path, 'claimed')).who, 'eve@elsewhere');
  await (await acquireLockFile(path, HOLDER, await ownIdentity())).release();
});

lock('does not release a lock that is no longer its own', async ({ path }) => {
  const self = await ownIdentity();
  const first = await acquireLockFile(path, HOLDER, self);
  await removeLockFile(path, first.holder.id);
  const second = await acquireLockFile(path, { ...HOLDER, who: 'bob@here' }, self);
  await first.release();
  assert.is((await inspectLockFile(path))?.holder.who, 'bob@here');
  await second.release();
});

lock('a file that is no lock is an error, not a free lock', async ({ path }) => {
  await writeFile(path, 'hello');
  try {
    await acquireLockFile(path, HOLDER, await ownIdentity());
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'state.invalid-lock');
  }
});

lock('tells a reused process id, a reboot and another namespace apart', async () => {
  const self = await ownIdentity();
  assert.is(await isProcessGone(self, self), false);
  assert.is(await isProcessGone({ ...self, startTicks: '1' }, self), self.startTicks !== null);
  assert.is(await isProcessGone({ ...self, bootId: 'other' }, self), self.bootId !== null);
  assert.is(await isProcessGone({ ...self, pidNamespace: 'pid:[1]', pid: 999_999 }, self), false);
  assert.is(await isProcessGone({ ...self, host: 'elsewhere', pid: 999_999 }, self), false);
});

lock.run();
