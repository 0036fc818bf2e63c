/**
 * A platform that runs examples/gitlab-ci: the jobs' scripts as they stand, in bash; checkout and artifacts as GitLab
 * would do them; its notes and its states over HTTP, by the role of the person whose job it is.
 */
import { readFileSync } from 'node:fs';
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { environment, type Served } from '../support/cli.ts';
import { type StateServer, stateServer } from '../support/state-server.ts';
import { bash, commands, INTEGRITY, PACKAGE_URL, pathWith, Repository, Store } from './workspace.ts';

const BOT_TOKEN = 'glpat-bot';

/** What CI_JOB_TOKEN is, by the role of the person who has started the job. */
export const JOB_TOKENS = { developer: 'glcbt-of-a-developer', maintainer: 'glcbt-of-a-maintainer' } as const;
export type Role = keyof typeof JOB_TOKENS;

const STATE = /^\/api\/v4\/projects\/3\/terraform\/state\/([\w-]+)/;

type Texts = Readonly<Record<string, string>>;

export interface Job {
  readonly extends?: string;
  readonly stage?: string;
  readonly variables?: Texts;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly needs?: readonly string[];
  readonly cache?: unknown;
  readonly artifacts?: {
    readonly paths: readonly string[];
    readonly when?: string;
    readonly reports?: { readonly codequality?: string };
  };
  readonly environment?: string;
  readonly resource_group?: string;
  readonly interruptible?: boolean;
  readonly rules?: readonly {
    readonly if: string;
    readonly when?: string;
    readonly allow_failure?: boolean;
  }[];
}

interface Input {
  readonly default: string;
  readonly options?: readonly string[];
  readonly regex?: string;
}

type Inputs = Readonly<Record<string, Input>>;

function documents(path: string) {
  const [header, body] = parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS());
  return { inputs: header.spec.inputs as Inputs, body };
}

const example = documents('examples/gitlab-ci/.gitlab-ci.yml');
const component = documents('.gitlab/fleetform.yml');
export const { inputs } = component;
export const exampleInputs: Inputs = example.inputs;
/** As the example's file has it. */
export const handed: Texts = example.body.include[0].inputs;

/** As GitLab checks them before it makes a pipeline. */
function areAccepted(known: Inputs, given: Texts): boolean {
  return Object.entries(given).every(([name, value]) => {
    const { options, regex }: Partial<Input> = known[name] ?? { options: [] };
    return (options?.includes(value) ?? true) && (regex === undefined || new RegExp(regex, 'u').test(value));
  });
}

/** What the example gives the component: its own inputs, and what it says itself. `changed`: as if it said so. */
export function included(given: Texts, changed: Texts = {}): Texts | null {
  const [include] = example.body.include;
  if (include.file !== '/.gitlab/fleetform.yml') throw new Error(`what is ${include.file}?`);
  if (!areAccepted(example.inputs, given)) return null;
  const all = { ...(filled(include.inputs, given, example.inputs) as Texts), ...changed };
  return areAccepted(component.inputs, all) ? all : null;
}

export const pipeline: Readonly<Record<string, Job>> = component.body;

/** With all that it extends, and the component's inputs in their places. */
export function jobNamed(name: string, given: Texts = {}): Job {
  const job = pipeline[name]!;
  const whole = job.extends === undefined ? job : (merged(jobNamed(job.extends, given), job) as Job);
  return filled(whole, given, component.inputs) as Job;
}

function filled(value: unknown, given: Texts, known: Inputs): unknown {
  if (typeof value === 'string') {
    return value.replace(
      /\$\[\[ inputs\.([\w-]+) \]\]/g,
      (_, name: string) => given[name] ?? known[name]!.default,
    );
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, given, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, given, known)]));
}

function merged(base: unknown, over: unknown): unknown {
  const isMap = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(base) || !isMap(over)) return over;
  const result: Record<string, unknown> = { ...(base as object) };
  for (const [key, value] of Object.entries(over as object)) {
    result[key] = key in result ? merged(result[key], value) : value;
  }
  return result;
}

interface Note {
  readonly id: number;
  readonly author: { readonly id: number };
  body: string;
}

interface Issue {
  readonly iid: number;
  readonly author: { readonly id: number };
  readonly title: string;
  readonly labels: string;
  description: string;
  state: string;
}

/** What a merge request came to: of which commits it tells, and whether it is merged. */
interface Merge {
  readonly iid: number;
  readonly state: string;
  readonly target_branch: string;
  readonly merge_commit_sha: string | null;
  readonly squash_commit_sha: string | null;
  readonly sha: string;
}

/** Merge request 7 of project 3 and its notes, its issues and states; user 11 is whoever has the bot's token. */
class Api {
  /** A person quotes the bot: that note is not the bot's. */
  readonly notes: Note[] = [
    { id: 1, author: { id: 5 }, body: '<!-- fleetform:plan:live-ops:0123456789ab -->\nwhat is this?' },
  ];
  /** The last commit of the merge request's branch. */
  head = '';
  state = 'opened';
  /** Of commits, what they are the merge of. */
  readonly merges: Record<string, readonly Merge[]> = {};
  readonly issues: Issue[] = [];
  readonly issueNotes: string[] = [];
  /** Of the state live-ops. */
  states!: StateServer;
  readonly others = new Map<string, StateServer>();
  readonly #server: Server = createServer((request, response) => {
    if (STATE.test(request.url!)) return this.#state(request, response);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const isBot = request.headers['private-token'] === BOT_TOKEN;
      const answer = isBot ? this.#answer(request.method ?? '', request.url ?? '', body) : null;
      response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer ?? {}));
    });
    return undefined;
  });

  async listen(): Promise<string> {
    this.states = await stateServer('strict');
    for (const name of ['live-ops-live-yaml', 'live-ops-staging-yaml']) {
      this.others.set(name, await stateServer('strict'));
    }
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v4`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.states.end();
    for (const other of this.others.values()) await other.end();
  }

  /** https://docs.gitlab.com/user/infrastructure/iac/terraform_state/: who may read, and who may lock and write. */
  #state(request: IncomingMessage, response: ServerResponse): void {
    const login = (user: string, secret: string) =>
      `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
    const may = (role: Role) => request.headers.authorization === login('gitlab-ci-token', JOB_TOKENS[role]);
    const isReader = request.method === 'GET' && may('developer');
    if (!may('maintainer') && !isReader) {
      response.writeHead(may('developer') ? 403 : 401).end('{"message":"403 Forbidden"}');
      return;
    }
    const [beginning, name = ''] = STATE.exec(request.url!)!;
    const states = name === 'live-ops' ? this.states : this.others.get(name)!;
    const { TF_HTTP_USERNAME: user, TF_HTTP_PASSWORD: password } = states.env;
    const headers = { ...request.headers, authorization: login(user!, password!) };
    const url = `${states.url}${request.url!.slice(beginning.length)}`;
    const onward = ask(url, { method: request.method!, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  #answer(method: string, url: string, body: string): unknown {
    if (url === '/api/v4/user') return { id: 11 };
    if (url === '/api/v4/projects/3/merge_requests/7') return { sha: this.head, state: this.state };
    const [, sha] = /^\/api\/v4\/projects\/3\/repository\/commits\/(\w+)\/merge_requests/.exec(url) ?? [];
    if (sha !== undefined) return this.merges[sha] ?? [];
    if (url.startsWith('/api/v4/projects/3/issues')) return this.#issue(method, url, body);
    const [notes, id] = /^\/api\/v4\/projects\/3\/merge_requests\/7\/notes(?:\/(\d+))?/.exec(url) ?? [];
    if (notes === undefined) return null;
    if (method === 'GET') return url.includes('page=1') ? this.notes : [];
    const text = JSON.parse(body).body;
    if (method === 'POST') {
      return this.notes.push({ id: this.notes.length + 1, author: { id: 11 }, body: text });
    }
    const note = this.notes.find((one) => one.id === Number(id));
    if (note === undefined) return null;
    note.body = text;
    return note;
  }

  #issue(method: string, url: string, body: string): unknown {
    const [, iid, notes] = ISSUES.exec(url)!;
    const given = body === '' ? {} : JSON.parse(body);
    if (notes !== undefined) return this.issueNotes.push(given.body);
    const open = this.issues.filter(({ state }) => state === 'opened');
    if (method === 'GET') return /[?&]page=1(?:&|$)/.test(url) ? open : [];
    if (method === 'POST') return this.issue(11, given.description, given.title, given.labels);
    const issue = this.issues.find((one) => one.iid === Number(iid));
    if (issue === undefined) return null;
    if (given.state_event === 'close') issue.state = 'closed';
    issue.description = given.description ?? issue.description;
    return issue;
  }

  issue(id: number, description: string, title = '', labels = ''): Issue {
    const issue = {
      iid: 1 + this.issues.length,
      author: { id },
      title,
      labels,
      description,
      state: 'opened',
    };
    this.issues.push(issue);
    return issue;
  }
}

/** Of whatever author, and closed or not: who asks has to look, too. */
const ISSUES = /^\/api\/v4\/projects\/3\/issues(?:\/(\d+)(\/notes)?)?(?:\?|$)/;

export interface Ran {
  readonly isGreen: boolean;
  readonly output: string;
  readonly cwd: string;
}

export class GitLab {
  readonly repository = new Repository('gitlab-ci');
  readonly gitlab = new Api();
  readonly api: Served;
  /** Of each job, over the project's variables. */
  readonly env: Record<string, string> = {};
  /** What the example's file says of the component, over what it says. */
  readonly settings: Record<string, string> = { package: PACKAGE_URL, integrity: INTEGRITY };
  readonly #bin = commands();
  /** Of the person who starts the jobs. */
  role: Role = 'maintainer';
  #url = '';

  constructor(api: Served) {
    this.api = api;
  }

  async open(): Promise<void> {
    this.#url = await this.gitlab.listen();
  }

  /** `variables`: of the job, over what GitLab sets. */
  mergeRequest(commit: string, variables: Texts = {}): Promise<Ran> {
    this.gitlab.head = variables.HEAD ?? commit;
    const own = {
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_IID: '7',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      CI_MERGE_REQUEST_PROJECT_ID: '3',
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '3',
    };
    return this.#runJob('fleetform-preview', commit, { ...own, ...variables }, new Store());
  }

  /** The pipeline of the default branch, with the manual job pressed after `beforeApply`. */
  async merged(commit: string, beforeApply: () => Promise<unknown> = async () => {}) {
    const artifacts = new Store();
    const planned = await this.#runJob('fleetform-plan', commit, MAIN, artifacts);
    await beforeApply();
    const applied = await this.#runJob('fleetform-apply', commit, MAIN, artifacts);
    return { planned, applied };
  }

  /** The pipeline that a schedule starts, by the rights of its owner. */
  scheduled(commit: string, variables: Texts = {}): Promise<Ran> {
    return this.#runJob('fleetform-scheduled', commit, { ...NIGHT, ...variables }, new Store());
  }

  /** The pipeline of the schedule whose input `command` is drift. */
  drift(commit: string, variables: Texts = {}): Promise<Ran> {
    return this.#runJob('fleetform-drift', commit, { ...NIGHT, ...variables }, new Store(), {
      command: 'drift',
    });
  }

  /** A new pipeline of the default branch with those inputs; `variables` are what somebody gives it besides. */
  async byHand(commit: string, given: Texts, variables: Texts = {}): Promise<Ran> {
    if (included(given, this.settings) === null) return { isGreen: false, output: 'no pipeline', cwd: '' };
    return this.#runJob('fleetform-by-hand', commit, { ...MAIN, ...variables }, new Store(), given);
  }

  async #runJob(
    name: string,
    commit: string,
    variables: Texts,
    artifacts: Store,
    given: Texts = {},
  ): Promise<Ran> {
    const handed = included(given, this.settings);
    if (handed === null) return { isGreen: false, output: 'no pipeline', cwd: '' };
    const job = jobNamed(name, handed);
    const env = expanded({
      ...environment(),
      PATH: `${pathWith(this.#bin)}:${process.execPath.replace(/\/node$/, '')}`,
      CI: 'true',
      CI_API_V4_URL: this.#url,
      CI_PROJECT_ID: '3',
      CI_DEFAULT_BRANCH: 'main',
      CI_COMMIT_SHA: commit,
      CI_JOB_NAME: name,
      CI_JOB_URL: 'https://lab.example/jobs/9',
      GITLAB_BOT_TOKEN: BOT_TOKEN,
      CI_JOB_TOKEN: JOB_TOKENS[this.role],
      ...job.variables,
      ...this.api.env,
      ...this.env,
      ...variables,
    });
    if (!job.rules?.some((rule) => isTrue(rule.if, env))) throw new Error(`${name} does not run here`);
    const cwd = this.repository.checkout(commit, job.variables?.GIT_DEPTH === '0');
    for (const needed of job.needs ?? []) {
      for (const path of jobNamed(needed).artifacts!.paths) artifacts.restore(path, join(cwd, path));
    }
    const script = [...(job.before_script ?? []), ...(job.script ?? [])].join('\n');
    const ran = await bash(script, cwd, env);
    const status = { CI_JOB_STATUS: variables.CI_JOB_STATUS ?? (ran.code === 0 ? 'success' : 'failed') };
    const after = await bash((job.after_script ?? []).join('\n'), cwd, { ...env, ...status });
    for (const path of job.artifacts?.paths ?? []) artifacts.save(path, join(cwd, path));
    return { isGreen: ran.code === 0, output: ran.output + after.output, cwd };
  }
}

const MAIN = { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' };

const NIGHT = { CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_BRANCH: 'main' };

/** Does it run in a pipeline of that source, of the default branch? */
export function runsIn(name: string, source: string, given: Texts = {}): boolean {
  const env = { CI_PIPELINE_SOURCE: source, CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' };
  return jobNamed(name, given).rules?.some((rule) => isTrue(rule.if, env)) ?? true;
}

/** `${A}` in a variable is what A is. */
function expanded(env: Texts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+)\}/g, (_, other: string) => env[other] ?? ''),
    ]),
  );
}

/** `$A == "b" && $A != $B`: no more than the pipeline needs. */
function isTrue(expression: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const lookUp = (word: string) => (word.startsWith('$') ? env[word.slice(1)] : word.slice(1, -1));
  return expression.split(' && ').every((part) => {
    const [left = '', operator, right = ''] = part.split(/ (==|!=) /);
    return lookUp(left) !== undefined && (lookUp(left) === lookUp(right)) === (operator === '==');
  });
}
