/** `fleetform state rm|mv|push`: the record put right by hand, under its lock. No batch is touched. */
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { forgetEdits } from '../../apply/forget.ts';
import { readNamed } from '../../files/read-stream.ts';
import { RefusedFile, textIn } from '../../files/text.ts';
import { isAddress } from '../../model/addresses.ts';
import { FleetformError } from '../../model/errors.ts';
import { groupBy } from '../../model/group.ts';
import { entryOf, ownedBatches } from '../../model/recorded.ts';
import { safeText } from '../../model/safe-text.ts';
import type { State } from '../../model/state.ts';
import { someBatchesText } from '../../model/words.ts';
import { counted } from '../../render/phrases.ts';
import type { StateLock } from '../../state/backend.ts';
import { checkBelongs } from '../../state/belongs.ts';
import { addressesIn, checkAddresses, checkNewer, nextAfter, renamesOf } from '../../state/by-hand.ts';
import { edited } from '../../state/ledger.ts';
import { parseState } from '../../state/state-json.ts';
import { type LockFlags, locked } from '../locked.ts';
import { ownersAround } from '../owners.ts';
import { type Recorded, withRecorded } from '../recorded.ts';
import { type Session, usageError } from '../session.ts';
import { beforeAnything } from '../signals.ts';

export async function remove(session: Session, words: readonly string[], flags: LockFlags): Promise<number> {
  const removed = await lockedRecord(session, 'state rm', flags, async (recorded, lock) => {
    const state = await recorded.backend.read();
    const addresses = addressesIn(state, words);
    const batchesOf = (address: string) => entryOf(state, address)?.batchIds ?? [];
    const gone = addresses.map((address) => ({ address, batchIds: batchesOf(address) }));
    if (state !== null) await write(recorded, lock, edited(state, forgetEdits(state, addresses)), state);
    return gone;
  });
  if (session.flags.json === true) session.printJson({ removed });
  else {
    for (const { address, batchIds } of removed) {
      session.print(
        `Forgot ${safeText(address)}${batchIds.length === 0 ? '' : ` (batch ${batchIds.join(', ')})`}.\n`,
      );
    }
    session.remark(
      'The batches were not cancelled and are now unmanaged. If the file still asks for the same, a plan looks for them again: it adopts ' +
        'those that it recognises by template, time and game servers, and asks you about the rest.\n',
    );
  }
  return 0;
}

export async function move(session: Session, from: string, to: string, flags: LockFlags): Promise<number> {
  if (!isAddress(to)) {
    throw usageError(
      `"${to}" is not an address`,
      "Nothing was changed. An address is a block's name, or one of its batches, such as 'nightly[fleet:eu]'.",
    );
  }
  const moves = await lockedRecord(session, 'state mv', flags, async (recorded, lock) => {
    const state = await recorded.backend.read();
    const names = renamesOf(state, from, to);
    if (state !== null) await write(recorded, lock, edited(state, [{ kind: 'rename', names }]), state);
    return [...names].map(([old, fresh]) => ({ from: old, to: fresh }));
  });
  if (session.flags.json === true) session.printJson({ moved: moves });
  else for (const one of moves) session.print(`Moved ${safeText(one.from)} to ${safeText(one.to)}.\n`);
  return 0;
}

export async function push(
  session: Session,
  file: string,
  flags: LockFlags & { readonly force?: boolean },
): Promise<number> {
  const text = await beforeAnything(() => readPushed(session, file));
  const pushed = parseState(text, file === '-' ? 'the state on stdin' : file);
  const { name, written, others } = await withRecorded(session, async (recorded) => {
    const { desired, api, backend } = recorded;
    checkBelongs(pushed, { name: desired.name, api }, file);
    checkAddresses(pushed);
    const kept = await locked(session, backend, 'state push', flags, async (lock) => {
      const current = await backend.read();
      if (current !== null && flags.force !== true) checkNewer(pushed, current);
      return write(recorded, lock, pushed, current);
    });
    const around = await othersOf(pushed, recorded);
    return { name: desired.name, written: kept, others: around };
  });
  for (const text of others) session.warn(text);
  const { lineage, serial, entries } = written;
  if (session.flags.json === true)
    session.printJson({ lineage, serial, entries: Object.keys(entries).length });
  else {
    const count = counted(Object.keys(entries).length, 'address', 'addresses');
    session.print(`The state of ${name} is now serial ${serial}, with ${count}.\n`);
  }
  return 0;
}

/** Who else owns what the state that was pushed owns, a line each. It is written: nothing of this keeps it from that. */
async function othersOf(pushed: State, { desired, api, backend }: Recorded): Promise<string[]> {
  const owners = await ownersAround(desired.root, { name: desired.name, api }, backend).catch(() => null);
  if (owners === null) {
    return [
      'warning: a state in the same place cannot be read, so nobody knows whether it owns the same batches.\n',
    ];
  }
  const shared = groupBy(
    [...ownedBatches(pushed)].filter((id) => owners.has(id)),
    (id) => owners.get(id)!,
  );
  return [...shared].map(
    ([other, ids]) =>
      `warning: ${someBatchesText(ids)} ${ids.length === 1 ? 'is' : 'are'} bound in the state of "${safeText(other, 80)}", too: ` +
      `each of the two would change and cancel ${ids.length === 1 ? 'it' : 'them'} on its own.\n`,
  );
}

function lockedRecord<T>(
  session: Session,
  operation: string,
  flags: LockFlags,
  work: (recorded: Recorded, lock: StateLock) => Promise<T>,
): Promise<T> {
  return withRecorded(session, (recorded) =>
    locked(session, recorded.backend, operation, flags, (lock) => work(recorded, lock)),
  );
}

async function write(
  { backend }: Recorded,
  lock: StateLock,
  state: State,
  before: State | null,
): Promise<State> {
  const next = nextAfter(before, state);
  await backend.write(next, { lock, expectedSerial: before?.serial ?? null });
  return next;
}

const PULLED = 'Nothing was changed. It must be a state as `fleetform state pull` prints it.';

async function readPushed(session: Session, file: string): Promise<string> {
  if (file === '-') {
    const bytes = await buffer(session.world.stdin);
    try {
      return textIn(bytes);
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw error;
      throw new FleetformError('state.unreadable', `the state on stdin ${error.message}`, { hint: PULLED });
    }
  }
  return readNamed(resolve(session.cwd, file), (why) => {
    throw new FleetformError('state.unreadable', `the state ${file} ${why}`, { hint: PULLED });
  });
}
