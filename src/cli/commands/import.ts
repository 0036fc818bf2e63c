/** `fleetform import ADDRESS BATCHID…`: a person says which batches an address owns. */

import { importBatches } from '../../apply/import-batches.ts';
import type { Id } from '../../model/ids.ts';
import { safeText } from '../../model/safe-text.ts';
import { someBatchesText } from '../../model/words.ts';
import { withoutTraces } from '../import-traces.ts';
import { loadFile } from '../load-file.ts';
import { type LockFlags, locked } from '../locked.ts';
import { ownersAround } from '../owners.ts';
import { type Session, usageError } from '../session.ts';
import { openWorkspace } from '../workspace.ts';

export interface ImportFlags extends LockFlags {
  readonly force?: boolean;
}

export async function importCommand(
  session: Session,
  [address, ...ids]: readonly Id[],
  flags: ImportFlags,
): Promise<number> {
  if (address === undefined || ids.length === 0) {
    throw usageError(
      address === undefined ? "missing required argument 'address'" : "missing required argument 'batchid'",
      '`fleetform import ADDRESS BATCHID…` binds batches; `fleetform import --all` writes a file of all live ones.',
    );
  }
  const only = ['template', 'fleet', 'name'].find((flag) => Object.hasOwn(flags, flag));
  if (only !== undefined) {
    throw usageError(
      `--${only} goes with --all`,
      'Leave it out, or `fleetform import --all` writes a file of what it selects.',
    );
  }
  for (const id of ids) {
    if (!/^[1-9]\d{0,18}$/.test(id)) {
      throw usageError(
        `"${safeText(id, 80)}" is not a batch id`,
        'It is a number of 1 to 19 digits, without a leading 0. `fleetform plan` and `fleetform status` show those of the unmanaged batches; `fleetform import --all` writes a file of all that are live.',
      );
    }
  }
  if (new Set(ids).size < ids.length) throw usageError('a batch id is listed twice', 'Remove one of them.');
  const workspace = await openWorkspace(session, () => loadFile(session));
  try {
    const { backend, desired } = workspace;
    const force = flags.force === true;
    const owner = { name: desired.name, api: workspace.api.origin };
    const { spec, isOfThen, released, takenFrom, alsoIn } = await withoutTraces(desired.root, () =>
      locked(session, backend, 'import', flags, async (lock, stop) =>
        importBatches({
          ...workspace,
          api: workspace.api.stoppedBy(stop),
          lock,
          address,
          ids,
          owners: await ownersAround(desired.root, owner, backend).catch((error) => {
            if (!force) throw error;
            return new Map<Id, string>();
          }),
          force,
        }),
      ),
    );
    if (spec.params.length > 0)
      session.warn('warning: the API does not return params: they are assumed to match the file.\n');
    if (isOfThen) {
      session.remark(
        'It matches what an earlier apply asked for, and is bound as that: the next plan brings it in line with the file.\n',
      );
    }
    if (released.length > 0) {
      session.warn(
        `warning: it was bound to ${someBatchesText(released)} until now. That is not cancelled, and no plan will cancel it from now on.\n`,
      );
    }
    for (const other of takenFrom) {
      session.remark(
        `It was taken from ${other}: the next plan looks again for what that address asks for.\n`,
      );
    }
    for (const other of alsoIn) {
      session.warn(
        `warning: it is bound in the state of "${safeText(other, 80)}", too: each of the two would change and cancel it on its own.\n`,
      );
    }
    if (session.flags.json === true) session.printJson({ address, batchIds: ids, released, takenFrom });
    else session.print(`${safeText(address)} is bound to ${someBatchesText(ids)}.\n`);
    return 0;
  } finally {
    await workspace.close();
  }
}
