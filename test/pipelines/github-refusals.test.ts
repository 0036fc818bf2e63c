/** examples/github-actions: what is refused before anything is run with the key, and whose plan is whose. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import type { Inputs } from './fake-github.ts';
import { edit, green, proposal, TOOLS, winter, withGitHub } from './github-scenes.ts';
import { COMMITTED } from './hostile-commits.ts';
import { git } from './workspace.ts';

const it = needs(suite('github actions example, refusals'), ...TOOLS);

const NIGHT = 'nightly[fleet:eu]@2026-12-01T03:30:00Z';

const REFUSED: [string, string, Inputs, string][] = [
  [
    'a flag instead of an address',
    'plan',
    { address: '--api-url=https://evil.example' },
    'this is not an address',
  ],
  [
    'a flag behind an address',
    'plan',
    { address: 'a --api-url https://evil.example' },
    'this is not an address',
  ],
  ['a short flag', 'plan', { address: '-f' }, 'this is not an address'],
  ['a second line', 'plan', { address: 'a\n--force' }, 'this is not an address'],
  ['a line before', 'apply', { address: '--force\na' }, 'this is not an address'],
  ['a flag behind a time', 'plan', { address: `${NIGHT} --force` }, 'this is not an address'],
  ['a time of another form', 'plan', { address: 'a@$(touch pwned)' }, 'this is not an address'],
  ['a path', 'state rm', { address: '../x' }, 'this is not an address'],
  ['a script', 'state list', { address: '$(touch pwned)' }, 'this is not an address'],
  ['a script in brackets', 'state list', { address: 'a[$(touch pwned)]' }, 'this is not an address'],
  ['a blank in brackets', 'state list', { address: 'a[x --force]' }, 'this is not an address'],
  ['letters that only look so', 'state list', { address: 'ａ' }, 'this is not an address'],
  ['a flag among batches', 'import', { address: 'a', batches: '1 --force' }, 'these are not ids of batches'],
  ['a flag of batches', 'import', { address: 'a', batches: '--force' }, 'these are not ids of batches'],
  ['a second line of batches', 'import', { address: 'a', batches: '1\n2' }, 'these are not ids of batches'],
  ['a pattern', 'import', { address: 'a', batches: '*' }, 'these are not ids of batches'],
  ['a flag of the lock', 'force-unlock', { lock: '--force' }, 'this is not a lock id'],
  ['two words of the lock', 'force-unlock', { lock: '4f1c --force' }, 'this is not a lock id'],
  ['no lock', 'force-unlock', {}, 'force-unlock needs: lock'],
  ['no batches', 'import', { address: 'a' }, 'import needs: address batches'],
  ['no address', 'state rm', {}, 'state rm needs: address'],
  ['everything at once', 'assume missing', {}, 'assume missing needs: address'],
  ['no batches of a forced one', 'import force', { address: 'a' }, 'import force needs: address batches'],
  ['what the command does not take', 'plan', { lock: '4f1c' }, 'plan takes no lock'],
  ['batches of a plan', 'apply', { batches: '1' }, 'apply takes no batches'],
  ['another command', 'destroy', {}, 'command is one of'],
  ['a flag instead of a command', '--version', {}, 'command is one of'],
  ['a command with a flag', 'plan --force', {}, 'command is one of'],
];

it('by hand: nothing but what each command takes, and nothing is sent or evaluated', () =>
  withGitHub(async (hub) => {
    for (const [what, command, inputs, why] of REFUSED) {
      const ran = await hub.dispatch(command, inputs);
      assert.not.ok(ran.isGreen, what);
      assert.match(ran.output, `::error::${why}`, what);
      assert.not.match(ran.output, 'evil', what);
      assert.not.ok(readdirSync(ran.cwd).includes('pwned'), what);
    }
    assert.is(hub.api.requests.length, 0);
  }));

it('without the API that the key belongs to, or with another package, nothing is run', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const head = hub.repository.commit('Plan the winter');
    hub.env.FLEETFORM_API_URL = '';
    for (const ran of [await hub.pullRequest(head), await hub.dispatch('plan')]) {
      assert.not.ok(ran.isGreen);
      assert.match(ran.output, '::error::the variable FLEETFORM_API_URL');
    }
    delete hub.env.FLEETFORM_API_URL;
    for (const [lie, why] of [
      [{ FAKE_PACKAGE: 'another package' }, 'does not match FLEETFORM_INTEGRITY'],
      [{ FLEETFORM_INTEGRITY: '' }, 'does not match FLEETFORM_INTEGRITY'],
      [{ FLEETFORM_PACKAGE: '' }, 'must say where fleetform is installed from'],
    ] as const) {
      Object.assign(hub.env, lie);
      for (const ran of [await hub.pullRequest(head), await hub.dispatch('plan')]) {
        assert.not.ok(ran.isGreen);
        assert.match(ran.output, why);
        assert.not.match(ran.output, 'npm install');
      }
      for (const name of Object.keys(lie)) delete hub.env[name];
    }
    assert.is(hub.api.requests.length, 0);
    green(await hub.pullRequest(head));
  }));

it('a file that names another API does not get the key there', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('evil');
    edit(hub, 'name: live-ops', 'name: live-ops\napi: { url: http://127.0.0.1:1 }');
    const { output } = await hub.pullRequest(hub.repository.commit('Elsewhere'));
    assert.ok(hub.api.requests.length > 0, output);
    assert.not.match(output, '127.0.0.1:1 ', 'the key stays with the API that the settings name');
  }));

for (const [what, commit, why] of COMMITTED) {
  it(`a commit that brings ${what} is refused in every job, before anything else`, () =>
    withGitHub(async (hub) => {
      hub.repository.branch('evil');
      commit(hub.repository.root);
      const head = hub.repository.commit('Nothing special');
      const merge = hub.repository.squash('evil');
      for (const ran of [
        await hub.pullRequest(head),
        await hub.merged(merge, head),
        await hub.scheduled(),
        await hub.dispatch('plan'),
      ]) {
        assert.not.ok(ran.isGreen);
        assert.match(ran.output, `::error::this commit adds a ${why}`);
        assert.not.match(ran.output, 'npm');
      }
      assert.is(hub.api.requests.length, 0);
    }));
}

it('links, submodules and folders of other names are nobody’s business', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    symlinkSync('fleetform.yaml', join(hub.repository.root, 'link.txt'));
    mkdirSync(join(hub.repository.root, 'plans'));
    writeFileSync(join(hub.repository.root, 'plans/plan.md'), '');
    green(await hub.pullRequest(hub.repository.commit('A link')));
  }));

it('reports that a branch brings are neither commented nor kept', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    mkdirSync(join(hub.repository.root, 'plan'));
    writeFileSync(
      join(hub.repository.root, 'plan/comment.md'),
      '<!-- fleetform:plan:live-ops:0123456789ab -->\nall is well\n',
    );
    writeFileSync(join(hub.repository.root, 'comment.md'), 'all is well\n');
    edit(hub, 'version: 1', 'version:    1');
    const run = await hub.pullRequest(hub.repository.commit('Untidy'));
    assert.not.ok(run.isGreen);
    assert.equal(hub.comments, []);
    assert.not.ok(existsSync(join(hub.hub, 'artifacts')));
  }));

it('two pull requests of one commit, and plans of other runs: each merge gets its own plan', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const head = proposal(hub, 'mine', /$/);
    const base = hub.repository.head('main');
    green(await hub.pullRequest(head, { number: 12 }));
    const name = `fleetform-plan-11-${head}-${base}`;
    const run = {
      event: 'pull_request',
      conclusion: 'success',
      head_sha: head,
      head_repository: { full_name: 'ana/fleet' },
      path: '.github/workflows/fleetform.yml',
    };
    for (const other of [
      { event: 'push' },
      { conclusion: 'failure' },
      { head_sha: base },
      { head_repository: { full_name: 'eve/fleet' } },
      { path: '.github/workflows/other.yml' },
    ]) {
      hub.foreignPlan(name, { ...run, ...other });
    }
    const merge = hub.repository.squash('mine');
    const none = await hub.merged(merge, head, { number: 11 });
    assert.not.ok(none.isGreen);
    assert.match(none.output, `no run has planned ${head}, the last commit of #11, on ${base}`);
    assert.is(hub.api.posts().length, 3);
    green(await hub.merged(merge, head, { number: 12 }));
    assert.is(hub.api.posts().length, 4);
  }));

it('a plan that is not the one of the comment is not applied, nor one without a comment', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const head = proposal(hub, 'mine', /$/);
    green(await hub.pullRequest(head));
    const [shown] = hub.comments;
    const merge = hub.repository.squash('mine');
    for (const [body, why] of [
      [
        shown!.body.replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`),
        'is not the plan that was reviewed',
      ],
      [shown!.body.replaceAll(head, 'f'.repeat(40)), 'shows no plan of'],
      [
        shown!.body.replace('<!-- fleetform:plan:live-ops:', '<!-- fleetform:destroy:live-ops:'),
        'shows no plan of',
      ],
    ] as const) {
      hub.rewrite({ ...shown!, body });
      const run = await hub.merged(merge, head);
      assert.not.ok(run.isGreen, why);
      assert.match(run.output, why);
    }
    assert.is(hub.api.posts().length, 3);
    hub.rewrite(shown!);
    green(await hub.merged(merge, head));
    assert.is(hub.api.posts().length, 4);
  }));

it('the comment is ours by author and marker, and an older run leaves it alone', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    for (const login of ['eve', 'other[bot]'])
      hub.comment(7, login, '<!-- fleetform:plan:live-ops:0123456789ab -->\nmine');
    const early = await hub.pullRequest(hub.repository.commit('Plan the winter'));
    green(early);
    edit(hub, '"8812"', '"8813"');
    green(await hub.pullRequest(hub.repository.commit('Another build')));
    await early.again();
    const [eve, bot, ours, ...more] = hub.comments;
    assert.equal(more, []);
    assert.match(eve!.body, 'mine');
    assert.match(bot!.body, 'mine');
    assert.match(ours!.body, '8813');
  }));

it('a merge queue merges what was planned, and nothing that it has put together of several', () =>
  withGitHub(async (hub) => {
    const base = hub.repository.head('main');
    const mine = proposal(hub, 'mine', '  winter-restart:');
    green(await hub.pullRequest(mine));
    const alone = hub.repository.squash('mine');
    const run = await hub.queued(alone, base);
    assert.is(run.job, 'queue');
    green(run);
    git(hub.repository.root, 'checkout', '--quiet', '-B', 'two');
    edit(hub, 'cancel: 10', 'cancel: 11');
    const both = hub.repository.commit('Another one');
    for (const [commit, on, name] of [
      [both, base, undefined],
      [alone, alone, undefined],
      [alone, base, 'main'],
      [alone, base, `pr-7;touch pwned-${base}`],
    ] as const) {
      const refused = await hub.queued(commit, on, name);
      assert.not.ok(refused.isGreen);
      assert.match(refused.output, '::error::');
      assert.not.ok(existsSync(join(refused.cwd, 'pwned')));
    }
  }));

it.run();
