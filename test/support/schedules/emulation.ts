/**
 * The API, in memory and in virtual time, as its documents describe it and as bad days make it. It shares no code
 * with the sandbox or the client: what both of those take for granted may be wrong here.
 *
 * In: requests of the engine under test. Out: JSON text. What really happens is in `account.ts`; this file decides
 * only what becomes of a request, and what its answer shows.
 */
import { TransportError } from '../../../src/api/errors.ts';
import type { ApiRequest, ApiResponse, Transport } from '../../../src/api/port.ts';
import {
  Account,
  codeAt,
  keyOf,
  type MadeBatch,
  type MadeTask,
  type PostBody,
  type Server,
  type Who,
} from './account.ts';
import { batchRow, errorObject, json, page, taskRow } from './answers.ts';
import type { Chronicle } from './chronicle.ts';
import type { VirtualClock } from './clock.ts';
import { Mischief, WRITE_FAULTS, type WriteFault } from './mischief.ts';
import type { Dice } from './random.ts';
import { stampsOf } from './stamps.ts';

const TASK = '/v3/applicationInstance/task';
const BATCH = '/v3/applicationInstance/taskBatch';
/** Seconds, from the sending to the server, and back. */
const ONE_WAY = 0.05;
/** Seconds. */
const A_MOMENT = 2;
const LISTED = 100;
const LISTED_OF_A_SERVER = 50;

export class Emulation {
  readonly account: Account;
  readonly mischief: Mischief;
  /** Told of each create that the engine sends, at its sending. */
  onPost: (body: PostBody) => void = () => {};
  /** Writes that were sent, and whose end the engine was not told truly. When they were sent, unix seconds. */
  lastDoubt = Number.NEGATIVE_INFINITY;
  /** Writes that are still to be carried out. */
  pending = 0;
  private lists = 0;
  /** Of the inventory, those of several pages. */
  private readonly listings: (readonly Server[])[] = [];
  private lastLoss = Number.NEGATIVE_INFINITY;
  private readonly newestFirst: boolean;
  private readonly isBare: boolean;
  private readonly deleteIsEmpty: boolean;
  private readonly hasServerTasks: boolean;
  /** Of the inventory; whoever asks for more gets this. */
  private readonly largestPage: number;

  private readonly clock: VirtualClock;
  private readonly dice: Dice;
  private readonly chronicle: Chronicle;

  constructor(clock: VirtualClock, dice: Dice, chronicle: Chronicle) {
    this.clock = clock;
    this.dice = dice;
    this.chronicle = chronicle;
    this.account = new Account(clock, dice);
    this.mischief = new Mischief(dice, chronicle);
    this.newestFirst = dice.chance(0.5);
    this.isBare = dice.chance(0.3);
    this.deleteIsEmpty = dice.chance(0.3);
    this.hasServerTasks = dice.chance(0.9);
    this.largestPage = dice.pick([1000, 1000, 2]);
  }

  readonly transport: Transport = async (request, signal) => {
    const sentAt = this.clock.now;
    if (request.method === 'POST') this.onPost(JSON.parse(request.body ?? '{}'));
    await this.clock.sleep(ONE_WAY);
    this.account.progress();
    const response =
      request.method === 'GET' ? this.read(request) : await this.write(request, sentAt, signal);
    await this.clock.sleep(ONE_WAY);
    return response;
  };

  // ---- writes -----------------------------------------------------------------------------------------------

  private async write(request: ApiRequest, sentAt: number, signal: AbortSignal): Promise<ApiResponse> {
    const { method } = request;
    const carryOut = (isLate = false) => this.carryOut(request, isLate);
    const fault = WRITE_FAULTS.find((one) => this.mischief.strikes(one));
    if (fault === undefined) {
      const answer = carryOut();
      this.chronicle.tellEach(`  ${this.describe(request)} → ${answer.status}`);
      return answer;
    }
    const told = (what: string) =>
      this.chronicle.occurred(`${method} ${fault}`, `${this.describe(request)} → ${what}`);
    if (fault !== 'throttled') this.lastDoubt = sentAt;
    switch (fault satisfies WriteFault) {
      case 'throttled': {
        told('429');
        const answer = errorObject(429, 'Too many requests', this.clock.now);
        return this.dice.chance(0.5)
          ? answer
          : { ...answer, headers: { ...answer.headers, 'retry-after': '3' } };
      }
      case 'refused (4xx) after the commit': {
        // One that is throttled is sent again soon: what is done all the same has to be seen by then.
        const status = this.dice.pick([400, 403, 404, 409, 422, ...(this.mischief.lagsBy > 0 ? [] : [429])]);
        const answer = carryOut();
        told(`${answer.status}, told as ${status}`);
        return errorObject(status, 'No', this.clock.now);
      }
      case 'carried out late': {
        const delay = this.dice.between(1, this.mischief.latest);
        this.pending += 1;
        this.clock.at(sentAt + delay, () => {
          this.pending -= 1;
          const answer = carryOut(true);
          this.chronicle.tellEach(`  carried out late: ${this.describe(request)} → ${answer.status}`);
        });
        return this.noAnswer((what) => told(`${what}, and to be carried out in ${delay} s`), signal);
      }
      case 'lost after the commit': {
        const answer = carryOut();
        if (this.dice.chance(0.15)) {
          told(`${answer.status}, cut off in the middle`);
          return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
        }
        return this.noAnswer((what) => told(`${answer.status}, told as ${what}`), signal);
      }
      default:
        return this.noAnswer(told, signal);
    }
  }

  private noAnswer(told: (what: string) => void, signal: AbortSignal): Promise<ApiResponse> {
    const how = this.dice.pick(['reset', 'timeout', 500, 502, 503, 504] as const);
    told(String(how));
    if (how === 'reset') throw new TransportError('reset', 'connection reset', true);
    if (how !== 'timeout') {
      return Promise.resolve(how === 500 ? errorObject(500, 'Oops', this.clock.now) : page(how));
    }
    return new Promise((_resolve, reject) => {
      const give = () => reject(new TransportError('aborted', 'aborted', true));
      if (signal.aborted) give();
      else signal.addEventListener('abort', give, { once: true });
    });
  }

  private carryOut({ method, path, body }: ApiRequest, isLate: boolean): ApiResponse {
    const { now } = this.clock;
    const by = isLate ? 'ours, late' : 'ours';
    if (method === 'POST') return this.one(this.batchView(this.make(body, by)), now);
    const task = this.account.tasks.get(path.slice(TASK.length + 1));
    if (task === undefined || this.account.batchOf(task).forgotten) return errorObject(404, 'Not found', now);
    const isDone = method === 'PUT' ? this.account.toggle(task, by) : this.account.cancel(task, by);
    if (!isDone) return errorObject(409, 'The state of the task forbids it', now);
    if (method === 'DELETE' && this.deleteIsEmpty) return { ...json([], now, 204), body: '' };
    return this.one(this.taskView(task), now);
  }

  private make(text: string | undefined, by: Who): MadeBatch {
    const body: PostBody = JSON.parse(text ?? '{}');
    return this.account.create(body, by, stampsOf(body, this.mischief, this.clock.now));
  }

  private describe({ method, path, body }: ApiRequest): string {
    if (method === 'POST') return `POST ${keyOf(JSON.parse(body ?? '{}'))}`;
    const task = this.account.tasks.get(path.slice(TASK.length + 1));
    return `${method} a task of batch ${task?.batchId ?? '(none)'}`;
  }

  // ---- reads ------------------------------------------------------------------------------------------------

  private read(request: ApiRequest): ApiResponse {
    const { now } = this.clock;
    if (this.mischief.strikes('read fails')) {
      this.mischief.occurred('read fails');
      if (this.dice.chance(0.3)) throw new TransportError('reset', 'connection reset', true);
      return page(this.dice.pick([502, 503, 504]));
    }
    const [path = '', query = ''] = request.path.split('?');
    if (path === `${TASK}/template`) return json(this.account.templates.map(templateRow), now);
    if (path === TASK) return this.taskList();
    if (path === BATCH) return this.batchList();
    if (path.startsWith(`${BATCH}/`)) return this.singleBatch(path.slice(BATCH.length + 1));
    if (path.startsWith(`${TASK}/`)) return this.singleTask(path.slice(TASK.length + 1));
    if (path === '/v3/applicationInstance') return this.inventory(request, query);
    const server = /^\/v3\/applicationInstance\/(\d+)\/task$/.exec(path)?.[1];
    if (server !== undefined && this.hasServerTasks) return this.serverTasks(server);
    return errorObject(404, 'No such path', now);
  }

  /** As of when the next list answers; every so many are a poor replica's. */
  private listTime(): number {
    this.lists += 1;
    const isPoor = this.mischief.has('poor replica') && this.lists % this.mischief.everyList === 0;
    return isPoor ? this.clock.now - this.mischief.behind : this.clock.now;
  }

  private batchList(): ApiResponse {
    const { account, mischief } = this;
    const { now } = this.clock;
    const asOf = this.listTime();
    const known = account.batches.filter((batch) => !batch.forgotten);
    const visible = known.filter((batch) => batch.madeAt <= asOf && batch.hidden.lists <= now);
    if (known.some((batch) => batch.hidden.lists > now)) mischief.occurred('lists lag');
    if (asOf < now && known.some((batch) => batch.madeAt > asOf)) mischief.occurred('poor replica');
    const rows = this.torn(visible.slice(-LISTED), ({ id }) => `batch ${id}`);
    return json(
      this.inOrder(rows).map((batch) => this.batchView(batch, asOf)),
      now,
    );
  }

  private taskList(): ApiResponse {
    const { now } = this.clock;
    const asOf = this.listTime();
    const tasks: MadeTask[] = [];
    for (let i = this.account.batches.length - 1; i >= 0 && tasks.length < LISTED; i -= 1) {
      const batch = this.account.batches[i]!;
      if (batch.forgotten || batch.madeAt > asOf) continue;
      if (batch.hidden.lists > now || batch.hidden.tasks > now) continue;
      tasks.unshift(...batch.tasks);
    }
    const rows = this.torn(tasks.slice(-LISTED), ({ id }) => `task ${id}`);
    return json(
      this.inOrder(rows).map((task) => this.taskView(task, asOf)),
      now,
    );
  }

  /** The last ones of a game server, whoever made them; as late as the lists. */
  private serverTasks(server: string): ApiResponse {
    const { now } = this.clock;
    const tasks = this.account.batches
      .filter((batch) => !batch.forgotten && batch.hidden.lists <= now && batch.hidden.tasks <= now)
      .flatMap((batch) => batch.tasks.filter((task) => task.server === server))
      .slice(-LISTED_OF_A_SERVER);
    return json(
      this.inOrder(tasks).map((task) => this.taskView(task)),
      now,
    );
  }

  private singleBatch(id: string): ApiResponse {
    const { now } = this.clock;
    const batch = this.account.batches.findLast((one) => one.id === id);
    if (batch === undefined || batch.forgotten) return errorObject(404, 'Not found', now);
    if (batch.hidden.single > now) {
      this.mischief.occurred('single reads lag', `batch ${id}`);
      return errorObject(404, 'Not found', now);
    }
    return this.wrong404(`batch ${id}`) ?? this.one(this.batchView(batch), now);
  }

  private singleTask(id: string): ApiResponse {
    const { now } = this.clock;
    const task = this.account.tasks.get(id);
    const batch = task === undefined ? undefined : this.account.batchOf(task);
    if (task === undefined || batch === undefined || batch.forgotten)
      return errorObject(404, 'Not found', now);
    if (batch.hidden.single > now || batch.hidden.tasks > now) return errorObject(404, 'Not found', now);
    return this.wrong404(`a task of batch ${batch.id}`) ?? this.one(this.taskView(task), now);
  }

  private wrong404(what: string): ApiResponse | null {
    if (this.mischief.strikes('wrong 404 (a page)')) {
      this.mischief.occurred('wrong 404 (a page)', what);
      return page(404);
    }
    if (!this.mischief.strikes('wrong 404 (the object)')) return null;
    this.mischief.occurred('wrong 404 (the object)', what);
    return errorObject(404, 'Not found', this.clock.now);
  }

  private inventory(request: ApiRequest, query: string): ApiResponse {
    const { now } = this.clock;
    const header = (name: string) =>
      Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
    const filters = new URLSearchParams(query).get('filters') ?? '';
    const wanted = [...filters.matchAll(/(fleetId|regionId)=(\d+)/g)];
    const token = header('page-token');
    const isFirst = token === '';
    const [listing, start] = isFirst ? [null, 0] : (token.split(':').map(Number) as [number, number]);
    const servers =
      listing === null
        ? this.listed(
            this.account.servers.filter((one) =>
              wanted.every(([, field, id]) => one[field as 'fleetId' | 'regionId'] === id),
            ),
          )
        : this.listings[listing]!;
    const size = Math.min(this.largestPage, Number(/results=(\d+)/.exec(header('ranged-data'))?.[1] ?? 25));
    const from = start;
    const rows = servers
      .slice(from, from + size)
      .map(({ id, fleetId, regionId }) => ({ id, fleetId, regionId }));
    const answer = json(rows, now);
    if (from + size >= servers.length) return answer;
    const next = `${listing ?? this.listings.push(servers) - 1}:${from + size}`;
    return { ...answer, headers: { ...answer.headers, 'page-token': next } };
  }

  /** Of one inventory answer, however many pages it has. Those of one moment do not lie all at once. */
  private listed(servers: readonly Server[]): readonly Server[] {
    const { now } = this.clock;
    if (servers.length < 2 || now < this.lastLoss + A_MOMENT) return servers;
    if (!this.mischief.strikes('inventory lacks rows')) return servers;
    this.lastLoss = now;
    const left = this.dice.some(servers, this.dice.between(1, servers.length - 1));
    this.mischief.occurred('inventory lacks rows', `${left.length} rows left`);
    return left;
  }

  private torn<T>(rows: readonly T[], nameOf: (row: T) => string): T[] {
    const { mischief } = this;
    if (!mischief.has('rows missing') && !mischief.has('rows twice')) return [...rows];
    return rows.flatMap((row) => {
      if (mischief.strikes('rows missing')) {
        mischief.occurred('rows missing', nameOf(row));
        return [];
      }
      if (!mischief.strikes('rows twice')) return [row];
      mischief.occurred('rows twice');
      return [row, row];
    });
  }

  private inOrder<T>(rows: readonly T[]): T[] {
    return this.newestFirst ? [...rows].reverse() : [...rows];
  }

  private one(row: object, now: number): ApiResponse {
    return json(this.isBare ? row : [row], now);
  }

  private batchView(batch: MadeBatch, asOf = this.clock.now): object {
    const isFilled = batch.hidden.tasks <= this.clock.now;
    if (!isFilled && batch.tasks.length > 0)
      this.mischief.occurred('tasks filled in late', `batch ${batch.id} looks empty`);
    return batchRow(batch, isFilled ? batch.tasks : [], (task) => codeAt(task, asOf));
  }

  private taskView(task: MadeTask, asOf = this.clock.now): object {
    const time = this.mischief.strikes('stale tasks') ? asOf - this.mischief.staleness : asOf;
    const code = codeAt(task, time);
    if (time < asOf && code !== codeAt(task, asOf)) {
      this.mischief.occurred(
        'stale tasks',
        `a task of batch ${task.batchId} shown as ${code}, is ${codeAt(task, asOf)}`,
      );
    }
    return taskRow(task, () => code);
  }
}

/** None of them wants params: an empty object, which the API writes as an empty array. */
function templateRow({ id, name }: { readonly id: string; readonly name: string }): object {
  const actions = [{ idx: 0, actionType: name, requiredParams: [] }];
  return { id: Number(id), name, description: '', actions };
}
