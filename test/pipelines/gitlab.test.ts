/**
 * examples/gitlab-ci, run job by job: the scripts as they stand, in bash; checkout, cache and artifacts as GitLab
 * would do them, and its notes over HTTP.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { environment, type Served, serve } from '../support/cli.ts';
import { bash, commands, pathWith, Repository, Store } from './workspace.ts';

const it = suite('gitlab ci example');
const NOTES_TOKEN = 'glpat-notes';

interface Job {
  readonly extends?: string;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly needs?: readonly string[];
  readonly cache?: { readonly key: string; readonly paths: readonly string[]; readonly policy: string };
  readonly artifacts?: { readonly paths: readonly string[]; readonly when?: string };
  readonly resource_group?: string;
  readonly rules?: readonly { readonly if: string; readonly when?: string }[];
}

const pipeline: Readonly<Record<string, Job>> & { readonly variables: Readonly<Record<string, string>> } =
  parse(readFileSync('examples/gitlab-ci/.gitlab-ci.yml', 'utf8'));

function jobNamed(name: string): Job {
  const job = pipeline[name]!;
  return job.extends === undefined ? job : { ...pipeline[job.extends], ...job };
}

interface Note {
  readonly id: number;
  readonly author: { readonly id: number };
  body: string;
}

/** The notes of merge request 7 of project 3; user 11 is whoever has the token. */
class Notes {
  /** A person quotes the bot: that note is not the bot's. */
  readonly all: Note[] = [{ id: 1, author: { id: 5 }, body: '<!-- fleetform:live-ops -->\nwhat is this?' }];
  readonly #server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const answer = this.#answer(
        request.method ?? '',
        request.url ?? '',
        body,
        request.headers['private-token'],
      );
      response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? {}));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v4`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(method: string, url: string, body: string, token: unknown): unknown {
    if (token !== NOTES_TOKEN) return null;
    if (url === '/api/v4/user') return { id: 11 };
    const [, id] = /^\/api\/v4\/projects\/3\/merge_requests\/7\/notes(?:\/(\d+))?/.exec(url) ?? [null];
    if (method === 'GET') return url.includes('page=1') ? this.all : [];
    const text = JSON.parse(body).body;
    if (method === 'POST') return this.all.push({ id: this.all.length + 1, author: { id: 11 }, body: text });
    const note = this.all.find((one) => one.id === Number(id));
    if (note === undefined) return null;
    note.body = text;
    return note;
  }
}

class GitLab {
  readonly repository = new Repository('gitlab-ci');
  readonly cache = new Store();
  readonly notes = new Notes();
  readonly api: Served;
  readonly #bin = commands();
  #notesUrl = '';

  constructor(api: Served) {
    this.api = api;
  }

  async open(): Promise<void> {
    this.#notesUrl = await this.notes.listen();
  }

  mergeRequest(commit: string) {
    const variables = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_IID: '7' };
    return this.#runJob('plan', commit, variables, new Store());
  }

  /** The pipeline of the default branch, with the manual job pressed after `beforeApply`. */
  async merged(commit: string, beforeApply: () => Promise<unknown> = async () => {}) {
    const artifacts = new Store();
    const variables = { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' };
    const planned = await this.#runJob('plan', commit, variables, artifacts);
    await beforeApply();
    return { planned, applied: await this.#runJob('apply', commit, variables, artifacts) };
  }

  async #runJob(name: string, commit: string, variables: Readonly<Record<string, string>>, artifacts: Store) {
    const job = jobNamed(name);
    const cwd = this.repository.checkout(commit);
    const env = {
      ...environment(),
      PATH: `${pathWith(this.#bin)}:${process.execPath.replace(/\/node$/, '')}`,
      CI: 'true',
      CI_API_V4_URL: this.#notesUrl,
      CI_PROJECT_ID: '3',
      CI_DEFAULT_BRANCH: 'main',
      GITLAB_NOTES_TOKEN: NOTES_TOKEN,
      ...pipeline.variables,
      ...this.api.env,
      ...variables,
    };
    assert.ok(
      job.rules?.some((rule) => isTrue(rule.if, env)),
      `${name} does not run here`,
    );
    for (const path of job.cache!.paths) this.cache.restore(job.cache!.key, join(cwd, path));
    for (const needed of job.needs ?? []) {
      for (const path of jobNamed(needed).artifacts!.paths) artifacts.restore(path, join(cwd, path));
    }
    const script = [...(job.before_script ?? []), ...(job.script ?? [])].join('\n');
    const ran = await bash(script, cwd, env);
    const after = await bash((job.after_script ?? []).join('\n'), cwd, env);
    for (const path of job.artifacts?.paths ?? []) artifacts.save(path, join(cwd, path));
    if (job.cache!.policy === 'pull-push') {
      for (const path of job.cache!.paths) this.cache.save(job.cache!.key, join(cwd, path));
    }
    return { isGreen: ran.code === 0, output: ran.output + after.output, cwd };
  }
}

/** `$A == "b"` or `$A == $B`: no more than the pipeline needs. */
function isTrue(expression: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const lookUp = (word: string) => (word.startsWith('$') ? env[word.slice(1)] : word.slice(1, -1));
  const [left = '', right = ''] = expression.split(' == ');
  return lookUp(left) !== undefined && lookUp(left) === lookUp(right);
}

async function withGitLab(work: (lab: GitLab) => Promise<void>): Promise<void> {
  const api = await serve();
  const lab = new GitLab(api);
  try {
    await lab.open();
    await work(lab);
  } finally {
    lab.notes.close();
    await api.server.close();
  }
}

function edit(lab: GitLab, from: string, to: string): void {
  const file = join(lab.repository.root, 'fleetform.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, from);
  writeFileSync(file, text.replace(from, to));
}

it('a merge request is planned with a note that is updated; the default branch applies the plan it looked at', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('winter');
    const first = await lab.mergeRequest(lab.repository.commit('Plan the winter'));
    assert.ok(first.isGreen, first.output);
    assert.is(lab.notes.all.length, 2);
    assert.match(lab.notes.all[1]!.body, /Plan: 3 to create/);
    assert.ok(existsSync(join(first.cwd, 'plan/plan.html')));
    edit(lab, '"8812"', '"8813"');
    const second = await lab.mergeRequest(lab.repository.commit('Another build'));
    assert.ok(second.isGreen, second.output);
    assert.is(lab.notes.all.length, 2, 'the note is updated in place');
    assert.match(lab.notes.all[1]!.body, '8813');
    assert.match(lab.notes.all[0]!.body, 'what is this?');
    assert.is(lab.api.posts().length, 0);

    const { planned, applied } = await lab.merged(lab.repository.squash('winter'));
    assert.ok(planned.isGreen, planned.output);
    assert.ok(applied.isGreen, applied.output);
    assert.match(applied.output, 'Apply complete: 3 created');
    assert.is(lab.api.posts().length, 3);

    lab.cache.lose();
    const again = await lab.merged(lab.repository.commit('Nothing new'));
    assert.match(again.planned.output, '3 to adopt');
    assert.ok(again.applied.isGreen, again.applied.output);
    assert.is(lab.api.posts().length, 3, 'a lost cache makes nothing twice');
  }));

it('a plan that no longer holds when the button is pressed is refused', () =>
  withGitLab(async (lab) => {
    const commit = lab.repository.commit('Plan the winter');
    const { applied } = await lab.merged(commit, async () => {
      const colleague = lab.repository.checkout(commit);
      const env = { ...environment(), PATH: pathWith(commands()), ...lab.api.env };
      const ran = await bash('fleetform apply --auto-approve --target winter-build', colleague, env);
      assert.is(ran.code, 0, ran.output);
      lab.cache.save('fleetform-state', join(colleague, '.fleetform'));
    });
    assert.not.ok(applied.isGreen);
    assert.match(applied.output, 'winter-build: was to create, now there is nothing to do');
    assert.is(lab.api.posts().length, 1);
  }));

it('applies wait for each other, and are pressed by a person', () => {
  assert.is(jobNamed('apply').resource_group, 'fleetform');
  assert.is(jobNamed('apply').rules?.[0]?.when, 'manual');
  assert.is(jobNamed('plan').cache?.policy, 'pull');
});

it.run();
