/**
 * A sandbox in memory, for the tests of those who use the library: no file, no port, a clock of one's own. It answers as
 * `api: sandbox` does, with the same world unless another is given.
 */
import { TransportError } from '../api/errors.ts';
import type { Transport } from '../api/port.ts';
import { FleetformError } from '../model/errors.ts';
import { handle, type SandboxOptions } from './sandbox.ts';
import { emptyRecord, type World } from './world.ts';

/** The clock, the world and the chance that a sandbox has. */
export interface SandboxTestOptions {
  /** Unix seconds; default: this machine's clock. A test gives its own, and moves it. */
  readonly clock?: () => number;
  /** The fleets, regions, game servers and templates that exist; default: `demoWorld`. */
  readonly world?: World;
  /** What is drawn (how long a task takes, which fail) follows from it alone; default 1. */
  readonly seed?: number;
  /** 0 to 1: the share of tasks that fail; default 0. */
  readonly failRate?: number;
}

/** A sandbox in memory: what it answers with, and its record. */
export interface TestSandbox {
  /** For `createClient`, with `origin: 'sandbox'` and `token: null`. */
  readonly transport: Transport;
  readonly origin: 'sandbox';
  /** Unix seconds, whole ones: the clock that was given. */
  readonly now: () => number;
}

/** Each is a world of its own: nothing is shared with another, and nothing stays. Throws `sandbox.option`. */
export function createSandbox(options: SandboxTestOptions = {}): TestSandbox {
  const { clock = () => Date.now() / 1000, world, seed, failRate } = options;
  if (failRate !== undefined && !(Number.isFinite(failRate) && failRate >= 0 && failRate <= 1))
    throw notThat('failRate', failRate, 'a number from 0 to 1, the share of tasks that fail');
  if (seed !== undefined && !Number.isFinite(seed)) throw notThat('seed', seed, 'a number');
  const record = emptyRecord(seed);
  const now = () => Math.floor(clock());
  const settings: SandboxOptions = {
    token: null,
    ...(world && { world }),
    ...(failRate !== undefined && { failRate }),
  };
  return {
    origin: 'sandbox',
    now,
    async transport(request, signal) {
      if (signal.aborted) throw new TransportError('aborted', 'aborted', false);
      return handle(request, record, now(), settings).response;
    },
  };
}

function notThat(option: string, found: unknown, expected: string): FleetformError {
  return new FleetformError('sandbox.option', `createSandbox: ${option} is ${String(found)}`, {
    hint: `Give ${expected}, or leave it out.`,
  });
}
