/** The file of the calendar as it stands at a moment, and the `Desired` that it is read as. All times are seconds. */
import { desiredDigest } from '../../../src/desired/digest.ts';
import type { Desired, DesiredBlock, DesiredFreeze, MovedAddress } from '../../../src/model/desired.ts';
import { DEMO_WORLD, type World } from '../../../src/sandbox/world.ts';
import { desired } from '../scene.ts';

export const DAY = 86_400;

export const FLEETS = {
  ams: '1001',
  lab: '1002',
  nyc: '1003',
  lhi: '1004',
  logs: '1005',
  quick: '1006',
} as const;
export const RESTART = '7';
export const DEPLOY_LIKE = '9';

/** A few game servers per fleet. */
export const WORLD: World = {
  ...DEMO_WORLD,
  fleets: Object.entries(FLEETS).map(([name, id]) => ({ id, name })),
  servers: Object.values(FLEETS).flatMap((fleetId, fleet) =>
    [0, 1].map((n) => ({
      id: `62683496080025${String(fleet * 100 + n).padStart(5, '0')}`,
      fleetId,
      regionId: '42',
      labels: {},
    })),
  ),
};

export interface Target {
  readonly alias: string;
  readonly fleet: string;
  /** Its share of the spread. */
  readonly offset: number;
}

export interface Block {
  /** What it is, whatever it is called. */
  readonly family: string;
  readonly name: string;
  readonly template: string;
  readonly targets: readonly Target[];
  readonly cron: string;
  readonly timezone: string;
  readonly horizon: number;
  readonly deadline: number;
  readonly from: number | null;
  readonly until: number | null;
}

export interface FileFreeze {
  readonly name: string;
  readonly fleets?: readonly string[];
  readonly templates?: readonly string[];
  readonly time:
    | { readonly from: number; readonly to: number }
    | { readonly cron: string; readonly timezone: string; readonly duration: number };
}

export interface CalendarFile {
  readonly blocks: readonly Block[];
  readonly freezes: readonly FileFreeze[];
  readonly moved: readonly { readonly from: string; readonly to: string }[];
}

const PLACE = {
  range: { file: '/fleetform.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 },
  snippet: '',
};

export function desiredOf(file: CalendarFile): Desired {
  const made = {
    ...desired([]),
    blocks: file.blocks.flatMap((block) => block.targets.map((target) => blockOf(block, target))),
    freezes: file.freezes.map(freezeOf),
    moved: file.moved.map((move): MovedAddress => ({ ...move, ...PLACE })),
    // What the engine has made itself is within its bounds.
    limits: {},
  };
  return { ...made, digest: desiredDigest(made) };
}

export function addressOf({ name }: Block, { alias }: Target): string {
  return `${name}[fleet:${alias}]`;
}

function blockOf(block: Block, target: Target): DesiredBlock {
  const { cron, timezone, horizon, from, until } = block;
  return {
    address: addressOf(block, target),
    block: block.name,
    template: { id: block.template },
    targets: { fleets: [target.fleet], regions: [], instances: [], labels: [] },
    targetText: `fleet ${target.alias}`,
    when: {
      kind: 'schedule',
      schedule: { cron, timezone, horizon, from, until, except: [] },
      offset: target.offset,
    },
    params: [],
    startingDeadline: block.deadline,
    paused: undefined,
    preventCancel: false,
    at: PLACE,
    templateAt: PLACE,
    paramsAt: new Map(),
  };
}

function freezeOf({ name, fleets, templates, time }: FileFreeze): DesiredFreeze {
  return {
    name,
    ...(fleets && { fleets }),
    ...(templates && { templates: templates.map((id) => ({ id })) }),
    ...time,
    at: PLACE,
    templatesAt: (templates ?? []).map(() => PLACE),
  };
}
