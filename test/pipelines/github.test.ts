/**
 * examples/github-actions, run step by step: the scripts of the workflow as they stand, in bash; checkout, cache and
 * artifacts as GitHub would do them; a pull request, its merge, a lost cache and a stale plan.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { environment, fleetform, folder, type Served, serve } from '../support/cli.ts';
import { FAKE_GH } from './fake-gh.ts';
import { bash, commands, isInstalled, pathWith, Repository, Store } from './workspace.ts';

const it = suite('github actions example');

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if: string;
  readonly steps: readonly Step[];
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow: Workflow = parse(
  readFileSync('examples/github-actions/.github/workflows/fleetform.yml', 'utf8'),
);

/** A platform that runs the workflow: every `uses` that stands in it is done here, and an unknown one is an error. */
class GitHub {
  readonly repository = new Repository('github-actions');
  readonly hub = folder();
  readonly cache = new Store();
  readonly api: Served;
  readonly #bin = commands({ gh: FAKE_GH });
  #runs = 0;

  constructor(api: Served) {
    this.api = api;
  }

  get comments(): { id: number; body: string }[] {
    const file = join(this.hub, 'comments.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  }

  async pullRequest(commit: string) {
    const run = await this.#runJob('plan', commit, {
      'github.event_name': 'pull_request',
      'github.event.pull_request.number': '7',
      'github.event.pull_request.head.sha': commit,
      'github.event.pull_request.head.repo.full_name': 'ana/fleet',
    });
    const runs = join(this.hub, 'runs.json');
    const before = existsSync(runs) ? JSON.parse(readFileSync(runs, 'utf8')) : [];
    const status = run.isGreen ? 'success' : 'failure';
    writeFileSync(
      runs,
      JSON.stringify([...before, { databaseId: run.id, commit, event: 'pull_request', status }]),
    );
    return run;
  }

  /** `head`: of the pull request that it came with; null: with none. */
  async merged(commit: string, head: string | null) {
    const pulls = head === null ? [] : [{ head: { sha: head } }];
    writeFileSync(join(this.hub, 'pulls.json'), JSON.stringify({ [commit]: pulls }));
    return this.#runJob('apply', commit, { 'github.event_name': 'push', 'github.sha': commit });
  }

  async #runJob(name: string, commit: string, event: Readonly<Record<string, string>>) {
    this.#runs += 1;
    const id = String(5000 + this.#runs);
    const context: Record<string, string> = {
      'github.repository': 'ana/fleet',
      'github.run_id': id,
      'github.run_attempt': '1',
      'github.token': 'hub-token',
      'secrets.FLEETFORM_TOKEN': this.api.env.FLEETFORM_TOKEN!,
      ...event,
    };
    const job = workflow.jobs[name]!;
    assert.ok(isTrue(job.if, context), `${name} does not run on ${event['github.event_name']}`);
    const cwd = this.repository.checkout(commit);
    const env = {
      ...environment(),
      PATH: pathWith(this.#bin),
      CI: 'true',
      FLEETFORM_API_URL: this.api.env.FLEETFORM_API_URL!,
      FAKE_GITHUB: this.hub,
      GITHUB_REPOSITORY: 'ana/fleet',
      GITHUB_SHA: event['github.sha'] ?? commit,
      ...filled(workflow.env, context),
    };
    let isGreen = true;
    let output = '';
    for (const step of job.steps) {
      if (!isGreen && step.if !== 'always()') continue;
      if (step.run === undefined) this.#use(step, cwd, id, context);
      else {
        const ran = await bash(fill(step.run, context), cwd, { ...env, ...filled(step.env ?? {}, context) });
        output += ran.output;
        if (ran.code !== 0) isGreen = false;
      }
    }
    return { id, isGreen, output, cwd };
  }

  #use(step: Step, cwd: string, run: string, context: Record<string, string>): void {
    const given = filled(step.with ?? {}, context);
    const path = join(cwd, given.path ?? '');
    switch (step.uses) {
      case 'actions/checkout@v4':
      case 'actions/setup-node@v4':
        return;
      case 'actions/cache/restore@v4':
        if (!this.cache.restore(given.key!, path)) this.cache.restore(given['restore-keys']!, path);
        return;
      case 'actions/cache/save@v4':
        this.cache.save(given.key!, path);
        return;
      case 'actions/upload-artifact@v4': {
        const place = join(this.hub, 'artifacts', run, given.name!);
        mkdirSync(place, { recursive: true });
        if (existsSync(path)) cpSync(path, place, { recursive: true });
        return;
      }
      default:
        throw new Error(`the workflow uses ${step.uses}, which this test does not know`);
    }
  }
}

function fill(text: string, context: Record<string, string>): string {
  return text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
    const value = context[name];
    if (value === undefined) throw new Error(`nothing is known of \${{ ${name} }}`);
    return value;
  });
}

function filled(record: Readonly<Record<string, unknown>>, context: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, fill(String(value), context)]),
  );
}

/** `a == 'b' && c == d`: no more than the workflow needs. */
function isTrue(expression: string, context: Record<string, string>): boolean {
  const lookUp = (word: string) => (word.startsWith("'") ? word.slice(1, -1) : context[word]);
  return expression.split(' && ').every((part) => {
    const [left = '', right = ''] = part.split(' == ');
    return lookUp(left) === lookUp(right);
  });
}

async function withGitHub(work: (hub: GitHub) => Promise<void>): Promise<void> {
  assert.ok(isInstalled('jq'), 'jq is missing: the fake gh filters with it');
  const api = await serve();
  try {
    await work(new GitHub(api));
  } finally {
    await api.server.close();
  }
}

function edit(hub: GitHub, from: string | RegExp, to: string): void {
  const file = join(hub.repository.root, 'fleetform.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, from);
  writeFileSync(file, text.replace(from, to));
}

it('a pull request is planned, commented, planned again in the same comment, merged, and applied as reviewed', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const first = await hub.pullRequest(hub.repository.commit('Plan the winter'));
    assert.ok(first.isGreen, first.output);
    assert.is(hub.comments.length, 1);
    assert.match(hub.comments[0]!.body, /Plan: 3 to create/);
    assert.is(hub.api.posts().length, 0, 'a plan creates nothing');
    assert.match(
      readFileSync(join(hub.hub, 'artifacts', first.id, 'fleetform-plan/plan.html'), 'utf8'),
      'winter-build',
    );

    edit(hub, 'buildId: "8812"', 'buildId: "8813"');
    const head = hub.repository.commit('Another build');
    const second = await hub.pullRequest(head);
    assert.ok(second.isGreen, second.output);
    assert.is(hub.comments.length, 1, 'the comment is updated in place');
    assert.match(hub.comments[0]!.body, '8813');

    const applied = await hub.merged(hub.repository.squash('winter'), head);
    assert.ok(applied.isGreen, applied.output);
    assert.is(hub.api.posts().length, 3);
    assert.match(applied.output, 'Apply complete: 3 created');
  }));

it('a lost cache: the next plan finds the batches by evidence, and the merge records them again', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const head = hub.repository.commit('Plan the winter');
    await hub.pullRequest(head);
    assert.ok((await hub.merged(hub.repository.squash('winter'), head)).isGreen);
    hub.cache.lose();

    hub.repository.branch('later');
    edit(hub, '2030-12-01T03:00:00Z', '2030-12-01T05:00:00Z');
    const later = hub.repository.commit('Deploy later');
    const planned = await hub.pullRequest(later);
    assert.ok(planned.isGreen, planned.output);
    assert.match(hub.comments[0]!.body, '2 to adopt');
    const applied = await hub.merged(hub.repository.squash('later'), later);
    assert.ok(applied.isGreen, applied.output);
    assert.match(applied.output, 'Apply complete: 1 created, 0 replaced, 0 cancelled, 0 updated, 2 adopted');
    assert.is(hub.api.posts().length, 4);
  }));

it('a plan made before a colleague applied is refused, and says what has changed', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('mine');
    const mine = hub.repository.commit('Plan the winter');
    assert.ok((await hub.pullRequest(mine)).isGreen);
    const colleague = await fleetform(
      ['apply', '--auto-approve', '--target', 'winter-build'],
      hub.repository.root,
      hub.api.env,
    );
    assert.is(colleague.code, 0, colleague.stderr);
    hub.cache.save('fleetform-state-1-1', join(hub.repository.root, '.fleetform'));
    const refused = await hub.merged(hub.repository.squash('mine'), mine);
    assert.not.ok(refused.isGreen);
    assert.match(refused.output, 'no longer holds');
    assert.match(refused.output, 'winter-build: was to create, now there is nothing to do');
    assert.is(hub.api.posts().length, 1, 'only the colleague’s');
  }));

it('a file out of its layout, or with an error, is red; an error of the plan is commented all the same', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('typo');
    edit(hub, 'template: Deploy build', 'template: Deploy biuld');
    const planned = await hub.pullRequest(hub.repository.commit('A typo'));
    assert.not.ok(planned.isGreen);
    assert.match(hub.comments[0]!.body, 'Deploy build');
    edit(hub, 'version: 1', 'version:    1');
    const untidy = await hub.pullRequest(hub.repository.commit('Untidy'));
    assert.not.ok(untidy.isGreen);
    assert.match(untidy.output, '-version:    1');
  }));

it('a push without a pull request applies nothing; applies wait for each other', () =>
  withGitHub(async (hub) => {
    const commit = hub.repository.commit('Straight to main');
    const refused = await hub.merged(commit, null);
    assert.not.ok(refused.isGreen);
    assert.is(hub.api.posts().length, 0);
    assert.equal(workflow.jobs.apply?.concurrency, { group: 'fleetform-apply', 'cancel-in-progress': false });
    assert.equal(workflow.permissions, { contents: 'read', actions: 'read', 'pull-requests': 'write' });
  }));

it.run();
