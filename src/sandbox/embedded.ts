/** `api: sandbox`: the sandbox without a port, kept in a folder (`.fleetform`), behind the client's own port. */
import { TransportError } from '../api/errors.ts';
import type { Transport } from '../api/port.ts';
import { FleetformError } from '../model/errors.ts';
import { requiredParams } from './create.ts';
import { handle, type SandboxOptions } from './sandbox.ts';
import { openStore } from './store.ts';
import { DEMO_WORLD, type World } from './world.ts';

export interface EmbeddedOptions extends SandboxOptions {
  /** The real clock, in unix seconds; default: this machine's. */
  readonly clock?: () => number;
}

export interface EmbeddedSandbox {
  readonly transport: Transport;
  /** Unix seconds of the sandbox's clock: the real one, moved by `advance`. */
  readonly now: () => number;
  readonly origin: 'sandbox';
}

/** Of whom a place of this world says how many game servers it holds. */
export interface SandboxPlace {
  readonly id: string;
  readonly name: string;
  readonly servers: number;
}

export interface SandboxDescription {
  /** Unix seconds of the sandbox's clock. */
  readonly now: number;
  /** Seconds that it is ahead of the real one. */
  readonly clockOffset: number;
  readonly fleets: readonly SandboxPlace[];
  readonly regions: readonly SandboxPlace[];
  readonly templates: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly requiredParams: readonly string[];
  }[];
  readonly batches: number;
  readonly tasks: number;
}

/** `executeAt` is an int32: a clock beyond it could not be told to the API. */
const LAST_MOMENT = 2 ** 31 - 1;

/**
 * No key is needed. The transport and `now` throw `sandbox.invalid` for a file that is no sandbox's; the transport
 * also `sandbox.busy` and `sandbox.unwritable`. A request that is given up before its turn is never made.
 */
export function openSandbox(folder: string, options: EmbeddedOptions = {}): EmbeddedSandbox {
  const store = openStore(folder, options.seed);
  const realNow = options.clock ?? machineNow;
  const now = () => realNow() + store.read().clockOffset;
  const settings: SandboxOptions = { token: null, ...options };
  return {
    origin: 'sandbox',
    now,
    async transport(request, signal) {
      if (signal.aborted) throw givenUp();
      if (request.method === 'GET') return handle(request, store.read(), now(), settings).response;
      const turn = store.change((record) => {
        const { response, hasChanged } = handle(request, record, realNow() + record.clockOffset, settings);
        return { result: response, hasChanged };
      }, signal);
      return turn.catch((error: unknown) => {
        throw signal.aborted && error === signal.reason ? givenUp() : error;
      });
    },
  };
}

/** Moves the clock forward by whole seconds; returns where it is now. Throws `sandbox.clock`. */
export async function advanceSandbox(
  folder: string,
  seconds: number,
  { clock = machineNow, seed }: Pick<EmbeddedOptions, 'clock' | 'seed'> = {},
): Promise<number> {
  if (!Number.isSafeInteger(seconds) || seconds < 0) {
    throw new FleetformError('sandbox.clock', `the clock cannot be moved by ${seconds} s`, {
      hint: 'It goes forward only, by whole seconds. `fleetform sandbox reset` starts over.',
    });
  }
  return openStore(folder, seed).change((record) => {
    const now = clock() + record.clockOffset + seconds;
    if (now > LAST_MOMENT) {
      throw new FleetformError(
        'sandbox.clock',
        `the clock cannot be moved by ${seconds} s, past January 2038`,
        {
          hint: "The API's times are 32-bit numbers. `fleetform sandbox reset` starts over.",
        },
      );
    }
    record.clockOffset += seconds;
    return { result: now, hasChanged: true };
  });
}

/** Everything that was made is forgotten, and the clock is the real one again. */
export function resetSandbox(folder: string, { seed }: Pick<EmbeddedOptions, 'seed'> = {}): Promise<void> {
  return openStore(folder, seed).reset();
}

/** What there is to work with, and where the clock is. Throws `sandbox.invalid`. */
export function describeSandbox(folder: string, options: EmbeddedOptions = {}): SandboxDescription {
  const { fleets, regions, servers, templates } = options.world ?? DEMO_WORLD;
  const { clockOffset, batches, tasks } = openStore(folder, options.seed).read();
  return {
    now: (options.clock ?? machineNow)() + clockOffset,
    clockOffset,
    fleets: fleets.map(({ id, name }) => ({
      id,
      name,
      servers: servers.filter((server) => server.fleetId === id).length,
    })),
    regions: regions.map(({ id, name }) => ({
      id,
      name,
      servers: servers.filter((server) => server.regionId === id).length,
    })),
    templates: templates.map((template) => ({
      id: String(template.id),
      name: template.name,
      description: template.description,
      requiredParams: requiredParams(template),
    })),
    batches: batches.length,
    tasks: Object.keys(tasks).length,
  };
}

/** The game servers and templates that every new sandbox has. */
export function demoWorld(): World {
  return DEMO_WORLD;
}

function givenUp(): TransportError {
  return new TransportError('aborted', 'aborted', false);
}

function machineNow(): number {
  return Math.floor(Date.now() / 1000);
}
