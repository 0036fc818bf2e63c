/**
 * What a sandbox is made of: the game servers and templates that exist, and the batches and tasks that were made.
 * Plain JSON, so that it can be kept in a file. Times are unix seconds of the sandbox's clock; ids are decimal text.
 */
export interface SandboxTemplate {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly actions: readonly { readonly actionType: number; readonly requiredParams: readonly string[] }[];
}

/** A game server of a sandbox, and where it belongs. */
export interface SandboxServer {
  readonly id: string;
  readonly fleetId: string;
  readonly regionId: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What does not change while a sandbox runs. */
export interface World {
  readonly fleets: readonly { readonly id: string; readonly name: string }[];
  readonly regions: readonly { readonly id: string; readonly name: string }[];
  readonly servers: readonly SandboxServer[];
  readonly templates: readonly SandboxTemplate[];
}

export interface SandboxBatch {
  readonly id: string;
  readonly createdAt: number;
  readonly executeAt: number;
  readonly templateId: number;
  readonly taskIds: readonly string[];
  /** The POST body that made it. */
  readonly request: unknown;
  /** Who made it, where it was not a request to the API. */
  readonly madeBy?: string;
  /** How often each list had been read before it was made. */
  readonly listReads?: ListReads;
}

export interface ListReads {
  readonly tasks: number;
  readonly batches: number;
  /** The tasks of single game servers, all of them together. */
  readonly servers?: number;
}

export interface SandboxTask {
  readonly id: string;
  readonly batchId: string;
  readonly templateId: number;
  readonly entityId: string;
  /** When it begins, unless it is paused then. */
  readonly startsAt: number;
  /** Since when it is paused; null: it is not. */
  pausedAt: number | null;
  /** How long it was held up by pauses that are over. */
  pausedFor: number;
  cancelledAt: number | null;
}

/** What changes: the record of all that was made. */
export interface SandboxRecord {
  readonly version: 1;
  /** Grows with every write of a file that keeps it. */
  readonly generation?: number;
  readonly seed: number;
  /** Seconds that the sandbox's clock is ahead of the real one. */
  clockOffset: number;
  nextTask: number;
  nextBatch: number;
  batches: SandboxBatch[];
  tasks: Record<string, SandboxTask>;
  /** Only counted where lists lag by reads. */
  listReads?: ListReads;
}

export function emptyRecord(seed = 1): SandboxRecord {
  return { version: 1, seed, clockOffset: 0, nextTask: 50_001, nextBatch: 4_001, batches: [], tasks: {} };
}

/** A whole number below 2^32 that depends on nothing but the text: FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

const REGIONS = [
  { id: '42', name: 'Amsterdam' },
  { id: '43', name: 'Frankfurt' },
  { id: '51', name: 'Dallas' },
];
const FLEETS = [
  { id: '1394296486561117717', name: 'eu-live', servers: 24, regions: ['42', '43'] },
  { id: '1394296486561117718', name: 'us-live', servers: 16, regions: ['51'] },
  { id: '1394296486561117719', name: 'staging', servers: 6, regions: ['42'] },
];

/** Three fleets in three regions, 46 game servers, four templates. */
export const DEMO_WORLD: World = {
  fleets: FLEETS.map(({ id, name }) => ({ id, name })),
  regions: REGIONS,
  servers: FLEETS.flatMap((fleet) =>
    Array.from({ length: fleet.servers }, (_, i) => ({
      id: (BigInt(fleet.id) + 4_874_053_122_041_466_000n + BigInt(i * 7919)).toString(),
      fleetId: fleet.id,
      regionId: fleet.regions[i % fleet.regions.length]!,
      labels: { stage: fleet.name === 'staging' ? 'staging' : 'live' },
    })),
  ),
  templates: [
    {
      id: 7,
      name: 'Restart game server',
      description: 'Stops the game server and starts it again.',
      actions: [
        { actionType: 2, requiredParams: [] },
        { actionType: 1, requiredParams: [] },
      ],
    },
    {
      id: 8,
      name: 'Deploy build',
      description: 'Stops the game server, installs a build and starts it.',
      actions: [
        { actionType: 2, requiredParams: [] },
        { actionType: 5, requiredParams: ['buildId'] },
        { actionType: 1, requiredParams: [] },
      ],
    },
    {
      id: 9,
      name: 'Collect logs',
      description: 'Copies the logs of the game server to the archive.',
      actions: [{ actionType: 9, requiredParams: [] }],
    },
    {
      id: 10,
      name: 'Update configuration',
      description: 'Writes one setting and reloads the game server.',
      actions: [{ actionType: 6, requiredParams: ['key', 'value'] }],
    },
  ],
};
