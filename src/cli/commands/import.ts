/** `fleetform import ADDRESS BATCHID…`: a person says which batches an address owns. */

import { importBatches } from '../../apply/import-batches.ts';
import type { Id } from '../../model/ids.ts';
import { safeText } from '../../model/safe-text.ts';
import { someBatchesText } from '../../render/../model/words.ts';
import { loadFile } from '../load-file.ts';
import { type LockFlags, locked } from '../locked.ts';
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
  if (only !== undefined) throw usageError(`--${only} goes with --all`);
  for (const id of ids) if (!/^[1-9]\d{0,18}$/.test(id)) throw usageError(`"${id}" is not a batch id`);
  if (new Set(ids).size < ids.length) throw usageError('a batch id is listed twice');
  const workspace = await openWorkspace(session, () => loadFile(session));
  try {
    const { backend } = workspace;
    const { spec, isOfThen, released, takenFrom } = await locked(
      session,
      backend,
      'import',
      flags,
      (lock, stop) =>
        importBatches({
          ...workspace,
          api: workspace.api.stoppedBy(stop),
          lock,
          address,
          ids,
          force: flags.force === true,
        }),
    );
    if (spec.params.length > 0)
      session.remark('The API does not return params: they are assumed to match the file.\n');
    if (isOfThen) {
      session.remark(
        'It matches what the file asked for when an apply was interrupted, and is bound as that: the next plan brings it in line with the file.\n',
      );
    }
    if (released.length > 0) {
      session.remark(
        `It was bound to ${someBatchesText(released)} until now. That is not cancelled, and no plan will cancel it from now on.\n`,
      );
    }
    for (const other of takenFrom) {
      session.remark(
        `It was taken from ${other}: the next plan looks again for what that address asks for.\n`,
      );
    }
    if (session.flags.json === true) session.printJson({ address, batchIds: ids, released, takenFrom });
    else session.print(`${safeText(address)} is bound to ${someBatchesText(ids)}.\n`);
    return 0;
  } finally {
    await workspace.close();
  }
}
