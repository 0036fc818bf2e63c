/** `fleetform import ADDRESS BATCHID…`: a person says which batches an address owns; the evidence is checked. */

import { batchPhase } from '../../model/batch-phase.ts';
import { FleetformError } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';
import { found } from '../../observe/found.ts';
import { observe } from '../../observe/observe.ts';
import { withTasks } from '../../observe/tasks.ts';
import { compare } from '../../plan/sameness/evidence.ts';
import { entryOf, ownedBatches } from '../../plan/sameness/settle.ts';
import { hasTimeOf } from '../../plan/sameness/times.ts';
import { type ResolvedBatch, resolveBatches } from '../../plan/world/spec.ts';
import { checkBelongs } from '../../state/belongs.ts';
import { openJournal } from '../../state/journal.ts';
import { bind, emptyState } from '../../state/transitions.ts';
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
    const spec = await locked(session, workspace.backend, 'import', flags, () =>
      bindBatches(workspace, address, ids, flags.force === true),
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
  const observation = await observe(api, {
    desired: { batches: wanted, claims: { templates: [] }, moved: [] },
    state: null,
    now: now(),
  });
  const { resolved, diagnostics } = resolveBatches(wanted, observation.templates);
  const batch = resolved[0];
  if (batch === undefined)
    throw new FleetformError('import.template', diagnostics[0]?.message ?? 'no such template');
  const owned = ownedBatches(state);
  const found = await Promise.all(
    ids.map(async (id) => {
      if (owned.has(id) && !entry?.batchIds.includes(id)) {
        throw new FleetformError('import.owned', `batch ${id} belongs to another address already`);
      }
      return readBatch(workspace, id, observation.templates);
    }),
  );
  for (const one of found) checkLooksAlike(batch, one, observation.inventory, force);
  const journal = openJournal(
    backend,
    state ?? emptyState({ lineage: newId(), name: desired.name, api: api.origin }),
  );
  const { spec, digest } = batch;
  const first = found[0];
  const phase = first === undefined ? 'scheduled' : batchPhase(first, now());
  const { preventCancel } = batch.desired;
  await journal.record((current) =>
    bind(current, { address, batchIds: ids, spec, digest, preventCancel, phase, createdAt: now() }),
  );
  return spec;
}

async function readBatch(
  { api }: Workspace,
  id: Id,
  templates: Parameters<typeof withTasks>[4],
): Promise<ObservedBatch> {
  const batch = await found(api.getBatch(id));
  if (batch === null) throw new FleetformError('import.no-such-batch', `the API knows no batch ${id}`);
  const [observed] = await withTasks(api, [batch], [], new Map([[id, 'sample' as const]]), templates);
  return observed!;
}

function checkLooksAlike(
  { spec, desired }: ResolvedBatch,
  batch: ObservedBatch,
  inventory: Parameters<typeof compare>[2],
  force: boolean,
): void {
  if (force) return;
  const isAlike = compare(spec, batch, inventory).verdict !== 'no';
  if (isAlike && (spec.executeAt === null || hasTimeOf(spec.executeAt, batch))) return;
  const about = `template ${batch.templateName ?? 'unknown'}, executeAt ${batch.executeAt ?? 'none'}, ${batch.numTasks} tasks`;
  throw new FleetformError(
    'import.unlike',
    `batch ${batch.id} (${about}) does not look like ${desired.address} ` +
      `(template ${spec.template.name}, executeAt ${spec.executeAt ?? 'none'}, ${desired.targetText})`,
    { hint: 'If it is the right one all the same, say so with --force.' },
  );
}
