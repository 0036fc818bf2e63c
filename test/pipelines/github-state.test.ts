/** examples/github-actions: its state in the repository. Two applies at once, a lock that is left, tokens, other places. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { environment } from '../support/cli.ts';
import { needs } from '../support/tools.ts';
import { TOKENS } from './fake-github.ts';
import { edit, green, TOOLS, winter, withGitHub } from './github-scenes.ts';
import { bash, git, loseRunners } from './workspace.ts';

const it = needs(suite('github actions example, state'), ...TOOLS);

const REF = 'refs/fleetform/live-ops';

it('two applies at once: one waits for the other, and everything is made once', () =>
  withGitHub(async (hub) => {
    const both = await Promise.all([hub.dispatch('apply'), hub.dispatch('apply')]);
    for (const run of both) green(run);
    assert.is(hub.api.posts().length, 3);
    const output = both.map((run) => run.output).join('');
    assert.match(output, 'Apply complete: 3 created');
    assert.match(output, 'No changes.');
  }));

it('an apply whose machine is lost leaves its lock, and who waits for it goes on once it is removed by hand', () => {
  let isLost = false;
  const faultFor = ({ method }: { method: string }) => {
    if (method === 'POST' && !isLost) {
      isLost = true;
      loseRunners();
    }
    return undefined;
  };
  return withGitHub(
    async (hub) => {
      hub.repository.branch('winter');
      const head = hub.repository.commit('Plan the winter');
      green(await hub.pullRequest(head));
      assert.not.ok((await hub.merged(hub.repository.squash('winter'), head)).isGreen);
      const waiting = hub.dispatch('apply');
      const listed = await hub.dispatch('lock list');
      green(listed);
      const lock = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(listed.output)![0];
      const unlocked = await hub.dispatch('force-unlock', { lock });
      green(unlocked);
      assert.match(unlocked.output, 'Removed the lock of ');
      green(await waiting);
      assert.is(hub.api.posts().length, 3, 'and nothing is made twice');
      assert.match((await hub.dispatch('lock list')).output, 'Nothing is locked');
    },
    { faultFor },
  );
});

it('the token of a plan reads the state and cannot write it; no checkout keeps a token', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    hub.repository.branch('later');
    edit(hub, 'preventCancel: true', 'preventCancel: false');
    edit(hub, '2030-12-01T03:00:00Z', '2030-12-01T05:00:00Z');
    const plan = await hub.pullRequest(hub.repository.commit('Restart later'));
    assert.match(plan.output, 'winter-build  will be replaced', 'it knows what is bound');
    const before = hub.repository.remoteHead(REF);
    const url = git(plan.cwd, 'remote', 'get-url', 'origin');
    const withToken = url.replace('://', `://x-access-token:${TOKENS.read}@`);
    const asked = (script: string) => bash(script, plan.cwd, environment({ GIT_TERMINAL_PROMPT: '0' }));
    assert.match((await asked(`git ls-remote ${withToken} ${REF}`)).output, before!);
    assert.match((await asked(`git push --force ${withToken} HEAD:${REF}`)).output, '403');
    assert.match((await asked(`git ls-remote ${url}`)).output, 'could not read Username');
    assert.not.match(git(plan.cwd, 'config', '--list'), 'hub-token');
    assert.is(hub.repository.remoteHead(REF), before);
  }));

it('an apply whose token may only read says what is missing, and sends nothing', () =>
  withGitHub(async (hub) => {
    hub.most = 'read';
    const refused = await hub.dispatch('apply');
    assert.not.ok(refused.isGreen);
    assert.match(refused.output.replace(/\s+/g, ' '), 'permissions: contents: write');
    assert.not.match(refused.output, 'hub-token');
    assert.is(hub.api.posts().length, 0);
    assert.is(hub.repository.remoteHead(REF), null);
    green(await hub.dispatch('plan'));
  }));

it('a branch that names another place for the state is not planned as if there were none', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const before = hub.repository.remoteHead('refs/fleetform/');
    for (const [at, place] of [
      '{ backend: git, ref: refs/fleetform/mine }',
      '{ backend: local }',
    ].entries()) {
      hub.repository.branch(`mine-${at}`);
      edit(hub, '{ backend: git }', place);
      const run = await hub.pullRequest(hub.repository.commit('Elsewhere'));
      assert.not.ok(run.isGreen, place);
      assert.match(run.output.replace(/\s+/g, ' '), `${REF} of origin still holds one`, place);
    }
    for (const [ref, why] of [
      ['refs/heads/main', 'refs/fleetform/'],
      ['refs/fleetform/../heads/main', 'refs/fleetform/'],
    ] as const) {
      hub.repository.branch(`refs-${ref.length}`);
      edit(hub, '{ backend: git }', `{ backend: git, ref: ${ref} }`);
      const run = await hub.pullRequest(hub.repository.commit('A branch'));
      assert.not.ok(run.isGreen, ref);
      assert.match(run.output, why);
    }
    assert.is(hub.repository.remoteHead('refs/fleetform/'), before);
    assert.is(hub.api.posts().length, 3);
  }));

it('by hand: the history names who applied; the state follows the file to another ref', () =>
  withGitHub(async (hub) => {
    green(await hub.dispatch('apply'));
    const history = await hub.dispatch('state history');
    green(history);
    assert.match(history.output, /^Serial +Written +By +For/m);
    assert.match(history.output, hub.repository.head('main').slice(0, 7));
    edit(hub, '{ backend: git }', '{ backend: git, ref: refs/fleetform/live }');
    hub.repository.commit('Another ref');
    assert.not.ok((await hub.dispatch('apply')).isGreen);
    green(await hub.dispatch('state migrate'));
    assert.match((await hub.dispatch('plan')).output, 'No changes.');
    assert.is(hub.api.posts().length, 3);
  }));

it.run();
