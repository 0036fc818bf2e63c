/**
 * A whole fleetform without a network, a file or a real clock: the sandbox in memory, the client on top of it, a
 * state in memory. Waiting moves the clock. Everything that happens can be made to fail, or to be the last thing.
 */
import { createClient } from '../../src/api/client.ts';
import type { ApiRequest, ApiResponse, FleetApi, Transport } from '../../src/api/port.ts';
import { type ApplyResult, apply } from '../../src/apply/apply.ts';
import { type ApplyContext, INTERRUPTED, NotSent } from '../../src/apply/context.ts';
import { importBatches } from '../../src/apply/import-batches.ts';
import { lockLost } from '../../src/lock/lock.ts';
import type { ApplyEvent } from '../../src/model/apply-events.ts';
import type { Desired, DesiredBatch } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import { hasChanges, hasErrors } from '../../src/model/plan-summary.ts';
import { emptyState } from '../../src/model/recorded.ts';
import type { State } from '../../src/model/state.ts';
import { observe } from '../../src/observe/observe.ts';
import type { PlanOptions } from '../../src/plan/input.ts';
import { plan } from '../../src/plan/plan.ts';
import { handle, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { DEMO_WORLD, emptyRecord, type SandboxRecord } from '../../src/sandbox/world.ts';
import {
  type Addition,
  LockedError,
  type LockHolder,
  type StateBackend,
  type StateLock,
  type WriteProof,
} from '../../src/state/backend.ts';
import { beginText, parseJournal, recordText, replay } from '../../src/state/backends/journal-text.ts';
import { openJournal } from '../../src/state/journal.ts';
import { blockOf } from './builders.ts';
import { type Fault, faultyTransport } from './sandbox/faults.ts';

export const START = 1_800_000_000;
export const EU = '1394296486561117717';
export const US = '1394296486561117718';
export const STAGING = '1394296486561117719';

/** Thrown in place of whatever comes after the moment at which a process is "killed". */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface SceneOptions {
  readonly sandbox?: SandboxOptions;
  readonly record?: SandboxRecord;
}

export class Scene {
  now = START;
  readonly record: SandboxRecord;
  sandbox: SandboxOptions;
  state: State | null = null;
  lockedBy: LockHolder | null = null;
  /** Abort it, and whoever holds the lock has lost it. */
  lockLoss = new AbortController();
  /** It is lost, and nobody has noticed yet. */
  isLockGone = false;
  /** Asked for before each write; throws: the lock is gone, and nobody has noticed yet. */
  proof: () => void = () => {};
  /** Called before each write; throws what the system says of a disk that cannot be written. */
  disk: () => void = () => {};
  readonly requests: ApiRequest[] = [];
  readonly events: ApplyEvent[] = [];
  /** Every state that was ever kept. */
  writes = 0;
  /** Those of them that wrote the whole. */
  whole = 0;
  faultFor: (request: ApiRequest, index: number) => Fault | undefined = () => undefined;
  /** What the client gets in place of the right answer. */
  answerFor: (request: ApiRequest, response: ApiResponse) => ApiResponse = (_, response) => response;
  /** What happens at a time, whatever is waited for then. */
  private readonly coming: { readonly at: number; readonly run: () => void }[] = [];
  /** Called before and after each request and each write of the state; throws a `Crash` to end the process there. */
  step: (what: string) => void = () => {};
  /** Whether the state is kept as the local backend does: what is added to it goes through the text of a journal. */
  appends = false;
  /** Whether something was appended since the last whole write. */
  isAppendedTo = false;
  /** How long a write of the state takes. */
  writeSeconds = 0;
  private ids = 0;

  constructor(options: SceneOptions = {}) {
    this.sandbox = { token: null, ...options.sandbox };
    this.record = options.record ?? emptyRecord();
  }

  /** Batches that are not wholly cancelled, as text: template, target, time. */
  live(): string[] {
    return this.record.batches
      .filter((batch) => batch.taskIds.some((id) => this.record.tasks[id]?.cancelledAt === null))
      .map((batch) => describeRequest(batch.request))
      .sort();
  }

  posts(): number {
    return this.requests.filter((request) => request.method === 'POST').length;
  }

  /** What a step of an apply works with, under a lock of its own, after one look. */
  async context(file: Desired, fields: Partial<ApplyContext> = {}): Promise<ApplyContext> {
    const alive = () => true;
    const api = this.client(alive);
    const backend = this.backend(alive);
    const lock = await backend.lock('apply');
    this.lockedBy = null;
    const state = this.state ?? emptyState({ lineage: 'l', name: file.name, api: 'sandbox' });
    const observation = await observe(api, { desired: file, state, now: () => Math.floor(this.now) });
    const stop = fields.stop ?? new AbortController().signal;
    return {
      api,
      journal: openJournal(backend, lock, state, this.state?.serial ?? null, () => this.now),
      observation,
      now: () => Math.floor(this.now),
      machineNow: () => Math.floor(this.now),
      sleep: this.sleep,
      newId: () => `id-${this.ids++}`,
      emit: (event) => this.events.push(event),
      stop,
      settle: 60,
      async beforeSend() {
        if (stop.aborted) throw new NotSent(INTERRUPTED);
        await lock.prove();
      },
      ...fields,
    };
  }

  private client(isAlive: () => boolean) {
    const direct: Transport = async (request) =>
      this.answerFor(request, handle(request, this.record, Math.floor(this.now), this.sandbox).response);
    const faulty = faultyTransport(direct, (request) => this.faultFor(request, this.requests.length - 1));
    const transport: Transport = async (request, signal) => {
      if (!isAlive()) return new Promise(() => {});
      this.step(`before ${request.method} ${request.path}`);
      this.requests.push(request);
      const response = await faulty(request, signal);
      if (!isAlive()) return new Promise(() => {});
      this.step(`after ${request.method} ${request.path}`);
      return response;
    };
    return createClient({
      transport,
      origin: 'sandbox',
      token: null,
      sleep: this.sleep,
      random: () => 0.5,
      clock: () => this.now * 1000,
      startTimer: () => () => {},
    });
  }

  private readonly sleep = async (ms: number) => {
    this.pass(ms / 1000);
  };

  /** Lets time pass; what was to come in it has come. */
  pass(seconds: number): void {
    const until = this.now + seconds;
    for (;;) {
      const [next] = this.coming.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.coming.splice(this.coming.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = Math.max(this.now, until);
  }

  in(seconds: number, run: () => void): void {
    this.coming.push({ at: this.now + seconds, run });
  }

  /** The API itself does it, whoever asked. */
  carryOut(request: ApiRequest): void {
    handle(request, this.record, Math.floor(this.now), this.sandbox);
  }

  /** As a process would: what is in memory is lost when it ends, what was kept stays. */
  private backend(isAlive: () => boolean): StateBackend {
    const holder: LockHolder = {
      id: `lock-${this.ids++}`,
      who: 'test',
      host: 'here',
      pid: 1,
      since: 'now',
      operation: 'apply',
      job: null,
      commit: null,
    };
    const keep = async (make: () => State, { lock, expectedSerial }: WriteProof) => {
      if (!isAlive()) return new Promise<void>(() => {});
      await lock.prove();
      lock.lost.throwIfAborted();
      const kept = this.state?.serial ?? null;
      if (kept !== expectedSerial) throw new Error(`serial ${kept} is kept, not ${expectedSerial}`);
      this.disk();
      this.step('before write');
      this.now += this.writeSeconds;
      this.state = make();
      this.writes += 1;
      this.step('after write');
    };
    return {
      kind: 'local',
      location: 'memory',
      read: async () => structuredClone(this.state),
      write: async (state, proof) => {
        await keep(() => structuredClone(state), proof);
        this.isAppendedTo = false;
        this.whole += 1;
      },
      ...(this.appends && {
        append: (addition: Addition, proof: WriteProof) => {
          this.isAppendedTo = true;
          return keep(() => this.withAddition(addition), proof);
        },
        isAppendedTo: async () => this.isAppendedTo,
      }),
      lock: async () => {
        if (this.lockedBy !== null) throw new LockedError(this.lockedBy, 0, 'memory');
        this.lockedBy = holder;
        return {
          holder,
          takenOverFrom: null,
          lost: this.lockLoss.signal,
          prove: async () => {
            if (this.isLockGone) this.lockLoss.abort(lockLost('memory', 'is gone'));
            this.proof();
            this.lockLoss.signal.throwIfAborted();
          },
          release: async () => {
            this.lockedBy = null;
          },
        };
      },
      inspectLock: async () => (this.lockedBy === null ? null : { holder: this.lockedBy, silentSeconds: 0 }),
      forceUnlock: async () => holder,
      close: async () => {},
    };
  }

  private withAddition({ serial, edits }: Addition): State {
    const state = this.state!;
    const text = beginText(state) + recordText({ serial, after: state.serial, edits });
    return replay(state, parseJournal(Buffer.from(text), 'memory').records, 'memory');
  }

  async plan(desired: Desired, options: PlanOptions = {}): Promise<Plan> {
    const alive = () => true;
    const now = Math.floor(this.now);
    const { scope = {}, mode, settle, at } = options;
    const observation = await observe(this.client(alive), {
      desired,
      state: this.state,
      now: () => now,
      scope,
      options: { ...(mode && { mode }), ...(settle !== undefined && { settle }), at: at ?? null },
    });
    return plan({
      desired,
      state: this.state,
      observation,
      now: observation.at,
      fleetformVersion: '0',
      api: 'sandbox',
      options,
    });
  }

  /** Resolves with the result, or with null when the process was "killed" (the lock is then taken over). */
  async apply(
    desired: Desired,
    options: PlanOptions & {
      readonly reviewed?: Plan;
      readonly stop?: AbortSignal;
      readonly approve?: () => Promise<boolean>;
      readonly newId?: () => string;
    } = {},
  ): Promise<ApplyResult | null> {
    let isAlive = true;
    let killed: (crash: Crash) => void = () => {};
    const death = new Promise<Crash>((resolve) => {
      killed = resolve;
    });
    const step = this.step;
    this.step = (what) => {
      try {
        step(what);
      } catch (error) {
        isAlive = false;
        killed(error as Crash);
        throw error;
      }
    };
    const {
      reviewed,
      stop,
      approve = async () => true,
      newId = () => `id-${this.ids++}`,
      ...planOptions
    } = options;
    const run = apply({
      desired,
      api: this.client(() => isAlive),
      backend: this.backend(() => isAlive),
      fleetformVersion: '0',
      options: planOptions,
      ...(reviewed === undefined ? {} : { reviewed }),
      ...(stop === undefined ? {} : { stop }),
      approve,
      emit: (event) => this.events.push(event),
      now: () => Math.floor(this.now),
      sleep: this.sleep,
      newId,
    });
    try {
      const outcome = await Promise.race([run, death]);
      if (!(outcome instanceof Crash)) return outcome;
      run.catch(() => {});
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    } finally {
      this.step = step;
    }
    // Whoever comes next finds the lock of a dead process, and takes it over.
    this.lockedBy = null;
    return null;
  }

  /** What a command that changes the state works with, under the lock. */
  async locked<T>(
    operation: string,
    work: (parts: {
      readonly api: FleetApi;
      readonly backend: StateBackend;
      readonly lock: StateLock;
      readonly now: () => number;
      readonly newId: () => string;
    }) => Promise<T>,
  ): Promise<T> {
    const backend = this.backend(() => true);
    const lock = await backend.lock(operation);
    try {
      return await work({
        api: this.client(() => true),
        backend,
        lock,
        now: () => Math.floor(this.now),
        newId: () => `id-${this.ids++}`,
      });
    } finally {
      await lock.release();
    }
  }

  /** `fleetform import`. */
  async import(desired: Desired, address: string, ids: readonly string[], force = false) {
    const backend = this.backend(() => true);
    const lock = await backend.lock('import');
    try {
      return await importBatches({
        desired,
        api: this.client(() => true),
        backend,
        lock,
        address,
        ids,
        force,
        now: () => Math.floor(this.now),
        newId: () => `id-${this.ids++}`,
      });
    } finally {
      await lock.release();
    }
  }

  /** Applies until a plan says that nothing is left, at most `times`; what it took, or an error. */
  async converge(desired: Desired, times = 6): Promise<number> {
    for (let round = 1; round <= times; round += 1) {
      await this.apply(desired);
      const left = await this.plan(desired);
      if (!hasChanges(left) && !hasErrors(left)) return round;
    }
    const left = await this.plan(desired);
    const open = left.changes
      .filter(({ action }) => action !== 'no-op')
      .map(({ action, address }) => `${action} ${address}`);
    const told = left.diagnostics.map(({ code, message }) => `${code}: ${message}`);
    throw new Error(`not converged after ${times} applies: ${[...open, ...told].join('; ')}`);
  }
}

export function describeRequest(request: unknown): string {
  const body = request as Record<string, unknown>;
  const target = ['fleetId', 'regionId', 'applicationInstanceIds'].flatMap((key) =>
    body[key] === undefined ? [] : [`${key} ${String(body[key])}`],
  );
  return `${body.taskTemplateId} on ${target.join(' + ')} at ${body.executeAt ?? 'once'}`;
}

let line = 0;

export function batch(
  address: string,
  fields: Partial<DesiredBatch> & { readonly fleet?: string } = {},
): DesiredBatch {
  const { fleet = EU, ...others } = fields;
  line += 1;
  return {
    address,
    block: address.replace(/\[.*/, ''),
    template: { name: 'Restart game server' },
    targets: { fleets: [fleet], regions: [], instances: [], labels: [] },
    targetText: `fleet ${fleet}`,
    executeAt: START + 86_400,
    params: [],
    revision: null,
    occurrence: null,
    isKept: false,
    cutBy: null,
    spreadUntil: null,
    startingDeadline: 300,
    paused: undefined,
    preventCancel: false,
    at: { range: { file: 'fleetform.yaml', line, column: 3, endLine: line, endColumn: 4 }, snippet: '' },
    templateAt: {
      range: { file: 'fleetform.yaml', line, column: 5, endLine: line, endColumn: 6 },
      snippet: '',
    },
    paramsAt: new Map(),
    ...others,
  };
}

export function desired(batches: readonly DesiredBatch[], fields: Partial<Desired> = {}): Desired {
  return {
    name: 'live',
    files: ['/fleetform.yaml'],
    root: '/',
    api: { kind: 'sandbox' },
    state: { backend: 'local' },
    timezone: undefined,
    moved: [],
    claims: { templates: [] },
    limits: {},
    blocks: batches.map(blockOf),
    freezes: [],
    aliases: { fleets: {}, regions: {} },
    digest: JSON.stringify(batches.map(({ at: _at, templateAt: _template, ...rest }) => rest)),
    diagnostics: [],
    ...fields,
  };
}

/** One that somebody else makes by hand, at the API itself. */
export function foreignBatch(scene: Scene, body: object): string {
  const { response } = handle(
    { method: 'POST', path: '/v3/applicationInstance/task', headers: {}, body: JSON.stringify(body) },
    scene.record,
    Math.floor(scene.now),
    scene.sandbox,
  );
  if (response.status !== 200) throw new Error(response.body);
  return scene.record.batches.at(-1)!.id;
}

export { DEMO_WORLD };
