/**
 * A platform that runs examples/github-actions: the workflow's scripts as they stand, in bash; checkout, cache and
 * artifacts as GitHub would do them. What this file does not know of a workflow is an error.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environment, folder, type Served } from '../support/cli.ts';
import { FAKE_GH } from './fake-gh.ts';
import { bash, commands, pathWith, Repository, Store } from './workspace.ts';

type Texts = Readonly<Record<string, string>>;

export interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Texts;
  readonly run?: string;
  readonly env?: Texts;
}

export interface Job {
  readonly if: string;
  readonly steps: readonly Step[];
  readonly environment?: string;
  readonly env?: Texts;
  readonly permissions?: Texts;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
}

export interface Workflow {
  readonly on: {
    readonly pull_request: { readonly branches: readonly string[] };
    readonly push: { readonly branches: readonly string[] };
    readonly workflow_dispatch: {
      readonly inputs: { readonly command: { readonly options: readonly string[] } };
    };
  };
  readonly env?: Texts;
  readonly permissions: Texts;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflow: Workflow = parse(
  readFileSync('examples/github-actions/.github/workflows/fleetform.yml', 'utf8'),
);

type Status = 'success' | 'failure' | 'cancelled';

export interface Run {
  readonly id: string;
  /** The job that ran; null: all were skipped. */
  readonly job: string | null;
  readonly status: Status;
  readonly isGreen: boolean;
  readonly output: string;
  readonly cwd: string;
  /** "Re-run all jobs". */
  again(): Promise<Run>;
}

export interface PullRequest {
  readonly number?: number;
  /** The repository that the branch is in. */
  readonly from?: string;
  /** The run is cancelled as soon as this step has ended. */
  readonly cancelAfter?: string;
}

const REPOSITORY = 'ana/fleet';
/** Installs nothing, and fails where it could read a key. */
const NPM = '#!/bin/sh\necho "npm $*"\ntest -z "$FLEETFORM_TOKEN$GH_TOKEN"\n';

export class GitHub {
  readonly repository = new Repository('github-actions');
  readonly hub = folder();
  /** Of main. Pull requests read it. */
  readonly cache = new Store();
  readonly api: Served;
  readonly #bin = commands({ gh: FAKE_GH, npm: NPM });
  #runs = 0;

  constructor(api: Served) {
    this.api = api;
  }

  get comments(): { id: number; pull: number; body: string }[] {
    return this.#read('comments.json', []);
  }

  pullRequest(commit: string, pull: PullRequest = {}): Promise<Run> {
    const event = {
      'github.event_name': 'pull_request',
      'github.ref': `refs/pull/${pull.number ?? 7}/merge`,
      'github.event.pull_request.number': String(pull.number ?? 7),
      'github.event.pull_request.head.sha': commit,
      'github.event.pull_request.head.repo.full_name': pull.from ?? REPOSITORY,
    };
    return this.#start(commit, event, pull.cancelAfter);
  }

  /** The push that a merge of `head` is; null: a push that came without a pull request. */
  merged(commit: string, head: string | null, pull: Readonly<Record<string, unknown>> = {}): Promise<Run> {
    const merge = {
      number: 7,
      merged_at: '2026-11-23T12:00:00Z',
      merge_commit_sha: commit,
      base: { ref: 'main' },
      head: { sha: head },
    };
    const pulls =
      head === null
        ? []
        : [
            { ...merge, number: 6, merged_at: null },
            { ...merge, ...pull },
          ];
    this.#write('pulls.json', { [commit]: pulls });
    return this.#start(commit, { 'github.event_name': 'push', 'github.ref': 'refs/heads/main' });
  }

  dispatch(command: string, words = '', ref = 'refs/heads/main'): Promise<Run> {
    const event = {
      'github.event_name': 'workflow_dispatch',
      'github.ref': ref,
      'inputs.command': command,
      'inputs.arguments': words,
    };
    return this.#start(this.repository.head(ref), event);
  }

  #start(commit: string, event: Texts, cancelAfter?: string): Promise<Run> {
    this.#runs += 1;
    return this.#attempt(String(5000 + this.#runs), 1, commit, event, cancelAfter);
  }

  async #attempt(
    id: string,
    attempt: number,
    commit: string,
    event: Texts,
    cancelAfter?: string,
  ): Promise<Run> {
    const context: Record<string, string> = {
      'github.repository': REPOSITORY,
      'github.server_url': 'https://hub.example',
      'github.run_id': id,
      'github.run_attempt': String(attempt),
      'github.token': 'hub-token',
      'secrets.FLEETFORM_TOKEN': this.api.env.FLEETFORM_TOKEN!,
      ...event,
    };
    const jobs = Object.entries(workflow.jobs).filter(([, job]) => isTrue(job.if, context, 'success'));
    if (jobs.length > 1) throw new Error(`more than one job at once: ${jobs.map(([name]) => name)}`);
    const [name, job] = jobs[0] ?? [null, null];
    const ran = await this.#runJob(job?.steps ?? [], commit, context, cancelAfter);
    const others = this.#read<{ databaseId: string }[]>('runs.json', []).filter(
      (run) => run.databaseId !== id,
    );
    const record = { databaseId: id, commit, event: event['github.event_name'], status: ran.status };
    this.#write('runs.json', [...others, record]);
    return {
      ...ran,
      id,
      job: name,
      isGreen: ran.status === 'success',
      again: () => this.#attempt(id, attempt + 1, commit, event),
    };
  }

  async #runJob(
    steps: readonly Step[],
    commit: string,
    context: Record<string, string>,
    cancelAfter?: string,
  ) {
    const cwd = join(folder(), 'job');
    const env = {
      ...environment(),
      PATH: pathWith(this.#bin),
      CI: 'true',
      FLEETFORM_API_URL: this.api.env.FLEETFORM_API_URL!,
      FAKE_GITHUB: this.hub,
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_SHA: commit,
    };
    let status: Status = 'success';
    let output = '';
    for (const step of steps) {
      if (!isTrue(step.if ?? 'success()', context, status)) continue;
      if (step.run === undefined) this.#use(step, cwd, commit, context);
      else {
        const own = filled(step.env ?? {}, context);
        const script = fill(step.run, context);
        const ran = await bash(script, existsSync(cwd) ? cwd : this.hub, { ...env, ...own });
        output += ran.output;
        if (ran.code !== 0) status = 'failure';
      }
      if (step.name !== undefined && step.name === cancelAfter) status = 'cancelled';
    }
    return { status, output, cwd };
  }

  #use(step: Step, cwd: string, commit: string, context: Record<string, string>): void {
    const given = filled(step.with ?? {}, context);
    const path = join(cwd, given.path ?? '');
    switch (step.uses) {
      case 'actions/checkout@v4':
        this.repository.checkout(given.ref ?? commit, given['fetch-depth'] === '0', cwd);
        return;
      case 'actions/setup-node@v4':
        return;
      case 'actions/cache/restore@v4':
        // A key is looked for whole, then as a beginning; then the others, as beginnings.
        if (!this.cache.restore(given.key!, path)) this.cache.restore(given['restore-keys']!, path);
        return;
      case 'actions/cache/save@v4':
        if (context['github.ref'] !== 'refs/heads/main') throw new Error('only main may write the state');
        this.cache.save(given.key!, path);
        return;
      case 'actions/upload-artifact@v4':
        this.#upload(
          path,
          join(this.hub, 'artifacts', context['github.run_id']!, given.name!),
          given.overwrite,
        );
        return;
      default:
        throw new Error(`the workflow uses ${step.uses}, which this test does not know`);
    }
  }

  #upload(path: string, place: string, overwrite = 'false'): void {
    if (!existsSync(path)) return;
    if (existsSync(place) && overwrite !== 'true') throw new Error(`there is an artifact ${place} already`);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    cpSync(path, place, { recursive: true });
  }

  #read<T>(name: string, none: T): T {
    const file = join(this.hub, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : none;
  }

  #write(name: string, value: unknown): void {
    writeFileSync(join(this.hub, name), JSON.stringify(value));
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

/** `a == 'b' && c != d`, and the status functions: no more than the workflow needs. */
function isTrue(expression: string, context: Record<string, string>, status: Status): boolean {
  const lookUp = (word: string) => (word.startsWith("'") ? word.slice(1, -1) : context[word]);
  const bare = expression.replace(/^\$\{\{ (.*) \}\}$/, '$1');
  return bare.split(' && ').every((part) => {
    if (part === 'always()') return true;
    if (part === 'success()' || part === 'failure()') return part.startsWith(status);
    if (part === '!cancelled()') return status !== 'cancelled';
    const [left = '', operator, right = ''] = part.split(' ');
    if (operator !== '==' && operator !== '!=') throw new Error(`what is ${part}?`);
    return (lookUp(left) === lookUp(right)) === (operator === '==');
  });
}
