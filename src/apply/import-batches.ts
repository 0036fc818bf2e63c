/**
 * A person says which batches an address owns: they are bound to it, unless what is seen of them says that they are
 * something else.
 */
import { isDeepStrictEqual } from 'node:util';
import type { FleetApi } from '../api/port.ts';
import { covers, parseOccurrence } from '../model/addresses.ts';
import type { Desired, DesiredBlock } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import { compareIds, type Id } from '../model/ids.ts';
import type { Observation, ObservedBatch } from '../model/observed.ts';
import { boundEntry, emptyState, entryOf } from '../model/recorded.ts';
import { safeText } from '../model/safe-text.ts';
import type { Spec, State } from '../model/state.ts';
import { didYouMean, listed } from '../model/suggest.ts';
import { rfc3339 } from '../model/words.ts';
import { look } from '../observe/observe.ts';
import { notAfterOf } from '../plan/decide/changes.ts';
import { WHOLE } from '../plan/review/selection.ts';
import { compare } from '../plan/sameness/evidence.ts';
import { sightWithout } from '../plan/sameness/sight.ts';
import { timeVerdict } from '../plan/sameness/times.ts';
import { lookAtBound } from '../plan/world/bound.ts';
import type { ResolvedBatch } from '../plan/world/spec.ts';
import { createWorld, type World, wantedAlone } from '../plan/world/world.ts';
import { isNamed } from '../schedule/occurrences.ts';
import type { StateBackend, StateLock } from '../state/backend.ts';
import { readOwn } from '../state/belongs.ts';
import type { Edit } from '../state/edits.ts';
import { openJournal } from '../state/journal.ts';
import { checkNearest, nearerInTime } from './import-nearer.ts';

export interface ImportInput {
  readonly desired: Desired;
  readonly api: FleetApi;
  readonly backend: StateBackend;
  /** Held. */
  readonly lock: StateLock;
  readonly address: string;
  readonly ids: readonly Id[];
  /** What other states in the same place have bound, with their names. */
  readonly owners?: ReadonlyMap<Id, string>;
  /** Whatever they look like, and also where the address is bound to others. */
  readonly force: boolean;
  /** Unix seconds, by this machine's clock. */
  readonly now: () => number;
  readonly newId: () => string;
}

export interface Imported {
  /** What they are bound as. */
  readonly spec: Spec;
  /** That is what the file asked for when an apply was interrupted, and not what it asks for now. */
  readonly isOfThen: boolean;
  /** What was bound to the address before, and is nobody's now. */
  readonly released: readonly Id[];
  /** Other addresses, to which some of them were bound. */
  readonly takenFrom: readonly string[];
  /** Other states that have some of them bound as well, and still do. */
  readonly alsoIn: readonly string[];
}

/** Throws `import.*`, or an `ApiError` of the reads that it needs; nothing is recorded then. */
export async function importBatches(input: ImportInput): Promise<Imported> {
  const { desired, api, backend, lock, address, ids, force } = input;
  const state = await readOwn(backend, { name: desired.name, api: api.origin });
  const wanted = wantedAt(desired, address);
  const world = await lookAt(input, state, wanted);
  const batch = world.runs.find((run) => run.desired.address === address);
  if (batch === undefined) {
    const found = world.diagnostics.find((one) => one.address === address) ?? world.diagnostics[0];
    throw new FleetformError('import.template', found?.message ?? 'no such template', {
      hint: found?.hint ?? '`fleetform templates` lists those that there are.',
    });
  }
  const found = ids.map((id) => {
    const one = world.byId.get(id);
    if (one === undefined) throw noSuchBatch(id, api.origin, world);
    return one;
  });
  // An id that is none is that first of all, whoever owns what.
  const taken = ownerEdits(state, input);
  const alsoIn = otherOwners(input);
  const inDoubt = state?.intents.find((one) => one.address === address && one.digest !== batch.digest);
  const isOfThen = inDoubt !== undefined && isFormerRun(inDoubt.spec, batch, found, world);
  if (!force && !isOfThen) {
    for (const one of found) {
      checkLooksAlike(batch, one, world);
      checkNearest(wanted, one, state, world);
    }
  }
  const recorded = isOfThen
    ? inDoubt
    : { ...batch, preventCancel: batch.desired.preventCancel, notAfter: notAfterOf(batch) };
  const { phase } = lookAtBound(ids, world.byId, world.now, 'scheduled');
  const entry = { ...boundEntry(recorded, found, { createdAt: world.now, phase }), imported: true } as const;
  const begun = state ?? emptyState({ lineage: input.newId(), name: desired.name, api: api.origin });
  const settled = isOfThen ? [] : intentEdits(begun, batch, desired);
  const before = settled.some(({ kind }) => kind === 'rename') ? undefined : entryOf(state, address);
  const released = before?.batchIds.filter((id) => !ids.includes(id)) ?? [];
  const edits: Edit[] = [...taken, ...settled, { kind: 'bind', address, entry }];
  if (before !== undefined && released.length > 0) {
    // Whether it is still wanted is in question, as after `state rm`.
    const sight = sightWithout(begun, [{ ...before, batchIds: released }]);
    if (sight !== null) edits.push({ kind: 'sight', sight });
  }
  await openJournal(backend, lock, begun, state?.serial ?? null).record(edits);
  const takenFrom = taken.map((edit) => ('address' in edit ? edit.address : ''));
  return { spec: recorded.spec, isOfThen, released, takenFrom, alsoIn };
}

/**
 * What an interrupted apply left of the very same run, under a name that the file does not know, is told by this. If
 * the address is that of another create in doubt, names have shifted, and what was there goes on under the name that is
 * free now: nothing may be forgotten of it. Throws `import.in-doubt` where there is no such name.
 */
function intentEdits(
  { intents }: State,
  { digest, desired: { address } }: ResolvedBatch,
  { blocks }: Desired,
): Edit[] {
  const named = new Set(blocks.map((one) => one.address));
  const told = intents.filter((one) => one.digest === digest && !named.has(one.address));
  const drops = told.map(({ id }): Edit => ({ kind: 'drop-intent', id }));
  const other = intents.find((one) => one.address === address && one.digest !== digest);
  if (other === undefined) return drops;
  const free = told[0]?.address;
  if (free !== undefined) return [...drops, { kind: 'rename', names: new Map([[address, free]]) }];
  throw new FleetformError(
    'import.in-doubt',
    `an earlier apply may have created a batch for ${address} from an earlier version of the file, and it is not known whether it did`,
    {
      hint: `Check whether it exists: an import would leave it unmanaged. Then remove it from the state with \`fleetform state rm '${address}'\`, and import again.`,
    },
  );
}

function wantedAt({ blocks }: Desired, address: string): DesiredBlock {
  const parsed = parseOccurrence(address);
  const wanted = blocks.find((block) => block.address === (parsed?.base ?? address));
  if (wanted !== undefined && parsed === null && wanted.when.kind !== 'schedule') return wanted;
  if (wanted?.when.kind === 'schedule') {
    const { schedule, offset } = wanted.when;
    if (parsed !== null && isNamed(schedule, parsed.at)) {
      return { ...wanted, address, when: { kind: 'at', executeAt: parsed.at + offset } };
    }
    const message =
      parsed === null
        ? `${address} is a schedule: name one of its occurrences`
        : `the schedule of ${parsed.base} does not name ${rfc3339(parsed.at)}`;
    throw new FleetformError('import.unknown-address', message, {
      hint: `Such as ${wanted.address}@2026-12-01T03:30:00Z, a time that it names, in UTC.`,
    });
  }
  const known = blocks.map((block) => block.address);
  const its = known.filter((one) => covers(address, one));
  throw new FleetformError(
    'import.unknown-address',
    `the file has no batch with the address ${address}${its.length > 0 ? '' : didYouMean(address, known)}`,
    {
      hint:
        known.length === 0
          ? 'It has none.'
          : `${its.length > 0 ? `The block ${address}` : 'It'} has: ${listed(its.length > 0 ? its : known)}.`,
    },
  );
}

/**
 * What other addresses lose by it: what a person has bound, a person may bind otherwise, with --force. Throws
 * `import.bound` and `import.owned`.
 */
function ownerEdits(state: State | null, { address, ids, force }: ImportInput): Edit[] {
  const entry = entryOf(state, address);
  if (entry !== undefined && !force) {
    throw new FleetformError(
      'import.bound',
      `${address} is already bound to batch ${entry.batchIds.join(', ')}`,
      {
        hint: isDeepStrictEqual([...entry.batchIds].sort(), [...ids].sort())
          ? 'Nothing is left to do.'
          : 'To bind it to another batch instead, use --force.',
      },
    );
  }
  return Object.entries(state?.entries ?? {}).flatMap(([owner, other]): Edit[] => {
    const lost = owner === address ? [] : other.batchIds.filter((id) => ids.includes(id));
    if (lost.length === 0) return [];
    if (!force || other.imported !== true) {
      const hint =
        other.imported === true
          ? 'It was imported. To bind it here instead, use --force.'
          : `If that is wrong, remove it from the state first: \`fleetform state rm '${owner}'\`.`;
      throw new FleetformError('import.owned', `batch ${lost[0]} already belongs to ${owner}`, { hint });
    }
    const left = other.batchIds.filter((id) => !ids.includes(id));
    if (left.length === 0) return [{ kind: 'unbind', address: owner }];
    return [{ kind: 'bind', address: owner, entry: { ...other, batchIds: left } }];
  });
}

/** Of two states that own one batch, each would cancel it on its own. Throws `import.owned`. */
function otherOwners({ ids, owners, force }: ImportInput): string[] {
  const owned = ids.filter((id) => owners?.has(id));
  const names = [...new Set(owned.map((id) => owners?.get(id) ?? ''))];
  if (owned.length === 0 || force) return names;
  throw new FleetformError(
    'import.owned',
    `batch ${owned[0]} already belongs to the state of "${safeText(names[0] ?? '', 80)}"`,
    {
      hint: 'Nothing was bound: each of two states would change and cancel it on its own. To move it here, remove it from that file, and from its state with `fleetform state rm`, first. To bind it here as well, use --force.',
    },
  );
}

function noSuchBatch(id: Id, origin: string, { observation }: World): FleetformError {
  const newest = [...observation.batches].sort((one, other) => compareIds(other.id, one.id));
  const known = newest.map((one) => one.id);
  return new FleetformError('import.no-such-batch', `the API at ${origin} has no batch ${id}`, {
    hint:
      known.length === 0
        ? 'It lists none at all. Is it the right API, and the right key?'
        : `The newest that it lists: ${listed(known, 5)}. Is it the right API, and the right key? \`fleetform import --all\` writes a file of all that are live.`,
  });
}

/** The batches, a sample of their tasks, and what it takes to compare them with what is wanted. */
async function lookAt(
  { desired, api, ids, now }: ImportInput,
  state: State | null,
  wanted: DesiredBlock,
): Promise<World> {
  const alone = wantedAlone(wanted, desired);
  const worldOf = (observation: Observation) => {
    const meant = observation.batches.filter(({ id }) => ids.includes(id));
    const blocks = [wanted, ...nearerInTime(wanted, meant, desired.blocks)];
    return createWorld({
      desired: { ...alone, blocks },
      state,
      observation,
      now: observation.at,
      settle: 0,
      mode: 'normal',
      scope: WHOLE,
    });
  };
  const observation = await look(api, now, (seen) => {
    const world = worldOf(seen);
    const looks = new Map<Id, 'sample'>(ids.flatMap((id) => (world.byId.has(id) ? [[id, 'sample']] : [])));
    const then = state?.intents.filter((one) => one.address === wanted.address) ?? [];
    for (const { spec } of [...world.runs, ...then])
      for (const id of looks.keys()) compare(spec, world.byId.get(id)!, world);
    const unknown = ids.filter((id) => !world.byId.has(id) && !world.missing.has(id));
    return { ...world.asked, tasks: looks, batches: new Set(unknown) };
  });
  return worldOf(observation);
}

/** It looks like what an interrupted apply was to make there, and not like what the file asks for by now. */
function isFormerRun(
  then: Spec,
  { spec, desired }: ResolvedBatch,
  found: readonly ObservedBatch[],
  world: World,
): boolean {
  return found.every(
    (one) =>
      looksAlike(then, one, desired.startingDeadline, world) &&
      !looksAlike(spec, one, desired.startingDeadline, world),
  );
}

function looksAlike(spec: Spec, batch: ObservedBatch, lateness: number, world: World): boolean {
  return (
    compare(spec, batch, world).verdict !== 'no' && timeVerdict(spec.executeAt, batch, lateness) !== 'no'
  );
}

function checkLooksAlike({ spec, desired }: ResolvedBatch, batch: ObservedBatch, world: World): void {
  if (looksAlike(spec, batch, desired.startingDeadline, world)) return;
  const time = (seconds: number | null) => (seconds === null ? 'no time' : rfc3339(seconds));
  const about = `template ${batch.templateName ?? 'unknown'}, ${time(batch.executeAt)}, ${batch.numTasks} tasks`;
  throw new FleetformError(
    'import.unlike',
    `batch ${batch.id} (${about}) does not look like ${desired.address} ` +
      `(template ${spec.template.name}, ${time(spec.executeAt)}, ${desired.targetText})`,
    { hint: 'If it is the right one anyway, use --force.' },
  );
}
