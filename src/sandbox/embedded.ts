/** `api: sandbox`: the sandbox without a port, kept in a folder (`.fleetform`), behind the client's own port. */
import type { Transport } from '../api/port.ts';
import { handle, type SandboxOptions } from './sandbox.ts';
import { openStore, removeStore } from './store.ts';
import { DEMO_WORLD, emptyRecord, type World } from './world.ts';

export interface EmbeddedSandbox {
  readonly transport: Transport;
  /** Unix seconds of the sandbox's clock: the real one, moved by `advance`. */
  readonly now: () => number;
}

/** No key is needed. Throws `sandbox.invalid` on the first use of a file that is no sandbox's. */
export function openSandbox(folder: string, options: SandboxOptions = {}): EmbeddedSandbox {
  const store = openStore(folder);
  const now = () => realNow() + store.read().clockOffset;
  const settings: SandboxOptions = { token: null, ...options };
  return {
    now,
    async transport(request, signal) {
      signal.throwIfAborted();
      if (request.method === 'GET') return handle(request, store.read(), now(), settings).response;
      return store.change((record) => {
        const { response, hasChanged } = handle(request, record, realNow() + record.clockOffset, settings);
        return { result: response, hasChanged };
      });
    },
  };
}

/** Moves the clock forward; returns where it stands now, in unix seconds. */
export function advanceSandbox(folder: string, seconds: number): Promise<number> {
  return openStore(folder).change((record) => {
    record.clockOffset += seconds;
    return { result: realNow() + record.clockOffset, hasChanged: true };
  });
}

/** Everything that was made is forgotten, and the clock is the real one again. */
export async function resetSandbox(folder: string): Promise<void> {
  removeStore(folder);
  await openStore(folder).change((record) => ({
    result: Object.assign(record, emptyRecord()),
    hasChanged: true,
  }));
}

/** The game servers and templates that every new sandbox has. */
export function demoWorld(): World {
  return DEMO_WORLD;
}

function realNow(): number {
  return Math.floor(Date.now() / 1000);
}
