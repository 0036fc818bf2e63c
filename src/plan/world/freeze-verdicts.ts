/**
 * Does a freeze concern a block? By the file where it tells, else by where the target's game servers belong today.
 *
 * Invariant: the inventory is asked for only where something hangs on it, and what it does not tell says maybe.
 */
import { baseOf } from '../../model/addresses.ts';
import type { DesiredFreeze, Targets } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import type { Template } from '../../model/observed.ts';
import type { FreezeSubject, FreezeVerdict } from '../../model/schedule.ts';
import { concerns } from '../../schedule/freezes.ts';
import type { Freezable, VerdictOf } from '../../schedule/frozen-runs.ts';
import { subjectOf } from '../../schedule/subject.ts';
import type { InventoryView } from './inventory.ts';
import { findTemplates, unknownTemplate } from './spec.ts';

export interface Places {
  readonly templates: readonly Template[];
  readonly inventory: InventoryView;
  /** The game servers that a target reaches today; null: unknown. */
  servers(targets: Targets): ReadonlySet<Id> | null;
  askForHomes(): void;
}

export function freezeVerdicts(places: Places): VerdictOf {
  const known = new Map<string, FreezeVerdict>();
  return (block, freeze) => {
    const key = JSON.stringify([freeze.name, baseOf(block.address)]);
    let answer = known.get(key);
    if (answer === undefined) {
      answer = verdict(block, freeze, places);
      known.set(key, answer);
    }
    return answer;
  };
}

function verdict(block: Freezable, freeze: DesiredFreeze, places: Places): FreezeVerdict {
  const found = findTemplates(block.template, places.templates);
  const [template] = found;
  const byFile = subjectOf(block, found.length === 1 ? template : undefined);
  const told = concerns(freeze, byFile);
  if (told !== 'maybe') return told;
  places.askForHomes();
  return concerns(freeze, { ...byFile, ...homesOf(block, places) });
}

/** A freeze of a template that does not exist would hold for nothing. */
export function unknownTemplates(
  freezes: readonly DesiredFreeze[],
  templates: readonly Template[],
): Diagnostic[] {
  return freezes.flatMap(({ name, templates: refs = [], templatesAt }) =>
    refs.flatMap((ref, index) => {
      if (findTemplates(ref, templates).length > 0) return [];
      const named = 'id' in ref ? `template ${ref.id}` : `template "${ref.name}"`;
      const message = `${named} of the freeze "${name}" does not exist`;
      return { ...unknownTemplate(ref, message, templates), ...templatesAt[index] };
    }),
  );
}

/** Where its game servers belong. Of one of which that is not told, it may be anywhere. */
function homesOf(
  { targets }: Freezable,
  { inventory, servers }: Places,
): Pick<FreezeSubject, 'fleets' | 'regions' | 'isWhole'> {
  const fleets = new Set(targets.fleets);
  const regions = new Set(targets.regions);
  const reached = servers(targets);
  const isWhole = { fleets: reached !== null, regions: reached !== null };
  for (const server of reached ?? []) {
    const home = inventory.home(server);
    // One that lives no more is reached by nothing.
    if (home === null) continue;
    if (home?.fleetId) fleets.add(home.fleetId);
    else isWhole.fleets = false;
    if (home?.regionId) regions.add(home.regionId);
    else isWhole.regions = false;
  }
  return { fleets: [...fleets], regions: [...regions], isWhole };
}
