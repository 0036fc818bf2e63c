/** `fleetform import ADDRESS BATCHID…`: a person says which batches an address owns; the evidence is checked. */

import { batchPhase } from '../../model/batch-phase.ts';
import { FleetformError } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import type { Observation, ObservedBatch } from '../../model/observed.ts';
import { emptyState, entryOf, ownedBatches, stampsOf } from '../../model/recorded.ts';
import type { Spec } from '../../model/state.ts';
import { look } from '../../observe/observe.ts';
import { notAfterOf } from '../../plan/decide/changes.ts';
import { WHOLE } from '../../plan/review/selection.ts';
import { compare } from '../../plan/sameness/evidence.ts';
import { timeVerdict } from '../../plan/sameness/times.ts';
import type { ResolvedBatch } from '../../plan/world/spec.ts';
import { createWorld, type World } from '../../plan/world/world.ts';
import type { StateLock } from '../../state/backend.ts';
import { checkBelongs } from '../../state/belongs.ts';
import { openJournal } from '../../state/journal.ts';
import { type LockFlags, locked } from '../locked.ts';
import { type Session, usageError } from '../session.ts';
import { loadFile, openWorkspace, type Workspace } from '../workspace.ts';

export interface ImportFlags extends LockFlags {
  readonly force?: boolean;
}

export async function importBatches(
  session: Session,
  address: string,
  ids: readonly Id[],
  flags: ImportFlags,
): Promise<number> {
  for (const id of ids) if (!/^[1-9]\d{0,18}$/.test(id)) throw usageError(`"${id}" is not a batch id`);
  if (new Set(ids).size < ids.length) throw usageError('a batch id stands twice');
  const workspace = await openWorkspace(session, await loadFile(session));
  try {
    const spec = await locked(session, workspace.backend, 'import', flags, (lock) =>
      bindBatches(workspace, lock, address, ids, flags.force === true),
    );
    if (spec.params.length > 0)
      session.remark('The API does not tell params: they are taken to be those of the file.\n');
  } finally {
    workspace.close();
  }
  const text = `${address} is bound to ${ids.length === 1 ? 'batch' : 'batches'} ${ids.join(', ')}.\n`;
  if (session.flags.json === true) session.printJson({ address, batchIds: ids });
  else session.print(text);
  return 0;
}

async function bindBatches(
  workspace: Workspace,
  lock: StateLock,
  address: string,
  ids: readonly Id[],
  force: boolean,
): Promise<Spec> {
  const { desired, api, backend, now, newId } = workspace;
  const state = await backend.read();
  checkBelongs(state, { name: desired.name, api: api.origin }, backend.location);
  const wanted = desired.batches.filter((batch) => batch.address === address);
  if (wanted.length === 0) {
    throw new FleetformError('import.unknown-address', `the file has no batch with the address ${address}`, {
      hint: `Addresses in it: ${desired.batches
        .slice(0, 10)
        .map((batch) => batch.address)
        .join(', ')}.`,
    });
  }
  const entry = entryOf(state, address);
  if (entry !== undefined && !force) {
    throw new FleetformError(
      'import.bound',
      `${address} is bound to batch ${entry.batchIds.join(', ')} already`,
      {
        hint: 'To bind it to another one instead, say so with --force.',
      },
    );
  }
  const owned = ownedBatches(state);
  for (const id of ids) {
    if (owned.has(id) && !entry?.batchIds.includes(id)) {
      throw new FleetformError('import.owned', `batch ${id} belongs to another address already`);
    }
  }
  const about = { desired: { ...desired, batches: wanted, claims: { templates: [] } }, state };
  const worldOf = (observation: Observation) =>
    createWorld({ ...about, observation, now: observation.at, settle: 0, mode: 'normal', scope: WHOLE });
  const observation = await look(api, now, (seen) => {
    const world = worldOf(seen);
    const looks = new Map<Id, 'sample'>(ids.flatMap((id) => (world.byId.has(id) ? [[id, 'sample']] : [])));
    for (const { spec } of world.runs)
      for (const id of looks.keys()) compare(spec, world.byId.get(id)!, world);
    const unknown = ids.filter((id) => !world.byId.has(id) && !world.missing.has(id));
    return { ...world.asked, tasks: looks, batches: new Set(unknown) };
  });
  const world = worldOf(observation);
  const batch = world.runs[0];
  if (batch === undefined)
    throw new FleetformError('import.template', world.diagnostics[0]?.message ?? 'no such template');
  const found = ids.map((id) => {
    const one = world.byId.get(id);
    if (one === undefined) throw new FleetformError('import.no-such-batch', `the API knows no batch ${id}`);
    return one;
  });
  for (const one of found) checkLooksAlike(batch, one, world, force);
  const journal = openJournal(
    backend,
    lock,
    state ?? emptyState({ lineage: newId(), name: desired.name, api: api.origin }),
    state?.serial ?? null,
  );
  const { spec, digest } = batch;
  const first = found[0];
  const phase = first === undefined ? 'scheduled' : batchPhase(first, world.now);
  const stamps = stampsOf(found);
  const { preventCancel } = batch.desired;
  const bound = {
    batchIds: ids,
    spec,
    digest,
    createdAt: world.now,
    phase,
    preventCancel,
    notAfter: notAfterOf(batch),
    stamps,
    imported: true,
  } as const;
  await journal.record({ kind: 'bind', address, entry: bound });
  return spec;
}

function checkLooksAlike(
  { spec, desired }: ResolvedBatch,
  batch: ObservedBatch,
  world: World,
  force: boolean,
): void {
  if (force) return;
  const isAlike = compare(spec, batch, world).verdict !== 'no';
  if (isAlike && timeVerdict(spec.executeAt, batch, desired.startingDeadline) !== 'no') return;
  const about = `template ${batch.templateName ?? 'unknown'}, executeAt ${batch.executeAt ?? 'none'}, ${batch.numTasks} tasks`;
  throw new FleetformError(
    'import.unlike',
    `batch ${batch.id} (${about}) does not look like ${desired.address} ` +
      `(template ${spec.template.name}, executeAt ${spec.executeAt ?? 'none'}, ${desired.targetText})`,
    { hint: 'If it is the right one all the same, say so with --force.' },
  );
}
