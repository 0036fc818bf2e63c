/**
 * A platform that runs examples/github-actions: the workflow's and the action's scripts as they stand, in bash; checkout and artifacts as
 * GitHub would do them, and its server of repositories, which lets a job's token do what the job's `permissions` say. What
 * this file does not know of a workflow is an error.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { type GitHttp, serveGit } from '../state/backends/git/http-server.ts';
import { environment, folder, type Served } from '../support/cli.ts';
import { FAKE_GH } from './fake-gh.ts';
import { bash, commands, INTEGRITY, PACKAGE_URL, pathWith, type Ran, Repository } from './workspace.ts';

type Texts = Readonly<Record<string, string>>;

export interface Step {
  readonly name?: string;
  readonly id?: string;
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
      readonly inputs: Readonly<
        Record<string, { readonly type: string; readonly options?: readonly string[] }>
      >;
    };
  };
  readonly env: Texts;
  readonly permissions: Texts;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

export const source = readFileSync('examples/github-actions/.github/workflows/fleetform.yml', 'utf8');

export const workflow: Workflow = parse(source);

/** Whose the example's steps are, and where that is here. */
export const ACTION = 'YOUR-ORG/fleetform/.github/actions/fleetform';
export const ACTION_PATH = resolve('.github/actions/fleetform');

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const action: Action = parse(readFileSync(join(ACTION_PATH, 'action.yml'), 'utf8'));

type Status = 'success' | 'failure' | 'cancelled';

export interface Run {
  readonly id: string;
  /** The job that ran; null: all were skipped. */
  readonly job: string | null;
  readonly status: Status;
  readonly isGreen: boolean;
  /** Of the first step that failed; 0: none has. */
  readonly code: number | null;
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

/** What a person types who starts it by hand. */
export interface Inputs {
  readonly address?: string;
  readonly batches?: string;
  readonly lock?: string;
  readonly environment?: string;
}

const REPOSITORY = 'ana/fleet';

/** The user that a job's token stands for, and what it is, by what `contents` allows. */
const TOKEN_USER = 'x-access-token';
export const TOKENS = { none: 'hub-token', read: 'hub-token-reads', write: 'hub-token-writes' } as const;

export class GitHub {
  readonly repository = new Repository('github-actions');
  readonly hub = folder();
  readonly api: Served;
  readonly #bin = commands({ gh: FAKE_GH });
  /** Of each job, over what the workflow and the settings say. */
  readonly env: Record<string, string> = {};
  /** What no job's token may exceed, as an organisation can say. */
  most: keyof typeof TOKENS = 'write';
  #server: GitHttp | null = null;
  #runs = 0;

  constructor(api: Served) {
    this.api = api;
  }

  async open(): Promise<void> {
    this.#server = await serveGit(this.repository.served, TOKEN_USER, TOKENS.write);
    this.#server.readOnlyPassword = TOKENS.read;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  get url(): string {
    return this.#server!.url;
  }

  get comments(): { id: number; pull: number; body: string; user: { login: string; type: string } }[] {
    return this.#read('comments.json', []);
  }

  get issues(): { number: number; state: string; title: string; labels: string[]; body: string }[] {
    return this.#read('issues.json', []);
  }

  /** A person's, or another app's. */
  issue(login: string, body: string): void {
    const type = login.endsWith('[bot]') ? 'Bot' : 'User';
    const number = 200 + this.issues.length;
    this.#write('issues.json', [...this.issues, { number, state: 'open', user: { login, type }, body }]);
  }

  /** A comment says something else from now on. */
  rewrite(comment: GitHub['comments'][number]): void {
    const others = this.comments.map((one) => (one.id === comment.id ? comment : one));
    this.#write('comments.json', others);
  }

  pullRequest(commit: string, pull: PullRequest = {}): Promise<Run> {
    const event = {
      'github.event_name': 'pull_request',
      'github.ref': `refs/pull/${pull.number ?? 7}/merge`,
      'github.event.pull_request.number': String(pull.number ?? 7),
      'github.event.pull_request.head.sha': commit,
      'github.event.pull_request.head.repo.full_name': pull.from ?? REPOSITORY,
    };
    this.#head(pull.number ?? 7, commit, 'open');
    return this.#start(commit, event, pull.cancelAfter);
  }

  /** What a merge queue has put together, to be checked before it is merged. */
  queued(commit: string, base: string, name = `pr-7-${base}`): Promise<Run> {
    return this.#start(commit, {
      'github.event_name': 'merge_group',
      'github.ref': `refs/heads/gh-readonly-queue/main/${name}`,
      'github.event.merge_group.head_ref': `refs/heads/gh-readonly-queue/main/${name}`,
      'github.event.merge_group.base_sha': base,
    });
  }

  comment(pull: number, login: string, body: string): void {
    const type = login.endsWith('[bot]') ? 'Bot' : 'User';
    const comment = { id: 800 + this.comments.length, pull, user: { login, type }, body };
    this.#write('comments.json', [...this.comments, comment]);
  }

  /** A run and its artifact that some other workflow, branch or repository has made. */
  foreignPlan(name: string, run: Readonly<Record<string, unknown>>): void {
    const id = String(4000 + this.#read<unknown[]>('runs.json', []).length);
    this.#write('runs.json', [...this.#read<unknown[]>('runs.json', []), { id, ...run }]);
    this.#record(name, id, '9999');
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
    if (head !== null) this.#head(Number(pull.number ?? 7), head, 'closed');
    return this.#start(commit, {
      'github.event_name': 'push',
      'github.ref': 'refs/heads/main',
      'github.event.before': this.repository.head(`${commit}^1`),
    });
  }

  dispatch(command: string, inputs: Inputs = {}, ref = 'refs/heads/main'): Promise<Run> {
    const event = {
      'github.event_name': 'workflow_dispatch',
      'github.ref': ref,
      'inputs.command': command,
      'inputs.address': inputs.address ?? '',
      'inputs.batches': inputs.batches ?? '',
      'inputs.lock': inputs.lock ?? '',
      'inputs.environment': inputs.environment ?? '',
    };
    return this.#start(this.repository.head(ref), event);
  }

  /** What GitHub starts at a time: the default branch, as it is then. */
  scheduled({ ref = 'refs/heads/main', isFork = false, cron = '17 1 * * *' } = {}): Promise<Run> {
    return this.#start(this.repository.head(ref), {
      'github.event_name': 'schedule',
      'github.event.schedule': cron,
      'github.ref': ref,
      'github.event.repository.fork': String(isFork),
    });
  }

  #head(pull: number, sha: string, state: 'open' | 'closed'): void {
    this.#write('heads.json', { ...this.#read('heads.json', {}), [pull]: { state, head: { sha } } });
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
      'github.server_url': this.url,
      'github.run_id': id,
      'github.run_attempt': String(attempt),
      'vars.FLEETFORM_API_URL': this.api.env.FLEETFORM_API_URL!,
      'secrets.FLEETFORM_TOKEN': this.api.env.FLEETFORM_TOKEN!,
      ...event,
    };
    const jobs = Object.entries(workflow.jobs).filter(([, job]) => isTrue(job.if, context, 'success'));
    if (jobs.length > 1) throw new Error(`more than one job at once: ${jobs.map(([name]) => name)}`);
    const [name, job] = jobs[0] ?? [null, null];
    context['github.token'] = this.#tokenOf(job?.permissions);
    context['github.job'] = name ?? '';
    const ran = await this.#runJob(job?.steps ?? [], commit, context, cancelAfter);
    const others = this.#read<{ id: string }[]>('runs.json', []).filter((run) => run.id !== id);
    const record = {
      id,
      event: event['github.event_name'],
      conclusion: ran.status,
      head_sha: commit,
      head_repository: { full_name: event['github.event.pull_request.head.repo.full_name'] ?? REPOSITORY },
      path: '.github/workflows/fleetform.yml',
    };
    this.#write('runs.json', [...others, record]);
    return {
      ...ran,
      id,
      job: name,
      isGreen: ran.status === 'success',
      again: () => this.#attempt(id, attempt + 1, commit, event),
    };
  }

  #tokenOf(permissions: Texts = workflow.permissions): string {
    const ranks = ['none', 'read', 'write'] as const;
    const asked = ranks.indexOf((permissions.contents ?? 'none') as 'none');
    return TOKENS[ranks[Math.min(asked, ranks.indexOf(this.most))]!];
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
      ...filled(workflow.env, context),
      FLEETFORM_PACKAGE: PACKAGE_URL,
      FLEETFORM_INTEGRITY: INTEGRITY,
      FAKE_GITHUB: this.hub,
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_SERVER_URL: this.url,
      GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/fleetform.yml@${context['github.ref']}`,
      GITHUB_SHA: commit,
      GITHUB_JOB: context['github.job']!,
    };
    for (const { id } of steps) {
      for (const name of Object.keys(action.outputs)) {
        if (id !== undefined) context[`steps.${id}.outputs.${name}`] = '';
      }
    }
    let status: Status = 'success';
    let output = '';
    let code: number | null = 0;
    for (const step of steps) {
      if (!isTrue(step.if ?? 'success()', context, status)) continue;
      if (step.run === undefined && !step.uses?.startsWith(`${ACTION}@`)) {
        this.#use(step, cwd, commit, context);
      } else {
        const own = { ...env, ...filled(step.env ?? {}, context), ...this.env };
        const place = existsSync(cwd) ? cwd : this.hub;
        const ran =
          step.run === undefined
            ? await this.#runAction(step, place, own, context)
            : await bash(fill(step.run, context), place, own);
        output += ran.output;
        if (ran.code !== 0) status = 'failure';
        if (code === 0) code = ran.code;
      }
      if (step.name !== undefined && step.name === cancelAfter) status = 'cancelled';
    }
    return { status, code, output, cwd };
  }

  /** All steps of the action that its command has; what they tell becomes the step's outputs, as action.yml says. */
  async #runAction(step: Step, cwd: string, env: Texts, context: Record<string, string>): Promise<Ran> {
    const given = filled(step.with ?? {}, context);
    for (const name of Object.keys(given)) {
      if (action.inputs[name] === undefined) throw new Error(`the action has no input ${name}`);
    }
    const inner: Record<string, string> = Object.fromEntries(
      Object.entries(context).filter(([name]) => name.startsWith('github.')),
    );
    for (const [name, input] of Object.entries(action.inputs)) {
      inner[`inputs.${name}`] = given[name] ?? input.default ?? '';
    }
    for (const [name, value] of Object.entries(env)) inner[`env.${name}`] = value;
    let output = '';
    let code: number | null = 0;
    for (const { if: condition, id, run, uses, env: added } of action.runs.steps) {
      if (code !== 0 || !isTrue(condition!, inner, 'success')) continue;
      if (run === undefined) {
        if (!uses?.startsWith('actions/setup-node@')) throw new Error(`what is ${uses}?`);
        continue;
      }
      const file = join(folder(), 'output');
      const own = filled(added ?? {}, inner, '');
      const ran = await bash(run, cwd, {
        ...env,
        ...own,
        GITHUB_OUTPUT: file,
        GITHUB_ACTION_PATH: ACTION_PATH,
      });
      output += ran.output;
      code = ran.code;
      if (id !== undefined) readOutputs(id, file, inner);
    }
    if (step.id !== undefined) {
      for (const [name, { value }] of Object.entries(action.outputs)) {
        context[`steps.${step.id}.outputs.${name}`] = fill(value, inner, '');
      }
    }
    return { code, output };
  }

  #use(step: Step, cwd: string, commit: string, context: Record<string, string>): void {
    const given = filled(step.with ?? {}, context);
    const path = join(cwd, given.path ?? '');
    switch (step.uses?.split('@')[0]) {
      case 'actions/checkout':
        if (given['persist-credentials'] !== 'false') throw new Error('every step would see the token');
        this.repository.checkout(
          given.ref === 'main' ? this.repository.remoteHead('refs/heads/main')! : (given.ref ?? commit),
          given['fetch-depth'] === '0',
          cwd,
          `${this.url}/${REPOSITORY}`,
        );
        return;
      case 'actions/setup-node':
        return;
      case 'actions/upload-artifact':
        this.#upload(path, context['github.run_id']!, given);
        return;
      default:
        throw new Error(`the workflow uses ${step.uses}, which this test does not know`);
    }
  }

  #upload(path: string, run: string, given: Record<string, string>): void {
    if (!existsSync(path)) return;
    const place = join(this.hub, 'artifacts', run, given.name!);
    if (existsSync(place) && given.overwrite !== 'true')
      throw new Error(`there is an artifact ${place} already`);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    cpSync(path, place, { recursive: true });
    this.#record(given.name!, run, String(1000 + this.#runs));
  }

  #record(name: string, run: string, created_at: string): void {
    const all = this.#read<unknown[]>('artifacts.json', []);
    this.#write('artifacts.json', [...all, { name, expired: false, created_at, workflow_run: { id: run } }]);
  }

  #read<T>(name: string, none: T): T {
    const file = join(this.hub, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : none;
  }

  #write(name: string, value: unknown): void {
    writeFileSync(join(this.hub, name), JSON.stringify(value));
  }
}

/** `name=value`, a line each. */
function readOutputs(id: string, file: string, context: Record<string, string>): void {
  if (!existsSync(file)) return;
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    context[`steps.${id}.outputs.${name}`] = value;
  }
}

/** `none`: what is there for what is not known; undefined: that is an error. */
function fill(text: string, context: Record<string, string>, none?: string): string {
  return text.replace(/\$\{\{ ([^}]+) \}\}/g, (_, names: string) => {
    const values = names.split(' || ').map((name) => context[name] ?? none);
    if (values.includes(undefined)) throw new Error(`nothing is known of \${{ ${names} }}`);
    return values.find((value) => value !== '') ?? '';
  });
}

function filled(
  record: Readonly<Record<string, unknown>>,
  context: Record<string, string>,
  none?: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, fill(String(value), context, none)]),
  );
}

/** `a == 'b' && c != d && e == false`, and the status functions: no more than the workflow needs. */
function isTrue(expression: string, context: Record<string, string>, status: Status): boolean {
  const lookUp = (word: string) => {
    if (word === 'true' || word === 'false') return word;
    return word.startsWith("'") ? word.slice(1, -1) : context[word];
  };
  const bare = expression.replace(/^\$\{\{ (.*) \}\}$/, '$1');
  return bare.split(' && ').every((part) => {
    if (part === 'always()') return true;
    if (part === 'success()' || part === 'failure()') return part.startsWith(status);
    if (part === '!cancelled()') return status !== 'cancelled';
    const [, left = '', operator, right = ''] = /^(\S+) (\S+) (.*)$/.exec(part) ?? [];
    if (operator !== '==' && operator !== '!=') throw new Error(`what is ${part}?`);
    return (lookUp(left) === lookUp(right)) === (operator === '==');
  });
}
