/** What several pipelines that share one state can rely on: each its own process, in its own folder, on any backend. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, inHours, type Served, serve, start } from '../support/cli.ts';

const PIPELINES = 6;
const ROUNDS = Number(process.env.ROUNDS ?? 2);
/** So many take a while, one after the other. */
const MANY = 30;
const TIMES = Array.from({ length: Math.max(ROUNDS + 1, MANY) }, (_, at) => inHours(48 + at));

/** Somewhere that a state is kept, empty at first. */
export interface SharedPlace {
  /** The file's `state`. */
  readonly settings: string;
  readonly env: Readonly<Record<string, string>>;
  /** A fresh folder for a pipeline. */
  checkout(): Promise<string>;
  /** From now on that pipeline may only read: its environment. */
  readOnly(): Promise<Readonly<Record<string, string>>>;
  /** Whether a file that names the local backend finds the state here. */
  readonly isFoundFromLocal: boolean;
  end(): Promise<void>;
}

export interface SharedKind {
  readonly name: 'git' | 'http' | 'postgres';
  readonly keepsHistory: boolean;
  /** Whether whoever meets a lock is told its holder's CI job. */
  readonly tellsJob: boolean;
  make(): Promise<SharedPlace>;
  /** Skips the tests where a program that they take is absent. */
  suiteOf?(it: Test): Test;
}

/** One batch more in each round. */
function fileOf(place: SharedPlace, round: number): string {
  const batches = TIMES.slice(0, round + 1).map(
    (time, at) => `  b${at}: { template: Restart game server, target: { fleet: eu }, executeAt: ${time} }`,
  );
  return [
    'version: 1',
    'name: live',
    `state: ${place.settings}`,
    'fleets: { eu: "1394296486561117717" }',
    'batches:',
    ...batches,
    '',
  ].join('\n');
}

/** The suite; the caller runs it. */
export function sharedState(kind: SharedKind): Test {
  const whole = suite(`a shared state in ${kind.name}`);
  const it = kind.suiteOf === undefined ? whole : kind.suiteOf(whole);
  const using = (work: (world: { api: Served; place: SharedPlace }) => Promise<void>) => async () => {
    const api = await serve();
    const place = await kind.make();
    try {
      await work({ api, place });
    } finally {
      await api.server.close();
      await place.end();
    }
  };

  const checkout = async (place: SharedPlace, round: number): Promise<string> => {
    const cwd = await place.checkout();
    writeFileSync(join(cwd, 'fleetform.yaml'), fileOf(place, round));
    return cwd;
  };

  it(
    'six pipelines at once make everything once, and lose nothing',
    using(async ({ api, place }) => {
      const env = { ...api.env, ...place.env };
      for (let round = 0; round < ROUNDS; round += 1) {
        const folders = await Promise.all(Array.from({ length: PIPELINES }, () => checkout(place, round)));
        const ended = await Promise.all(
          folders.map((cwd) => fleetform(['apply', '--auto-approve', '--lock-timeout=5m'], cwd, env)),
        );
        for (const { code, stderr } of ended) assert.is(code, 0, stderr);
        assert.is(api.posts().length, round + 1);
        const { stdout } = await fleetform(['state', 'list'], folders[0]!, env);
        assert.equal(
          stdout.trim().split('\n').sort(),
          TIMES.slice(0, round + 1)
            .map((_, at) => `b${at}`)
            .sort(),
        );
      }
      const plan = await fleetform(['plan', '--detailed-exitcode'], await checkout(place, ROUNDS - 1), env);
      assert.is(plan.code, 0, plan.stdout);
    }),
  );

  it(
    'a holder that was killed is told, and nothing of its work is done twice',
    using(async ({ place }) => {
      const api = await serve({ delayMs: 300 });
      try {
        const env = { ...api.env, ...place.env, CI_JOB_URL: 'https://ci.example.org/jobs/7' };
        const cwd = await checkout(place, 2);
        const { child, ended } = start(['apply', '--auto-approve'], cwd, env);
        while (api.posts().length === 0) await new Promise((done) => setTimeout(done, 10));
        child.kill('SIGKILL');
        await ended;
        const next = await checkout(place, 2);
        const refused = await fleetform(['apply', '--auto-approve'], next, env);
        assert.is(refused.code, 1);
        assert.match(refused.stderr, 'the state is locked by');
        if (kind.tellsJob) assert.match(refused.stderr, 'https://ci.example.org/jobs/7');
        const locks = JSON.parse((await fleetform(['lock', 'list', '--json'], next, env)).stdout);
        assert.equal([locks.length, locks[0].operation, locks[0].name], [1, 'apply', 'live']);
        assert.match(refused.stderr.replace(/\s+/g, ' '), `force-unlock ${locks[0].id}`);
        const planned = await fleetform(['plan'], next, env);
        assert.not.match(planned.stderr, 'locked', 'a plan takes no lock');
        const unlocked = await fleetform(['force-unlock', locks[0].id], next, env);
        assert.is(unlocked.code, 0, unlocked.stderr);
        const again = await fleetform(['apply', '--auto-approve'], next, env);
        assert.is(again.code, 0, again.stderr);
        assert.is(api.posts().length, 3);
        assert.match((await fleetform(['lock', 'list'], next, env)).stdout, 'Nothing is locked');
      } finally {
        await api.server.close();
      }
    }),
  );

  it(
    'a lock that is taken away stops the apply before its next write',
    using(async ({ place }) => {
      const api = await serve({ delayMs: 300 });
      try {
        const env = { ...api.env, ...place.env };
        const cwd = await checkout(place, MANY - 1);
        const { ended } = start(['apply', '--auto-approve', '--parallelism=1'], cwd, env);
        while (api.posts().length === 0) await new Promise((done) => setTimeout(done, 10));
        const locks = JSON.parse((await fleetform(['lock', 'list', '--json'], cwd, env)).stdout);
        const alive = await fleetform(['force-unlock', locks[0].id], cwd, env);
        assert.is(alive.code, 1, 'it lives');
        assert.is((await fleetform(['force-unlock', locks[0].id, '--force'], cwd, env)).code, 0);
        const before = api.posts().length;
        assert.ok(before < MANY, 'it was still at work');
        const { code, stderr } = await ended;
        assert.is(code, 1);
        assert.match(stderr, 'the lock was lost');
        assert.ok(api.posts().length <= before + 1, `${api.posts().length}, ${before} before`);
        const again = await fleetform(['apply', '--auto-approve'], cwd, env);
        assert.is(again.code, 0, again.stderr);
        assert.is(api.posts().length, MANY, 'and each once');
      } finally {
        await api.server.close();
      }
    }),
  );

  it(
    'a plan takes read access only, and an apply without more does nothing',
    using(async ({ api, place }) => {
      const env = { ...api.env, ...place.env };
      const first = await checkout(place, 1);
      assert.is((await fleetform(['apply', '--auto-approve'], first, env)).code, 0);
      const cwd = await checkout(place, 1);
      const readOnly = { ...api.env, ...(await place.readOnly()) };
      const plan = await fleetform(['plan', '--detailed-exitcode'], cwd, readOnly);
      assert.is(plan.code, 0, plan.stderr);
      writeFileSync(join(cwd, 'fleetform.yaml'), fileOf(place, 2));
      const apply = await fleetform(['apply', '--auto-approve'], cwd, readOnly);
      assert.is(apply.code, 1);
      assert.match(apply.stderr.replace(/\s+/g, ' '), /refuses access|permission denied/);
      assert.is(api.posts().length, 2);
    }),
  );

  it(
    'moves here and away, and a file that was not changed with it is told',
    using(async ({ api, place }) => {
      const env = { ...api.env, ...place.env };
      const cwd = await checkout(place, 1);
      const shared = fileOf(place, 1);
      const local = shared.replace(/^state: .*$/m, 'state: { backend: local }');
      writeFileSync(join(cwd, 'fleetform.yaml'), local);
      assert.is((await fleetform(['apply', '--auto-approve'], cwd, env)).code, 0);
      writeFileSync(join(cwd, 'fleetform.yaml'), shared);
      const early = await fleetform(['plan'], cwd, env);
      assert.is(early.code, 1);
      assert.match(early.stderr, `fleetform state migrate --to ${kind.name}`);
      const moved = await fleetform(['state', 'migrate', `--to=${kind.name}`], cwd, env);
      assert.is(moved.code, 0, moved.stderr);
      assert.match(moved.stdout, 'Moved the state of live (2 addresses)');
      assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd, env)).code, 0);
      writeFileSync(join(cwd, 'fleetform.yaml'), local);
      const late = await fleetform(['plan'], cwd, env);
      assert.is(late.code, 1);
      assert.match(late.stderr.replace(/\s+/g, ' '), `it was moved to ${kind.name}`);
      rmSync(join(cwd, '.fleetform'), { recursive: true });
      if (place.isFoundFromLocal) {
        assert.match((await fleetform(['plan'], cwd, env)).stderr, 'still holds one');
      }
      writeFileSync(join(cwd, 'fleetform.yaml'), shared);
      const back = await fleetform(['state', 'migrate', '--to=local', '--json'], cwd, env);
      assert.is(back.code, 0, back.stderr);
      writeFileSync(join(cwd, 'fleetform.yaml'), local);
      assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd, env)).code, 0);
      assert.is(api.posts().length, 2);
    }),
  );

  if (kind.keepsHistory) {
    it(
      'remembers who applied what, and gives back older states',
      using(async ({ api, place }) => {
        const env = {
          ...api.env,
          ...place.env,
          CI_COMMIT_SHA: '1a2b3c4d5e6f70819203',
          GITLAB_USER_LOGIN: 'ann',
        };
        for (const round of [0, 1]) {
          const cwd = await checkout(place, round);
          assert.is((await fleetform(['apply', '--auto-approve'], cwd, env)).code, 0);
        }
        const cwd = await checkout(place, 1);
        const versions = JSON.parse((await fleetform(['state', 'history', '--json'], cwd, env)).stdout);
        const [newest] = versions;
        assert.equal([newest.operation, newest.commit, newest.entries], ['apply', env.CI_COMMIT_SHA, 2]);
        assert.match(newest.who, /^ann@/);
        const older = versions.find(({ entries }: { entries: number }) => entries === 1);
        const { stdout } = await fleetform(['state', 'pull', `--serial=${older.serial}`], cwd, env);
        assert.equal(Object.keys(JSON.parse(stdout).entries), ['b0']);
        const shown = await fleetform(['state', 'history', '--limit=1'], cwd, env);
        assert.match(shown.stdout, /^Serial +Written +By +For +Addresses +Commit/);
        assert.is(shown.stdout.trim().split('\n').length, 2);
        assert.is((await fleetform(['state', 'pull', '--serial=9999'], cwd, env)).code, 1);
      }),
    );
  }

  return it;
}
