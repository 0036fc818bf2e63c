/**
 * A batch that a person binds may be a little off in time, as the API rounds. Where another address of the file asks for
 * a time that is nearer, it is probably that one's: bound to the wrong one, a plan would make the right one again.
 */
import { addressOf } from '../model/addresses.ts';
import type { DesiredBlock } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { ObservedBatch } from '../model/observed.ts';
import { entryOf } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import { rfc3339, shellText } from '../model/words.ts';
import { compare } from '../plan/sameness/evidence.ts';
import { TOLERANCE, timeDistance } from '../plan/sameness/times.ts';
import type { World } from '../plan/world/world.ts';
import { occurrences } from '../schedule/occurrences.ts';

/** What the file asks for at a time nearer to one of the batches than that of `wanted`; an occurrence as a block. */
export function nearerInTime(
  wanted: DesiredBlock,
  batches: readonly ObservedBatch[],
  blocks: readonly DesiredBlock[],
): DesiredBlock[] {
  const near = new Map<string, DesiredBlock>();
  for (const batch of batches) {
    const within = Math.min(distance(wanted, batch), TOLERANCE + 1);
    if (batch.executeAt === null || within === 0) continue;
    for (const block of blocks.flatMap((one) => runsAround(one, batch.executeAt!, within)))
      if (block.address !== wanted.address) near.set(block.address, block);
  }
  return [...near.values()];
}

/** Seconds between what the block asks for and what the batch has; 0 where one of them names no time. */
function distance({ when }: DesiredBlock, { executeAt }: ObservedBatch): number {
  return when.kind !== 'at' || executeAt === null ? 0 : Math.abs(when.executeAt - executeAt);
}

function runsAround(block: DesiredBlock, moment: number, within: number): DesiredBlock[] {
  const { when } = block;
  if (when.kind === 'at') return Math.abs(when.executeAt - moment) < within ? [block] : [];
  if (when.kind !== 'schedule') return [];
  const { schedule, offset } = when;
  const named = moment - offset;
  return [...occurrences(schedule, named - within + 1, named + within)].map((at) => ({
    ...block,
    address: addressOf(block.address, at),
    when: { kind: 'at', executeAt: at + offset },
  }));
}

/** Throws `import.nearer`. What another batch is bound to already wants no second one. */
export function checkNearest(
  wanted: DesiredBlock,
  batch: ObservedBatch,
  state: State | null,
  world: World,
): void {
  const nearer = world.runs
    .filter(
      ({ spec, desired: { address, executeAt } }) =>
        address !== wanted.address &&
        entryOf(state, address) === undefined &&
        executeAt !== null &&
        batch.executeAt !== null &&
        Math.abs(executeAt - batch.executeAt) < distance(wanted, batch) &&
        compare(spec, batch, world).verdict !== 'no',
    )
    .sort(
      (one, other) => timeDistance(one.spec.executeAt, batch) - timeDistance(other.spec.executeAt, batch),
    );
  const [run] = nearer;
  if (run === undefined) return;
  const { address } = run.desired;
  const time = (seconds: number | null) => (seconds === null ? 'no time' : rfc3339(seconds));
  const asked = time(run.spec.executeAt);
  const own = wanted.when.kind === 'at' ? time(wanted.when.executeAt) : 'no time';
  throw new FleetformError(
    'import.nearer',
    `batch ${batch.id} (${time(batch.executeAt)}) looks like ${address} (${asked}) rather than ${wanted.address} (${own})`,
    {
      hint: `Bind it there: ${shellText(['fleetform', 'import', address, batch.id])}. If it belongs to ${wanted.address} anyway, use --force.`,
    },
  );
}
