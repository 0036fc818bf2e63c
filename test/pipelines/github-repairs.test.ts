/** examples/github-actions: repairs by hand, comments that must not mislead, and who holds which key. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { ACTION, ACTION_PATH, action, source, workflow } from './fake-github.ts';
import { commentOn, edit, green, TOOLS, winter, withGitHub } from './github-scenes.ts';

const all = suite('github actions example, repairs');
const it = needs(all, ...TOOLS);

it('by hand: state and import, by their own inputs, and of main only', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const listed = await hub.dispatch('state list', { address: 'winter-restart[fleet:eu]' });
    green(listed);
    assert.match(listed.output, 'winter-restart[fleet:eu]');
    assert.not.match(listed.output, 'winter-build');
    green(await hub.dispatch('state rm', { address: 'winter-build' }));
    const batch = hub.api.record.batches.find(
      ({ executeAt }) => executeAt === Date.parse('2030-12-01T03:00:00Z') / 1000,
    );
    green(await hub.dispatch('import', { address: 'winter-build', batches: String(batch?.id) }));
    assert.match((await hub.dispatch('plan')).output, 'No changes.');
    assert.is((await hub.dispatch('apply', {}, 'refs/heads/winter')).job, null, 'of main only');
  }));

it('a newer push that cannot be planned replaces the comment; an error of the plan is commented as such', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('typo');
    green(await hub.pullRequest(hub.repository.commit('Plan the winter')));
    edit(hub, 'template: Deploy build', 'template: Deploy biuld');
    assert.not.ok((await hub.pullRequest(hub.repository.commit('A typo'))).isGreen);
    assert.match(commentOn(hub, 7), 'Deploy build');
    edit(hub, 'version: 1', 'version:    1');
    const commit = hub.repository.commit('Untidy');
    const untidy = await hub.pullRequest(commit);
    assert.not.ok(untidy.isGreen);
    assert.match(untidy.output, '-version:    1');
    const url = `${hub.url}/ana/fleet/actions/runs/${untidy.id}`;
    const body = `\n\nThere is no plan for commit ${commit}: [this run](${url}) says why.\n`;
    assert.is(commentOn(hub, 7).replace(/^<!-- fleetform:pull-request:\S+ -->/, ''), body);
    edit(hub, 'version:    1', 'version: 1');
    edit(hub, 'template: Deploy biuld', 'template: Deploy build');
    green(await hub.pullRequest(hub.repository.commit('Tidy')));
    assert.match(commentOn(hub, 7), 'Plan: 3 to create');
  }));

it('of a file that does not tell its name, the comment says so, in the place of the plan that it has shown', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('nameless');
    green(await hub.pullRequest(hub.repository.commit('Plan the winter')));
    const shown = commentOn(hub, 7);
    edit(hub, 'name: live-ops', 'name: live ops');
    const commit = hub.repository.commit('A slip');
    assert.not.ok((await hub.pullRequest(commit)).isGreen);
    const text = commentOn(hub, 7);
    assert.is(text.split('\n')[0], shown.split('\n')[0]);
    assert.match(text, 'no plan could be made');
    assert.match(text, `There is no plan for commit ${commit}: `);
    assert.not.match(text, 'sha256:');
    assert.is(hub.comments.filter(({ pull }) => pull === 7).length, 1);
    edit(hub, 'name: live ops', 'name: live-ops');
    green(await hub.pullRequest(hub.repository.commit('Repaired')));
    assert.match(commentOn(hub, 7), 'Plan: 3 to create');
  }));

it('a run that a newer push has ended leaves the comment alone', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const older = hub.repository.commit('Plan the winter');
    edit(hub, '"8812"', '"8813"');
    green(await hub.pullRequest(hub.repository.commit('Another build')));
    const newest = commentOn(hub, 7);
    for (const cancelAfter of ['Prepare', 'Plan']) {
      assert.is((await hub.pullRequest(older, { cancelAfter })).status, 'cancelled');
      assert.is(commentOn(hub, 7), newest);
    }
    const { group, 'cancel-in-progress': endsOlder } = workflow.jobs.plan!.concurrency!;
    const [ofWorkflow, ofPull] = ['github.workflow_ref', 'github.event.pull_request.number'];
    assert.is(group, `fleetform-plan-\${{ ${ofWorkflow} }}-\${{ ${ofPull} }}`);
    assert.ok(endsOlder);
  }));

it('a fork gets no key and no plan, and is told so', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const run = await hub.pullRequest(hub.repository.commit('Plan the winter'), { from: 'eve/fleet' });
    assert.is(run.job, 'fork');
    assert.not.ok(run.isGreen);
    assert.match(run.output, 'forks get no key from GitHub, so there is no plan');
    assert.is(hub.api.requests.length, 0);
  }));

all('keys and tokens are where they are needed; all that may write the state runs in the environment', () => {
  const { plan, apply, scheduled, drift, queue, fork, 'by-hand': byHand } = workflow.jobs;
  const holders = (secret: string) =>
    Object.entries(workflow.jobs).flatMap(([job, { steps }]) =>
      steps.filter(({ env }) => env?.[secret] !== undefined).map(({ name }) => `${job}: ${name}`),
    );
  // The key, and the token that gets the state.
  const withKey = ['plan: Plan', 'apply: Apply', 'scheduled: Apply main', 'drift: Drift', 'by-hand: Command'];
  assert.equal(holders('STATE_TOKEN'), withKey);
  assert.equal(holders('FLEETFORM_TOKEN'), withKey);
  assert.equal(holders('FLEETFORM_API_URL'), withKey);
  assert.equal(holders('GH_TOKEN'), [
    'plan: Comment',
    'queue: As planned',
    'apply: The reviewed plan',
    'apply: Result',
    'drift: Issue',
  ]);
  assert.equal(workflow.env, {
    FLEETFORM_PACKAGE: '',
    FLEETFORM_INTEGRITY: '',
    FLEETFORM_ENVIRONMENTS: '.',
  });
  assert.equal(workflow.permissions, {});
  assert.equal(plan?.permissions, { contents: 'read', 'pull-requests': 'write' });
  assert.equal(apply?.permissions, { actions: 'read', contents: 'write', 'pull-requests': 'write' });
  assert.equal(scheduled?.permissions, { contents: 'write' });
  assert.equal(drift?.permissions, { contents: 'read', issues: 'write' });
  assert.equal(byHand?.permissions, { contents: 'write' });
  assert.equal(queue?.permissions, { contents: 'read', 'pull-requests': 'read' });
  assert.equal(fork?.permissions, undefined);
  assert.not.ok('pull_request_target' in workflow.on);
  for (const job of Object.values(workflow.jobs)) {
    assert.is(job.env, undefined);
    assert.is(job.environment, job.permissions?.contents === 'write' ? 'production' : undefined);
    for (const { uses, run, with: given } of job.steps) {
      assert.not.match(run ?? '', '${{', 'what others write is no part of a script');
      if (uses === undefined) continue;
      assert.not.match(JSON.stringify(given ?? {}), 'secrets.', 'what is given so is printed');
      if (uses.startsWith('YOUR-ORG/')) {
        assert.is(uses, `${ACTION}@${'0'.repeat(40)}`, 'no commit: whoever takes it has to say which one');
        continue;
      }
      isPinned(uses, source);
      if (uses.startsWith('actions/checkout@')) assert.is(String(given?.['persist-credentials']), 'false');
    }
    if (job === fork || job === queue) continue;
    assert.match(job.steps[0]!.uses!, /^actions\/checkout@/);
    assert.is(job.steps[1]!.name, 'Prepare', 'right after the checkout');
    assert.equal(job.steps[1]!.with, { command: 'prepare' });
  }
  for (const { concurrency } of [apply!, drift!]) {
    assert.match(
      concurrency!.group,
      /^fleetform-[a-z]+-\$\{\{ github\.workflow_ref \}\}$/,
      'of this workflow alone',
    );
    assert.is(concurrency!['cancel-in-progress'], false);
  }
  assert.equal(scheduled?.concurrency, apply?.concurrency);
  assert.is(byHand?.concurrency, undefined, 'what frees a lock does not wait behind what waits for it');
  assert.not.match(source, /actions\/cache|path: \.fleetform/);
  assert.is(workflow.defaults.run.shell, 'bash');
  assert.equal(workflow.on.pull_request.branches, ['main']);
  assert.equal(workflow.on.push.branches, ['main']);
  const { command, ...texts } = workflow.on.workflow_dispatch.inputs;
  assert.equal(command?.options, [
    'plan',
    'apply',
    'assume missing',
    'force-unlock',
    'import',
    'import force',
    'lock list',
    'state history',
    'state list',
    'state migrate',
    'state rm',
  ]);
  assert.equal(Object.keys(texts), ['address', 'batches', 'lock', 'environment']);
});

function isPinned(uses: string, text: string): void {
  assert.match(uses, /^actions\/[a-z/-]+@[0-9a-f]{40}$/);
  assert.match(text, new RegExp(`${uses} # v\\d+\\.\\d+\\.\\d+\n`));
}

all(
  'the action: what others write is no part of a script, no key is an input, and each script stops at what fails',
  () => {
    const text = readFileSync(join(ACTION_PATH, 'action.yml'), 'utf8');
    for (const { run, uses, if: condition } of action.runs.steps) {
      assert.match(condition ?? '', /^inputs\.command [!=]= 'prepare'$/);
      if (uses !== undefined) isPinned(uses, text);
      else assert.match(run ?? '', /^exec bash "\$GITHUB_ACTION_PATH\/[a-z]+\.sh"$/);
    }
    assert.not.match(text, /secrets\.|github\.token \}/);
    assert.not.ok(Object.keys(action.inputs).some((name) => /token|key|secret/.test(name)));
    const scripts = readdirSync(ACTION_PATH).filter((name) => name.endsWith('.sh'));
    for (const name of scripts) {
      const script = readFileSync(join(ACTION_PATH, name), 'utf8');
      assert.not.match(script, '${{');
      assert.not.match(script, /\beval\b/);
      if (script.startsWith('#!')) assert.match(script, '\nset -euo pipefail\n', name);
    }
    const [, commands] = /^ {2}([a-z| -]+)\)$/m.exec(readFileSync(join(ACTION_PATH, 'run.sh'), 'utf8')) ?? [];
    for (const name of commands!.split(' | ')) assert.ok(scripts.includes(`${name}.sh`), name);
  },
);

all.run();
