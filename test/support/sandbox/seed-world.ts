/** Worlds for tests, drawn from a seed: the same seed is the same world, with ids of 19 digits as the API's are (up to 999 fleets). */
import { DEMO_WORLD, hash, type SandboxTemplate, type World } from '../../../src/sandbox/world.ts';

export interface WorldPlan {
  /** Default 1. */
  readonly seed?: number;
  /** The game servers of a fleet are dealt to its regions in turn. */
  readonly fleets: readonly {
    readonly name: string;
    readonly servers: number;
    /** Names; a region may hold game servers of several fleets. */
    readonly regions: readonly string[];
  }[];
  /** Default: those of the demo. */
  readonly templates?: readonly SandboxTemplate[];
}

/** Throws an Error for a fleet that has game servers but no region. */
export function seedWorld({ seed = 1, fleets, templates = DEMO_WORLD.templates }: WorldPlan): World {
  const regions = [...new Set(fleets.flatMap((fleet) => fleet.regions))].map((name, i) => ({
    id: String(40 + i),
    name,
  }));
  const regionIds = new Map(regions.map(({ id, name }) => [name, id]));
  const drawn = fleets.map((fleet, i) => ({ ...fleet, id: idOf(seed, 0, i) }));
  return {
    fleets: drawn.map(({ id, name }) => ({ id, name })),
    regions,
    templates,
    servers: drawn.flatMap((fleet, i) =>
      Array.from({ length: fleet.servers }, (_, j) => {
        const region = fleet.regions[j % fleet.regions.length];
        if (region === undefined) throw new Error(`the fleet ${fleet.name} has no region`);
        const labels = { fleet: fleet.name };
        return { id: idOf(seed, i + 1, j), fleetId: fleet.id, regionId: regionIds.get(region)!, labels };
      }),
    ),
  };
}

/** 19 digits, beyond 2^53 and below 2^63. Family and index are in it as they are, so that no two are the same. */
function idOf(seed: number, family: number, index: number): string {
  const drawn = BigInt(hash(`${seed}/${family}/${index}`) % 1_000_000_000);
  return (10n ** 18n + drawn * 10n ** 9n + BigInt(family) * 10n ** 6n + BigInt(index)).toString();
}
