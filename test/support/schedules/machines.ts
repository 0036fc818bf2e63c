/**
 * The machine that fleetform runs on: its clock, its disk with the state and the lock, and the ways in which a
 * process there ends. In memory; what a real one would lose is lost.
 *
 * Invariants: after its end a process does nothing more, and hears of nothing. Whoever holds no lock any more and
 * shows a proof with its write is refused; whoever shows none is let in, as any disk would.
 */
import { setMaxListeners } from 'node:events';
import { createClient } from '../../../src/api/client.ts';
import type { ApplyResult } from '../../../src/apply/apply.ts';
import { apply } from '../../../src/apply/apply.ts';
import { importBatches } from '../../../src/apply/import-batches.ts';
import type { ApplyInput } from '../../../src/apply/input.ts';
import type { Desired } from '../../../src/model/desired.ts';
import { FleetformError } from '../../../src/model/errors.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { State } from '../../../src/model/state.ts';
import { observe } from '../../../src/observe/observe.ts';
import type { PlanOptions } from '../../../src/plan/input.ts';
import { plan } from '../../../src/plan/plan.ts';
import {
  LockedError,
  type LockHolder,
  type StateBackend,
  type StateLock,
} from '../../../src/state/backend.ts';
import type { Chronicle } from './chronicle.ts';
import type { VirtualClock } from './clock.ts';
import type { Emulation } from './emulation.ts';

/** How an apply ended. `broken`: by what no user should ever see. */
export type Ending =
  | { readonly kind: 'done'; readonly result: ApplyResult }
  | { readonly kind: 'killed' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'broken'; readonly error: Error };

/** Something that happens, once, to a process at one of its steps: a request or a write, before it or after it. */
export interface Happening {
  /** `step` counts from 0; `what`: `before POST /v3/…`, `after a write of the state`, … */
  readonly isDue: (step: number, what: string) => boolean;
  readonly happen: (process: Process, what: string) => void;
}

export interface RunOptions {
  readonly options?: PlanOptions;
  readonly reviewed?: Plan;
  readonly lockTimeoutMs?: number;
  /** Resolves when the plan is approved; default: at once. */
  readonly approval?: () => Promise<void>;
  readonly happenings?: readonly Happening[];
}

/** Seconds, until the holder of a lock that is gone notices by itself. */
const HEARTBEAT = 10;
/** Seconds in which what is about to be sent may still go out. */
const IN_FLIGHT = 0.2;

/** One run of fleetform. */
export class Process {
  isAlive = true;
  readonly stop = new AbortController();
  /** When it was to end by, at the latest: after a signal, or after its lock was gone. Unix seconds. */
  sendsUntil = { signal: Number.POSITIVE_INFINITY, lock: Number.POSITIVE_INFINITY };
  readonly name: string;
  /** Settled at its violent end. */
  readonly death: Promise<'killed'>;
  private die: (how: 'killed') => void = () => {};
  private steps = 0;
  private readonly happenings: Set<Happening>;

  constructor(name: string, happenings: readonly Happening[]) {
    this.name = name;
    this.happenings = new Set(happenings);
    // Each request that waits listens.
    setMaxListeners(0, this.stop.signal);
    this.death = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  kill(): void {
    this.isAlive = false;
    this.die('killed');
  }

  /** A signal of its user. */
  interrupt(now: number): void {
    this.sendsUntil.signal = Math.min(this.sendsUntil.signal, now + IN_FLIGHT);
    this.stop.abort();
  }

  /** Returns only while the process lives. */
  async step(what: string): Promise<void> {
    const { steps } = this;
    this.steps += 1;
    for (const one of this.happenings) {
      if (!this.isAlive || !one.isDue(steps, what)) continue;
      this.happenings.delete(one);
      one.happen(this, what);
    }
    await this.alive();
  }

  alive(): Promise<void> {
    return this.isAlive ? Promise.resolve() : new Promise(() => {});
  }
}

export class Machine {
  state: State | null = null;
  /** What was on the disk after each apply, oldest first: someone may have kept a copy. */
  readonly copies: (State | null)[] = [];
  /** Seconds that its clock is off. */
  clockOff = 0;
  /** Told of each write that a process sends when it should have ended. */
  onOverstay: (what: 'works on after a signal' | 'works on without its lock', text: string) => void =
    () => {};
  lock: { readonly holder: LockHolder; readonly process: Process; readonly lost: AbortController } | null =
    null;
  private ids = 0;
  private readonly clock: VirtualClock;
  private readonly emulation: Emulation;
  private readonly chronicle: Chronicle;

  constructor(clock: VirtualClock, emulation: Emulation, chronicle: Chronicle) {
    this.clock = clock;
    this.emulation = emulation;
    this.chronicle = chronicle;
  }

  /** Under the feet of whoever holds it. */
  removeLock(): boolean {
    const { lock } = this;
    if (lock === null) return false;
    this.lock = null;
    lock.process.sendsUntil.lock = this.clock.now + HEARTBEAT + IN_FLIGHT;
    this.clock.at(this.clock.now + HEARTBEAT, () => lock.lost.abort(lockLost()));
    return true;
  }

  async run(desired: Desired, run: RunOptions = {}): Promise<Ending> {
    this.ids += 1;
    const process = new Process(`run ${this.ids}`, run.happenings ?? []);
    const { options, reviewed, lockTimeoutMs, approval } = run;
    const input: ApplyInput = {
      desired,
      api: this.client(process),
      backend: this.backend(process),
      fleetformVersion: '0',
      ...(options === undefined ? {} : { options }),
      ...(reviewed === undefined ? {} : { reviewed }),
      ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
      approve: async () => {
        await approval?.();
        return true;
      },
      stop: process.stop.signal,
      now: this.now,
      sleep: this.sleepOf(process),
      newId: () => `id-${this.newId()}`,
    };
    const ending = await this.endingOf(process, apply(input));
    // What it was still about to do, it does no more.
    process.isAlive = false;
    this.chronicle.tell(`${process.name} ${describeEnding(ending)}`);
    return ending;
  }

  /**
   * `fleetform import --force ADDRESS BATCHID`: the batches that were bound to it before. null: it was refused, or a
   * read failed to the end.
   */
  async import(desired: Desired, address: string, id: string): Promise<readonly string[] | null> {
    const process = new Process('import', []);
    const backend = this.backend(process);
    const lock = this.take(process, 'import');
    try {
      const { released } = await importBatches({
        desired,
        api: this.client(process),
        backend,
        lock,
        address,
        ids: [id],
        force: true,
        now: this.now,
        newId: () => `id-${this.newId()}`,
      });
      return released;
    } catch (error) {
      if (error instanceof FleetformError) return null;
      throw error;
    } finally {
      await lock.release();
      process.isAlive = false;
    }
  }

  async plan(desired: Desired, options: PlanOptions): Promise<Plan> {
    const api = this.client(new Process('plan', []));
    const { state } = this;
    const { scope = {}, mode, at, settle } = options;
    const observation = await observe(api, {
      desired,
      state,
      now: this.now,
      scope,
      options: { ...(mode && { mode }), at: at ?? null, ...(settle !== undefined && { settle }) },
    });
    return plan({
      desired,
      state,
      observation,
      now: observation.at,
      fleetformVersion: '0',
      api: api.origin,
      options,
    });
  }

  private async endingOf(process: Process, work: Promise<ApplyResult>): Promise<Ending> {
    try {
      const ending = await Promise.race([work, process.death]);
      if (ending !== 'killed') return { kind: 'done', result: ending };
      work.catch(() => {});
      return { kind: 'killed' };
    } catch (error) {
      if (error instanceof FleetformError) {
        return { kind: 'refused', code: error.code, message: error.message };
      }
      return { kind: 'broken', error: error as Error };
    }
  }

  private readonly now = () => Math.floor(this.clock.now + this.clockOff);

  private newId(): number {
    this.ids += 1;
    return this.ids;
  }

  private sleepOf(process: Process): (ms: number) => Promise<void> {
    return async (ms) => {
      await this.clock.sleep(ms / 1000);
      await process.alive();
    };
  }

  private client(process: Process) {
    return createClient({
      transport: async (request, signal) => {
        await process.step(`before ${request.method} ${request.path}`);
        if (request.method !== 'GET') this.checkMaySend(process, `${process.name}: ${request.method}`);
        try {
          return await this.emulation.transport(request, signal);
        } finally {
          await process.step(`after ${request.method} ${request.path}`);
        }
      },
      origin: 'sandbox',
      token: null,
      sleep: this.sleepOf(process),
      random: () => 0.5,
      clock: () => (this.clock.now + this.clockOff) * 1000,
      startTimer: (ms, expire) => this.clock.at(this.clock.now + ms / 1000, expire),
      signal: process.stop.signal,
    });
  }

  private checkMaySend({ sendsUntil }: Process, what: string): void {
    const { now } = this.clock;
    const late = (until: number) => `${what}, ${(now - until).toFixed(1)} s too late`;
    if (now > sendsUntil.signal) this.onOverstay('works on after a signal', late(sendsUntil.signal));
    if (now > sendsUntil.lock) this.onOverstay('works on without its lock', late(sendsUntil.lock));
  }

  private backend(process: Process): StateBackend {
    return {
      kind: 'local',
      location: 'memory',
      read: async () => structuredClone(this.state),
      write: async (state: State, proof?: Proof) => {
        await process.step('before a write of the state');
        this.check(proof);
        this.state = structuredClone(state);
        await process.step('after a write of the state');
      },
      lock: async (operation) => this.take(process, operation),
      inspectLock: async () => (this.lock === null ? null : { holder: this.lock.holder, silentSeconds: 0 }),
      forceUnlock: async () => {
        throw new FleetformError('state.no-such-lock', 'nobody does that here');
      },
      close: async () => {},
    };
  }

  private check(proof: Proof | undefined): void {
    const shown = proof?.lock?.holder.id;
    if (shown !== undefined && shown !== this.lock?.holder.id) throw lockLost();
    const expected = proof?.expectedSerial;
    if (expected !== undefined && expected !== (this.state?.serial ?? null)) {
      throw new FleetformError('state.conflict', 'another wrote the state');
    }
  }

  private take(process: Process, operation: string): StateLock {
    const before = this.lock;
    if (before?.process.isAlive) throw new LockedError(before.holder, 1, 'memory');
    const id = `lock-${this.newId()}`;
    const holder = {
      id,
      who: 'us@here',
      host: 'here',
      pid: 1,
      since: '2027-01-15T08:00:00Z',
      operation,
      job: null,
      commit: null,
    };
    const lost = new AbortController();
    this.lock = { holder, process, lost };
    const isHeld = () => this.lock?.holder.id === id;
    const lock = {
      holder,
      takenOverFrom: before?.holder ?? null,
      lost: lost.signal,
      prove: async () => {
        if (isHeld()) return;
        lost.abort(lockLost());
        throw lockLost();
      },
      release: async () => {
        if (isHeld()) this.lock = null;
      },
    };
    return lock;
  }
}

/** What a write may show: the lock that it is made under, and the state that it follows. */
interface Proof {
  readonly lock?: { readonly holder: LockHolder };
  readonly expectedSerial?: number | null;
}

function lockLost(): FleetformError {
  return new FleetformError('state.lock-lost', 'the lock is not ours any more');
}

function describeEnding(ending: Ending): string {
  if (ending.kind === 'killed') return 'was killed';
  if (ending.kind === 'refused') return `was refused: ${ending.code}: ${ending.message}`;
  if (ending.kind === 'broken') return `BROKE: ${ending.error.stack}`;
  const { plan: made, outcome } = ending.result;
  const errors = made.diagnostics.filter(({ severity }) => severity === 'error');
  const told = errors.map(({ code, message }) => `${code}: ${message}`);
  const done = made.changes
    .filter(({ action }) => action !== 'no-op')
    .map(
      ({ action, address, batchIds }) =>
        `${action} ${address}${batchIds.length > 0 ? ` (${batchIds.join()})` : ''}`,
    );
  const counts = Object.entries(outcome ?? {}).filter(([, count]) => count !== 0 && count !== false);
  return [
    `ended: ${done.join(', ') || 'nothing to do'}`,
    ...told,
    outcome === null ? 'nothing done' : counts.map(([what, count]) => `${what} ${count}`).join(', '),
  ].join('; ');
}
