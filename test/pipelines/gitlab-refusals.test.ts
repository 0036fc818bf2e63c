/** examples/gitlab-ci, run job by job: who may do what, and what is refused before anything is planned. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { included, jobNamed, pipeline, runsIn } from './fake-gitlab.ts';
import { edit, green, withGitLab } from './gitlab-scenes.ts';
import { COMMITTED } from './hostile-commits.ts';
import { git } from './workspace.ts';

const all = suite('gitlab ci example, refusals');
/** Its jobs run in bash. */
const it = needs(all, 'bash');

it("a developer's jobs read the state, and cannot write it", () =>
  withGitLab(async (lab) => {
    green((await lab.merged(lab.repository.commit('Plan the winter'))).applied);
    const before = lab.gitlab.states.state;
    lab.role = 'developer';
    lab.repository.branch('later');
    edit(lab, '"8812"', '"8813"');
    const commit = lab.repository.commit('Another build');
    const preview = await lab.mergeRequest(commit);
    assert.not.ok(preview.isGreen, 'what the state remembers protects the batch');
    assert.match(preview.output, 'preventCancel');
    const written = lab.api.requests.filter(({ method }) => method !== 'GET').length;
    for (const command of ['apply', 'state rm']) {
      const address = command === 'apply' ? '' : 'winter-build';
      const refused = await lab.byHand(commit, { command, address });
      assert.not.ok(refused.isGreen);
      assert.match(refused.output, 'refuses access');
      assert.not.match(refused.output, 'glcbt');
    }
    assert.is(lab.gitlab.states.state, before);
    assert.is(lab.api.requests.filter(({ method }) => method !== 'GET').length, written);
  }));

it('a branch that names another place for the state is not planned as if there were none', () =>
  withGitLab(async (lab) => {
    green((await lab.merged(lab.repository.commit('Plan the winter'))).applied);
    for (const [at, [place, why]] of [
      ['{ backend: local }', 'still holds one'],
      ['{ backend: git }', 'still holds one'],
    ].entries()) {
      lab.repository.branch(`mine-${at}`);
      edit(lab, '{ backend: http }', place!);
      const preview = await lab.mergeRequest(lab.repository.commit('Elsewhere'));
      assert.not.ok(preview.isGreen, place);
      assert.match(preview.output.replace(/\s+/g, ' '), why!, place);
    }
  }));

all('what runs on the default branch runs there alone', () => {
  for (const name of ['fleetform-plan', 'fleetform-apply', 'fleetform-scheduled', 'fleetform-by-hand']) {
    const [rule, ...others] = jobNamed(name).rules ?? [];
    assert.equal(others, []);
    assert.match(rule!.if, '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && ');
  }
  const jobs = Object.keys(pipeline).filter((name) => !name.startsWith('.'));
  const running = (source: string, command = 'none') =>
    jobs.filter((name) => runsIn(name, source, { command }));
  assert.equal(running('push'), ['fleetform-plan', 'fleetform-apply']);
  assert.equal(running('schedule'), ['fleetform-scheduled'], 'nothing that waits for a person');
  for (const source of ['web', 'schedule']) assert.equal(running(source, 'lock list'), ['fleetform-by-hand']);
});

it('by hand: GitLab refuses what is no input of ours, and the job refuses it once more', () =>
  withGitLab(async (lab) => {
    const commit = lab.repository.commit('Plan the winter');
    for (const given of [
      { command: 'destroy' },
      { command: 'plan --force' },
      { command: 'plan', address: '--api-url=https://evil.example' },
      { command: 'plan', address: 'a\n--force' },
      { command: 'import', address: 'a', batches: '1 --force' },
      { command: 'force-unlock', lock: '--force' },
      { command: 'plan', file: 'x' },
    ]) {
      assert.is((await lab.byHand(commit, given)).output, 'no pipeline', JSON.stringify(given));
    }
    for (const [variables, why] of [
      [{ COMMAND: 'destroy' }, 'command is one of'],
      [{ ADDRESS: '--api-url=https://evil.example' }, 'is not an address'],
      [{ ADDRESS: 'a\n--force' }, 'is not an address'],
      [{ ADDRESS: 'a[$(touch pwned)]' }, 'is not an address'],
      [{ COMMAND: 'import', ADDRESS: 'a', BATCHES: '1 --force' }, 'are not ids of batches'],
      [{ COMMAND: 'import', ADDRESS: 'a' }, 'import needs: address batches'],
      [{ COMMAND: 'force-unlock', LOCK: '--force' }, 'is not a lock id'],
      [{ COMMAND: 'force-unlock', LOCK: '4f1c', ADDRESS: 'a' }, 'force-unlock takes no address'],
      [{ LOCK: '4f1c' }, 'plan takes no lock'],
    ] as const) {
      const ran = await lab.byHand(commit, { command: 'plan' }, variables);
      assert.not.ok(ran.isGreen, why);
      assert.match(ran.output, why);
      assert.not.match(ran.output, 'evil');
      assert.not.ok(readdirSync(ran.cwd).includes('pwned'));
    }
    assert.is(lab.api.requests.length, 0);
    for (const name of ['fleetform-plan', 'fleetform-apply']) {
      assert.match(jobNamed(name, included({ command: 'apply' })!).rules![0]!.if, '"apply" == "none"');
    }
  }));

it('without the API that the key belongs to, or with another package, nothing is run', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('winter');
    const commit = lab.repository.commit('Plan the winter');
    for (const [settings, lie, why] of [
      [{}, { FLEETFORM_API_URL: '' }, 'The variable FLEETFORM_API_URL'],
      [{}, { FAKE_PACKAGE: 'another package' }, 'does not match the input integrity'],
      [{ integrity: '' }, {}, 'does not match the input integrity'],
      [{ package: '' }, {}, 'must say where fleetform is installed from'],
    ] as const) {
      const before = { ...lab.settings };
      Object.assign(lab.settings, settings);
      for (const ran of [
        await lab.mergeRequest(commit, lie),
        await lab.byHand(commit, { command: 'plan' }, lie),
      ]) {
        assert.not.ok(ran.isGreen);
        assert.match(ran.output, why);
        if (!why.includes('API_URL')) assert.not.match(ran.output, 'npm install');
      }
      Object.assign(lab.settings, before);
    }
    assert.is(lab.api.requests.length, 0);
  }));

it('links, submodules, states and reports that a branch brings are refused before anything is planned', () =>
  withGitLab(async (lab) => {
    for (const [i, [what, bring, why]] of COMMITTED.entries()) {
      lab.repository.branch(`evil-${i}`);
      bring(lab.repository.root);
      const commit = lab.repository.commit('Nothing special');
      const { planned, applied } = await lab.merged(commit);
      const ran = [
        await lab.mergeRequest(commit),
        planned,
        applied,
        await lab.scheduled(commit),
        await lab.byHand(commit, { command: 'plan' }),
      ];
      for (const { isGreen, output } of ran) {
        assert.not.ok(isGreen, what);
        assert.match(output, `This commit adds a ${why}`, what);
        assert.match(output, /npm install.*\n.*This commit/, 'nothing is run in between');
      }
      git(lab.repository.root, 'reset', '--quiet', '--hard');
      git(lab.repository.root, 'clean', '--quiet', '-ffdx');
    }
    lab.repository.branch('report');
    mkdirSync(join(lab.repository.root, 'plan'));
    writeFileSync(
      join(lab.repository.root, 'plan/comment.md'),
      '<!-- fleetform:plan:live-ops:0123456789ab -->\nall is well\n',
    );
    edit(lab, 'version: 1', 'version:    1');
    assert.not.ok((await lab.mergeRequest(lab.repository.commit('Untidy'))).isGreen);
    assert.is(lab.gitlab.notes.length, 1, 'a report that the branch brings is no note');
    assert.is(lab.api.requests.length, 0);
  }));

all(
  'what may write the state runs in the environment; an apply is pressed by a person; no state is carried along',
  () => {
    for (const name of ['fleetform-apply', 'fleetform-scheduled', 'fleetform-by-hand'])
      assert.is(jobNamed(name).environment, 'production');
    for (const name of ['fleetform-apply', 'fleetform-scheduled'])
      assert.is(jobNamed(name).resource_group, 'fleetform');
    assert.is(
      jobNamed('fleetform-by-hand').resource_group,
      undefined,
      'it frees the lock that an apply waits for',
    );
    assert.is(jobNamed('fleetform-apply').rules?.[0]?.when, 'manual');
    for (const name of Object.keys(pipeline)) {
      assert.is(jobNamed(name).cache, undefined);
      for (const path of jobNamed(name).artifacts?.paths ?? []) assert.is(path, 'plan');
    }
    for (const name of Object.keys(pipeline)) {
      const { before_script = [], script = [], after_script = [] } = pipeline[name]!;
      for (const line of [...before_script, ...script, ...after_script]) {
        assert.not.match(line, '$[[', 'what others write is no part of a script');
      }
    }
  },
);

all.run();
