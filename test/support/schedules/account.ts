/**
 * What there is at the emulated API, as it really is: batches, their tasks with phases over time, templates, game
 * servers. Whatever an answer says of it is `emulation.ts`'s; what is right and wrong is judged from here.
 *
 * Invariant: nothing is ever taken out. What the API forgets is marked, and stays in this record for the judge.
 */
import type { VirtualClock } from './clock.ts';
import type { Dice } from './random.ts';

/** Who does something: the engine under test, somebody else, or the engine's own request that was carried out late. */
export type Who = 'ours' | 'somebody' | 'ours, late';

export interface PostBody {
  readonly taskTemplateId: string;
  readonly fleetId?: string;
  readonly regionId?: string;
  readonly applicationInstanceIds?: readonly string[];
  readonly executeAt?: number;
}

export interface MadeBatch {
  readonly id: string;
  readonly by: Who;
  readonly body: PostBody;
  /** `keyOf(body)`: which run this is. */
  readonly key: string;
  readonly madeAt: number;
  /** What the API says of it; its nodes' clocks and its rounding are not ours. */
  readonly createdAt: number;
  readonly executeAt: number;
  readonly tasks: readonly MadeTask[];
  /** Until when lists and single reads do not show it, or show it without its tasks. */
  readonly hidden: { readonly lists: number; readonly single: number; readonly tasks: number };
  forgotten: boolean;
}

export interface MadeTask {
  readonly id: string;
  readonly batchId: string;
  readonly server: string;
  readonly name: string;
  readonly executeAt: number;
  code: number;
  startedAt: number | null;
  finishedAt: number | null;
  changedAt: number | null;
  cancelledBy: Who | null;
  /** Not before this: a paused one that is resumed late starts late. */
  notBefore: number;
  /** What it was before: `code` until `until`. */
  readonly past: { readonly until: number; readonly code: number }[];
}

export interface Server {
  readonly id: string;
  readonly fleetId: string;
  readonly regionId: string;
}

export interface Stamps {
  readonly createdAt: number;
  readonly executeAt: number;
  readonly hidden: MadeBatch['hidden'];
}

export const PENDING = 0;
export const RUNNING = 1;
export const PAUSED = 2;
export const CANCELLED = 125;
export const FAILED = 126;
export const DONE = 127;
export const isOver = (code: number) => code >= CANCELLED;

export const FLEETS = ['4611686018427387905', '4611686018427387906', '4611686018427387907'];
export const REGIONS = ['71', '72'];

/** Which run a body asks for: template, targets, time. */
export function keyOf(body: PostBody): string {
  const targets = [
    ...(body.fleetId === undefined ? [] : [`fleet ${body.fleetId.slice(-1)}`]),
    ...(body.regionId === undefined ? [] : [`region ${body.regionId}`]),
    ...(body.applicationInstanceIds ?? []).map((id) => `server ${id.slice(-3)}`).sort(),
  ];
  return `template ${body.taskTemplateId} on ${targets.join(' + ')} ${body.executeAt === undefined ? 'once' : `at ${body.executeAt}`}`;
}

export class Account {
  readonly batches: MadeBatch[] = [];
  readonly tasks = new Map<string, MadeTask>();
  templates: { readonly id: string; readonly name: string }[] = [
    { id: '21', name: 'Restart' },
    { id: '22', name: 'Fetch logs' },
    { id: '23', name: 'Roll out' },
  ];
  servers: Server[] = [];
  /** Told of every task that is cancelled, paused or resumed. */
  onTouch: (batch: MadeBatch, task: MadeTask, by: Who, how: 'cancel' | 'toggle') => void = () => {};
  /** Numbers that the API gives to the next batches, before it goes on counting: it may give one twice. */
  readonly spareIds: string[] = [];
  private readonly open = new Set<MadeTask>();
  private readonly homes = new Map<MadeTask, MadeBatch>();
  private nextBatch = 301;
  private nextTask = 8001;
  private nextServer = 100;

  readonly clock: VirtualClock;
  private readonly dice: Dice;
  private readonly taskSeconds: number;
  /** Whether a task that runs can still be cancelled. */
  private readonly cancelsRunning: boolean;

  constructor(clock: VirtualClock, dice: Dice) {
    this.clock = clock;
    this.dice = dice;
    this.taskSeconds = dice.pick([3, 20, 120]);
    this.cancelsRunning = dice.chance(0.5);
    for (const fleet of FLEETS) for (let i = dice.between(4, 6); i > 0; i -= 1) this.addServer(fleet);
  }

  addServer(fleetId: string): Server {
    this.nextServer += 1;
    const id = `72683496080025${this.nextServer.toString().padStart(5, '0')}`;
    const server = { id, fleetId, regionId: REGIONS[this.nextServer % 2]! };
    this.servers.push(server);
    return server;
  }

  serversOf({ fleetId, regionId, applicationInstanceIds = [] }: PostBody): string[] {
    const held = this.servers.filter((one) => one.fleetId === fleetId || one.regionId === regionId);
    return [...new Set([...applicationInstanceIds, ...held.map(({ id }) => id)])];
  }

  create(body: PostBody, by: Who, stamps: Partial<Stamps> = {}): MadeBatch {
    this.progress();
    const { now } = this.clock;
    const id = this.spareIds.shift() ?? String(this.nextBatch++);
    const createdAt = stamps.createdAt ?? Math.floor(now);
    const executeAt = stamps.executeAt ?? body.executeAt ?? createdAt;
    const name = this.templates.find((one) => one.id === body.taskTemplateId)?.name ?? '';
    const tasks = this.serversOf(body).map((server): MadeTask => {
      const dueAt = stamps.executeAt ?? body.executeAt ?? now;
      const taskId = String(this.nextTask++);
      return {
        id: taskId,
        batchId: id,
        server,
        name,
        executeAt,
        code: PENDING,
        startedAt: null,
        finishedAt: null,
        changedAt: null,
        cancelledBy: null,
        notBefore: Math.max(now, dueAt),
        past: [],
      };
    });
    const hidden = stamps.hidden ?? { lists: now, single: now, tasks: now };
    const key = keyOf(body);
    const batch = { id, by, body, key, madeAt: now, createdAt, executeAt, tasks, hidden, forgotten: false };
    this.batches.push(batch);
    for (const task of tasks) {
      this.tasks.set(task.id, task);
      this.open.add(task);
      this.homes.set(task, batch);
    }
    return batch;
  }

  /** Carries on to now: what is due starts, what has run its time ends. */
  progress(): void {
    const { now } = this.clock;
    for (const task of this.open) {
      if (task.code === PENDING && task.notBefore <= now) {
        task.startedAt = task.notBefore;
        this.become(task, RUNNING, task.startedAt);
      }
      if (task.code === RUNNING && task.startedAt! + this.taskSeconds <= now) {
        task.finishedAt = task.startedAt! + this.taskSeconds;
        this.become(task, this.dice.chance(0.05) ? FAILED : DONE, task.finishedAt);
        this.open.delete(task);
      }
    }
  }

  /** false: its state forbids it (409). */
  cancel(task: MadeTask, by: Who): boolean {
    this.progress();
    if (isOver(task.code) || (task.code === RUNNING && !this.cancelsRunning)) return false;
    this.onTouch(this.batchOf(task), task, by, 'cancel');
    task.cancelledBy = by;
    task.finishedAt = this.clock.now;
    this.become(task, CANCELLED, this.clock.now);
    this.open.delete(task);
    return true;
  }

  /** Pauses, or resumes. false: its state forbids it (409). */
  toggle(task: MadeTask, by: Who): boolean {
    this.progress();
    if (isOver(task.code) || task.code === RUNNING) return false;
    this.onTouch(this.batchOf(task), task, by, 'toggle');
    if (task.code === PAUSED) task.notBefore = Math.max(task.executeAt, this.clock.now);
    this.become(task, task.code === PAUSED ? PENDING : PAUSED, this.clock.now);
    return true;
  }

  batchOf(task: MadeTask): MadeBatch {
    return this.homes.get(task)!;
  }

  private become(task: MadeTask, code: number, at: number): void {
    task.past.push({ until: at, code: task.code });
    task.code = code;
    task.changedAt = at;
  }
}

export function codeAt(task: MadeTask, time: number): number {
  return task.past.find(({ until }) => until > time)?.code ?? task.code;
}

/** Of which something has begun, or still may. */
export function isRunOrLive({ tasks }: MadeBatch): boolean {
  return tasks.length === 0 || tasks.some((task) => task.code !== CANCELLED || task.startedAt !== null);
}

export function isLive({ tasks }: MadeBatch): boolean {
  return tasks.some((task) => !isOver(task.code));
}
