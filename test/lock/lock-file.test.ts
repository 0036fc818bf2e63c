import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HeldLock, LockedError } from '../../src/lock/lock.ts';
import { acquireLockFile, inspectLockFile, removeLockFile } from '../../src/lock/lock-file.ts';
import { realFiles } from '../../src/lock/lock-files.ts';
import type { LockOptions } from '../../src/lock/place.ts';
import { ownIdentity, type ProcessIdentity } from '../../src/lock/process-identity.ts';
import { age, codeOfError, deadIdentity, HOLDER, idOf, refused, until, withFiles } from './volume.ts';

interface Context {
  folder: string;
  path: string;
}
const lock = suite<Context>('lock file');

lock.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'fleetform-lock-'));
  context.path = join(context.folder, 'live.lock.json');
});
lock.after.each(async ({ folder }) => rm(folder, { recursive: true, force: true }));

const self = await ownIdentity();
const dead = await deadIdentity();

async function acquire(path: string, who = 'ada@here', options: Partial<LockOptions> = {}, as = self) {
  return acquireLockFile(path, { ...HOLDER, who }, as, options);
}

/** As its holder left it: nobody shows any life for it. */
async function leave(path: string, who: string, as: ProcessIdentity, id = idOf(who)): Promise<string> {
  await writeFile(path, JSON.stringify({ id, ...HOLDER, ...as, who }));
  return id;
}

async function holderSeen(path: string, options: Partial<LockOptions> = {}): Promise<string> {
  try {
    await acquire(path, 'late@here', options);
  } catch (error) {
    assert.instance(error, LockedError, String((error as Error).stack));
    return (error as LockedError).holder.who;
  }
  return 'free';
}

lock('names its holder, and is gone after release', async ({ path, folder }) => {
  const held = await acquire(path);
  assert.is(JSON.parse(await readFile(path, 'utf8')).who, 'ada@here');
  assert.is((await inspectLockFile(path))?.holder.id, held.holder.id);
  await held.release();
  assert.equal(await readdir(folder), []);
  assert.is(await inspectLockFile(path), null);
});

lock('refuses a second one, naming the first', async ({ path, folder }) => {
  const first = await acquire(path);
  try {
    await acquire(path, 'bob@here');
    assert.unreachable();
  } catch (error) {
    assert.instance(error, LockedError);
    assert.match((error as LockedError).message, 'ada@here');
    assert.match((error as LockedError).message, HOLDER.since);
    assert.match((error as LockedError).hint ?? '', first.holder.id);
  }
  assert.equal(await readdir(folder), ['live.lock.json']);
  await first.release();
});

// Who is dead.

lock('takes over from a dead process of this host, and says from whom', async ({ path, folder }) => {
  await leave(path, 'ghost@here', dead);
  const taken = await acquire(path);
  assert.is(taken.takenOverFrom?.who, 'ghost@here');
  assert.equal(await readdir(folder), ['live.lock.json']);
  await taken.prove();
  await taken.release();
  assert.equal(await readdir(folder), []);
});

lock('of another boot: a heartbeat a moment ago keeps it, a long silence does not', async ({ path }) => {
  await leave(path, 'twin@here', { ...dead, bootId: 'other' });
  assert.is(await holderSeen(path), 'twin@here');
  await age(path, 60);
  assert.is(await holderSeen(path), 'twin@here');
  await age(path, 70);
  const taken = await acquire(path);
  assert.is(taken.takenOverFrom?.who, 'twin@here');
  await taken.release();
});

lock('silence is told by the clock of the place, not by that of this machine', async ({ path }) => {
  await leave(path, 'twin@here', { ...dead, bootId: 'other' });
  await age(path, 3600);
  // The place is an hour behind: what looks old from here was shown a moment ago.
  const behind = withFiles({
    stat: async (file) => ({
      mtimeMs: (await realFiles.stat(file)).mtimeMs - (file === path ? 0 : 3_600_000),
    }),
  });
  assert.is(await holderSeen(path, behind), 'twin@here');
  assert.ok((await inspectLockFile(path, behind))!.silentSeconds! < 60);
  assert.is(
    await codeOfError(removeLockFile(path, idOf('twin@here'), self, false, behind)),
    'state.lock-alive',
  );
  assert.ok((await inspectLockFile(path))!.silentSeconds! >= 3600);
});

lock('leaves alone what another host holds, however silent', async ({ path }) => {
  await leave(path, 'eve@elsewhere', { ...dead, host: 'elsewhere' });
  await age(path, 86_400);
  assert.is(await holderSeen(path), 'eve@elsewhere');
});

// The chain.

lock('takes over behind a taker that died half-way', async ({ path, folder }) => {
  const first = await leave(path, 'first@here', dead);
  // What a taker leaves that dies between its claim and its move to the front.
  await leave(`${path}.${first}.next`, 'second@here', dead, idOf('half-way'));
  const taken = await acquire(path);
  assert.is(taken.takenOverFrom?.who, 'second@here');
  assert.equal(await readdir(folder), ['live.lock.json']);
  await taken.release();
});

lock('a claim that comes when the front has moved on is behind nothing', async ({ path, folder }) => {
  await leave(path, 'ghost@here', dead);
  let winner: HeldLock | undefined;
  const late = withFiles({
    async link(from, to) {
      // Between the look at the dead holder and the claim, another takes over and is through with it.
      winner ??= await acquire(path, 'winner@here');
      await realFiles.link(from, to);
    },
  });
  assert.is(await holderSeen(path, late), 'winner@here');
  assert.is((await inspectLockFile(path))?.holder.who, 'winner@here');
  await winner!.prove();
  assert.equal(await readdir(folder), ['live.lock.json']);
  await winner!.release();
});

lock('a holder that comes back to life before its place is taken keeps it', async ({ path, folder }) => {
  await leave(path, 'twin@here', { ...dead, bootId: 'other' });
  await age(path, 70);
  const late = withFiles({
    async link(from, to) {
      await age(path, 0);
      await realFiles.link(from, to);
    },
  });
  assert.is(await holderSeen(path, late), 'twin@here');
  assert.equal(await readdir(folder), ['live.lock.json']);
});

for (const [volume, options] of [
  ['a volume with hard links', {}],
  ['one without', withFiles({ link: () => Promise.reject(refused('EPERM')) })],
] as const) {
  lock(`of many takers of one dead lock exactly one wins, on ${volume}`, async ({ path, folder }) => {
    for (let round = 0; round < 20; round += 1) {
      await leave(path, 'ghost@here', dead);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => acquire(path, `taker-${i}@here`, options)),
      );
      const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      assert.is(winners.length, 1, `round ${round}: ${winners.length} winners`);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.instance(outcome.reason, LockedError);
      }
      await winners[0]!.value.prove();
      await winners[0]!.value.release();
      assert.equal(await readdir(folder), []);
    }
  });
}

lock('a claim that cannot be moved to the front does not stay in the way', async ({ path, folder }) => {
  await leave(path, 'ghost@here', dead);
  const stuck = withFiles({ rename: () => Promise.reject(refused('EIO')) });
  assert.is(await codeOfError(acquire(path, 'ada@here', stuck)), 'EIO');
  assert.equal(await readdir(folder), ['live.lock.json']);
  await (await acquire(path)).release();
});

// Volumes.

for (const code of ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']) {
  lock(`does without hard links (${code}): taken, refused, taken over`, async ({ path, folder }) => {
    const options = withFiles({ link: () => Promise.reject(refused(code)) });
    const held = await acquire(path, 'ada@here', options);
    assert.is(await holderSeen(path, options), 'ada@here');
    assert.is(await holderSeen(path), 'ada@here', 'nor can one with links pass');
    await held.prove();
    await held.release();
    await leave(path, 'ghost@here', dead);
    const taken = await acquire(path, 'bob@here', options);
    assert.is(taken.takenOverFrom?.who, 'ghost@here');
    await taken.prove();
    assert.equal(await readdir(folder), ['live.lock.json']);
    await taken.release();
  });
}

lock(
  'accepts a link, an exclusive file and a move of its own that are said to have failed',
  async ({ path, folder }) => {
    const link = async (from: string, to: string) => {
      await realFiles.link(from, to);
      throw refused('EEXIST');
    };
    const create = async (file: string, text: string) => {
      await realFiles.create(file, text);
      if (file === path) throw refused('EEXIST');
    };
    const noLink = () => Promise.reject(refused('EPERM'));
    for (const options of [withFiles({ link }), withFiles({ link: noLink, create })]) {
      const held = await acquire(path, 'ada@here', options);
      await held.prove();
      assert.equal(await readdir(folder), ['live.lock.json']);
      await held.release();
    }
    await leave(path, 'ghost@here', dead);
    const moved = withFiles({
      link,
      async rename(from, to) {
        await realFiles.rename(from, to);
        throw refused('ENOENT');
      },
    });
    const taken = await acquire(path, 'bob@here', moved);
    await taken.prove();
    assert.equal(await readdir(folder), ['live.lock.json']);
    await taken.release();
  },
);

lock('waits for a file that is just being written', async ({ path }) => {
  for (const text of ['', '{ "id": "half']) {
    await writeFile(path, text);
    const seen = holderSeen(path);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await leave(path, 'slow@here', self);
    assert.is(await seen, 'slow@here');
  }
});

lock('a file that stays no lock is an error, not a free lock', async ({ path, folder }) => {
  for (const text of ['hello', '', '{}']) {
    await writeFile(path, text);
    await age(path, 10);
    assert.is(await codeOfError(acquire(path)), 'state.invalid-lock');
    assert.equal(await readdir(folder), ['live.lock.json']);
  }
});

lock('what is no lock of fleetform is named at once, and waited for by nobody', async ({ path, folder }) => {
  const record = { id: idOf('x'), ...HOLDER, ...dead };
  const texts: [what: string, text: string][] = [
    ['an id that leads out', JSON.stringify({ ...record, id: '../../x' })],
    ['an odd id', JSON.stringify({ ...record, id: 'the-id' })],
    ['no pid', JSON.stringify({ ...record, pid: '1' })],
    ['a group of processes', JSON.stringify({ ...record, pid: -1 })],
    ['a name that is none', JSON.stringify({ ...record, who: { toString: 1 } })],
    ['an operation that is none', JSON.stringify({ ...record, operation: 7 })],
    ['no host', JSON.stringify({ ...record, host: null })],
    ['a boot that is none', JSON.stringify({ ...record, bootId: [] })],
    ['null', 'null'],
    ['a long one', JSON.stringify({ ...record, more: 'x'.repeat(70_000) })],
  ];
  for (const [what, text] of texts) {
    await writeFile(path, text);
    await age(path, 10);
    for (const work of [
      () => acquire(path),
      () => inspectLockFile(path),
      () => removeLockFile(path, '../../x', self, true),
    ]) {
      const error = await (work() as Promise<never>).catch((reason) => reason);
      assert.is(error.code, 'state.invalid-lock', what);
      assert.match(error.message, path);
    }
    assert.equal(await readdir(folder), ['live.lock.json']);
    await rm(path);
  }
  const kinds: [what: string, make: (at: string) => Promise<unknown>][] = [
    ['a link', (at) => symlink('/nowhere', at)],
    ['a link', (at) => symlink('/etc/hostname', at)],
    ['a folder', (at) => mkdir(at)],
    ['not a regular file', async (at) => execFileSync('mkfifo', [at])],
  ];
  const first = await leave(join(folder, 'first'), 'ghost@here', dead);
  for (const [what, make] of kinds) {
    for (const at of [path, `${path}.${first}.next`]) {
      if (at !== path) await leave(path, 'ghost@here', dead);
      await make(at);
      const error = await acquire(path).catch((reason) => reason);
      assert.is(error.code, 'state.invalid-lock', `${what}: ${error.stack}`);
      assert.match(error.message, `${at} is not a lock file of fleetform: it is ${what}`);
      await rm(at, { recursive: true });
      await rm(path, { force: true });
    }
  }
  assert.equal(await readdir(folder), ['first']);
});

lock('one of a time to come that says nothing is not waited for for ever', async ({ path }) => {
  await writeFile(path, '');
  await age(path, -3600);
  assert.is(await codeOfError(acquire(path, 'ada@here', { youngMs: 100 })), 'state.invalid-lock');
});

lock('what another wrote into a lock is safe to show', async ({ path }) => {
  const odd = { who: '\u001b[2Jeve', since: 'no\nw', operation: 'x'.repeat(5000), host: '\u001b[2Jelse' };
  await writeFile(path, JSON.stringify({ id: idOf('x'), ...dead, ...odd }));
  const error = await acquire(path).catch((reason) => reason);
  assert.instance(error, LockedError);
  assert.not.match(error.message, /[\u001b\n]/);
  assert.ok(error.message.length < 1000);
  const removed = await removeLockFile(path, idOf('x'), self, true);
  assert.equal([removed.who, removed.since], ['\\u{1b}[2Jeve', 'no w']);
});

lock(
  'a circle of locks, and a chain without end, are errors that name the file',
  async ({ path, folder }) => {
    for (const names of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      await leave(path, names[0]!, dead);
      for (const [i, name] of names.entries()) {
        await leave(`${path}.${idOf(name)}.next`, names[(i + 1) % names.length]!, dead);
      }
      for (const work of [() => acquire(path), () => removeLockFile(path, 'another', self, true)]) {
        const error = await (work() as Promise<never>).catch((reason) => reason);
        assert.is(error.code, 'state.invalid-lock');
        assert.match(error.message, `${path}.${idOf(names.at(-1)!)}.next leads back`);
      }
      assert.is((await readdir(folder)).length, names.length + 1);
    }
    for (let i = 0; i <= 100; i += 1)
      await leave(i === 0 ? path : `${path}.${idOf(`${i - 1}`)}.next`, `${i}`, dead);
    const error = await acquire(path).catch((reason) => reason);
    assert.is(error.code, 'state.invalid-lock');
    assert.match(error.message, `${path}.${idOf('99')}.next is one of more than 100`);
  },
);

lock('the signal to stop ends every wait for it, and leaves no claim', async ({ path, folder }) => {
  const stop = new AbortController();
  await writeFile(path, '');
  const waiting = acquire(path, 'ada@here', { stop: stop.signal, youngMs: 3_600_000 }).catch(
    (reason) => reason,
  );
  await new Promise((resolve) => setTimeout(resolve, 60));
  stop.abort();
  assert.is(await waiting, stop.signal.reason);
  await leave(path, 'ghost@here', dead);
  const late = new AbortController();
  const files = withFiles({
    async link(from, to) {
      await realFiles.link(from, to);
      late.abort();
    },
  });
  const claimed = await acquire(path, 'ada@here', { ...files, stop: late.signal }).catch((reason) => reason);
  assert.is(claimed, late.signal.reason);
  assert.equal(await readdir(folder), ['live.lock.json']);
});

lock('what locks are made of is for this user alone', async ({ path, folder }) => {
  const umask = process.umask(0);
  const modes: number[] = [];
  const watching = withFiles({
    async create(file, text) {
      await realFiles.create(file, text);
      modes.push((await stat(file)).mode & 0o777);
    },
  });
  await leave(path, 'ghost@here', { ...dead, bootId: 'other' });
  await age(path, 70);
  const held = await acquire(path, 'ada@here', watching);
  modes.push((await stat(path)).mode & 0o777);
  process.umask(umask);
  assert.ok(modes.length > 2);
  assert.equal([...new Set(modes)], [0o600]);
  assert.equal(await readdir(folder), ['live.lock.json']);
  await held.release();
});

// The holder.

for (const [what, why, take] of [
  ['deleted', 'is gone', (path: string) => rm(path)],
  ['another’s', 'now belongs to another process', (path: string) => leave(path, 'bob@here', self)],
  ['overwritten', 'now belongs to another process', (path: string) => writeFile(path, '')],
  [
    'a link now',
    'now belongs to another process',
    async (path: string) => {
      await rename(path, `${path}.moved`);
      await symlink(`${path}.moved`, path);
    },
  ],
  [
    'a pipe now',
    'now belongs to another process',
    async (path: string) => {
      await rm(path);
      execFileSync('mkfifo', [path]);
    },
  ],
  [
    'in a folder that was renamed',
    'is gone',
    (path: string) => rename(join(path, '..'), `${join(path, '..')}.old`),
  ],
  [
    'in a folder that was made anew',
    'is gone',
    async (path: string) => {
      await rm(join(path, '..'), { recursive: true });
      await mkdir(join(path, '..'));
    },
  ],
] as [string, string, (path: string) => Promise<unknown>][]) {
  lock(`a lock that is ${what} is lost at the next proof, for good`, async ({ path }) => {
    const held = await acquire(path);
    await held.prove();
    assert.not(held.lost.aborted);
    await take(path);
    const error = await held.prove().catch((reason) => reason);
    assert.is(error.code, 'state.lock-lost');
    assert.match(error.message, why);
    assert.is(held.lost.reason, error);
    await rm(`${join(path, '..')}.old`, { recursive: true, force: true });
    assert.is(await held.prove().catch((reason) => reason), error);
    await held.release();
  });
}

lock('the heartbeat notices by itself', async ({ path }) => {
  const held = await acquire(path, 'ada@here', { heartbeatMs: 10 });
  await rm(path);
  await until(() => held.lost.aborted);
  assert.is(held.lost.reason.code, 'state.lock-lost');
});

lock('the heartbeat and every proof are signs of life, by the clock of the place', async ({ path }) => {
  const held = await acquire(path, 'ada@here', { heartbeatMs: 20 });
  await age(path, 500);
  await until(async () => (await inspectLockFile(path))!.silentSeconds! < 5);
  await held.release();
  const quiet = await acquire(path);
  await age(path, 500);
  await quiet.prove();
  assert.ok((await inspectLockFile(path))!.silentSeconds! < 5);
  assert.is(JSON.parse(await readFile(path, 'utf8')).id, quiet.holder.id, 'the file is as it was');
  await quiet.release();
});

lock('a sign of life is not shown for another', async ({ path }) => {
  const held = await acquire(path);
  await leave(path, 'bob@here', self);
  await age(path, 500);
  assert.is(await codeOfError(held.prove()), 'state.lock-lost');
  assert.ok(Date.now() - (await stat(path)).mtimeMs > 400_000);
});

lock('what cannot be read is no proof, and no loss at once', async ({ path }) => {
  let isDown = true;
  let clock = 0;
  const flaky = withFiles({
    touch: (file, isOwn) => (isDown ? Promise.reject(refused('EIO')) : realFiles.touch(file, isOwn)),
  });
  const held = await acquire(path, 'ada@here', { ...flaky, heartbeatMs: 10, monotonic: () => clock });
  assert.is(await codeOfError(held.prove()), 'state.lock-unproven');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.not(held.lost.aborted);
  isDown = false;
  await held.prove();
  isDown = true;
  // For so long others may take it for dead.
  clock += 66_000;
  await until(() => held.lost.aborted);
  isDown = false;
  assert.is(await codeOfError(held.prove()), 'state.lock-lost');
});

lock('a proof needs no room on the disk', async ({ path }) => {
  const full = withFiles({
    async touch(file, isOwn) {
      isOwn(await realFiles.read(file));
      throw refused('ENOSPC');
    },
  });
  const held = await acquire(path, 'ada@here', full);
  await held.prove();
  await held.release();
});

lock('on a near disk a proof takes one look, and no loss escapes it', async ({ path }) => {
  let touched = 0;
  const counting = withFiles({
    touch(file, isOwn) {
      touched += 1;
      return realFiles.touch(file, isOwn);
    },
  });
  const held = await acquire(path, 'ada@here', { ...counting, monotonic: () => 0 });
  for (let i = 0; i < 5; i += 1) await held.prove();
  assert.is(touched, 1);
  await rename(path, `${path}.away`);
  assert.is(await codeOfError(held.prove()), 'state.lock-lost');
  await rename(`${path}.away`, path);
  assert.is(await codeOfError(held.prove()), 'state.lock-lost', 'once lost is lost');
});

lock('of a lock that another has written over nothing is proven', async ({ path }) => {
  const held = await acquire(path, 'ada@here', { monotonic: () => 0 });
  await held.prove();
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(held.holder.id, '00000000-0000-4000-8000-000000000000'));
  assert.is(await codeOfError(held.prove()), 'state.lock-lost');
});

lock('for a far place nothing stands still', async ({ path }) => {
  let now = 0;
  let looks = 0;
  const far = withFiles({
    readNow(file) {
      looks += 1;
      now += 5;
      return realFiles.readNow(file);
    },
  });
  const held = await acquire(path, 'ada@here', { ...far, monotonic: () => now });
  for (let i = 0; i < 5; i += 1) await held.prove();
  assert.is(looks, 1);
});

lock('after its release a lock proves nothing, and is not lost', async ({ path }) => {
  const held = await acquire(path, 'ada@here', { heartbeatMs: 5 });
  await held.release();
  assert.is(await codeOfError(held.prove()), 'state.lock-lost');
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.not(held.lost.aborted);
});

lock('a heartbeat that is under way at the release finds no loss', async ({ path }) => {
  let hasBegun = false;
  let go = () => {};
  const released = new Promise<void>((resolve) => {
    go = resolve;
  });
  const slow = withFiles({
    async touch(file, isOwn) {
      hasBegun = true;
      await released;
      await realFiles.touch(file, isOwn);
    },
  });
  const held = await acquire(path, 'ada@here', { ...slow, heartbeatMs: 5 });
  await until(() => hasBegun);
  await held.release();
  go();
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.not(held.lost.aborted);
});

lock('does not release a lock that is no longer its own', async ({ path }) => {
  const first = await acquire(path);
  await removeLockFile(path, first.holder.id, self, true);
  const second = await acquire(path, 'bob@here');
  await first.release();
  assert.is((await inspectLockFile(path))?.holder.who, 'bob@here');
  await second.release();
});

// By force.

lock('force-unlock removes exactly the lock it names', async ({ path, folder }) => {
  const held = await acquire(path);
  assert.is(await codeOfError(removeLockFile(path, 'another-id', self, true)), 'state.no-such-lock');
  assert.is((await removeLockFile(path, held.holder.id, self, true)).who, 'ada@here');
  assert.equal(await readdir(folder), []);
  assert.is(await codeOfError(held.prove()), 'state.lock-lost');
});

lock('force-unlock of one that is seen alive takes --force', async ({ path }) => {
  const held = await acquire(path);
  const { id } = held.holder;
  const error = await removeLockFile(path, id, self, false).catch((reason) => reason);
  assert.is(error.code, 'state.lock-alive');
  assert.match(error.hint, `force-unlock ${id} --force`);
  await age(path, 60);
  assert.is(await codeOfError(removeLockFile(path, id, self, false)), 'state.lock-alive');
  await age(path, 70);
  await removeLockFile(path, id, self, false);
  await leave(path, 'ghost@here', dead, idOf('dead'));
  await removeLockFile(path, idOf('dead'), self, false);
  assert.not(existsSync(path));
});

lock('force-unlock finds the holder behind a dead one, too', async ({ path }) => {
  const first = await leave(path, 'ghost@here', dead);
  // A taker of another host that has claimed the place, and was cut off before it moved to the front.
  const claim = `${path}.${first}.next`;
  await leave(claim, 'eve@elsewhere', { ...dead, host: 'elsewhere' }, idOf('claimed'));
  const refusal = await acquire(path).catch((error) => error);
  assert.match((refusal as LockedError).hint ?? '', idOf('claimed'));
  await age(claim, 70);
  assert.is((await removeLockFile(path, idOf('claimed'), self, false)).who, 'eve@elsewhere');
  await (await acquire(path)).release();
});

// What is left over.

lock('sweeps what killed processes left, once it is old and nobody’s', async ({ path, folder }) => {
  const left: [name: string, as: ProcessIdentity, seconds: number, stays: boolean][] = [
    ['live.lock.json.1.new', dead, 70, false],
    ['live.lock.json.2.next', dead, 70, false],
    ['live.lock.json.3.new', dead, 10, true],
    ['live.lock.json.4.new', self, 70, true],
    ['live.lock.json.5.next', { ...dead, host: 'elsewhere' }, 70, true],
    ['live.lock.json.6.next', { ...dead, host: 'elsewhere' }, 90_000, false],
    ['live.lock.json.7.new', { ...dead, bootId: 'other' }, 70, false],
    ['live.lock.json.mine', dead, 90_000, true],
    ['other.lock.json.8.new', dead, 90_000, true],
  ];
  for (const [name, as, seconds] of left) {
    await leave(join(folder, name), 'ghost@here', as);
    await age(join(folder, name), seconds);
  }
  await writeFile(join(folder, 'live.lock.json.9.now'), '\n');
  await age(join(folder, 'live.lock.json.9.now'), 70);
  const held = await acquire(path);
  const expected = left.filter(([, , , stays]) => stays).map(([name]) => name);
  assert.equal((await readdir(folder)).sort(), ['live.lock.json', ...expected].sort());
  await held.release();
});

lock.run();
