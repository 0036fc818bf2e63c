/**
 * The state in a ref of the repository that the file is in: no infrastructure at all.
 *
 * Invariants: see tip.ts for what the ref holds. Everything that changes the ref goes out in turn, each on top of the
 * one before; so of two processes whose lock, write, sign of life or release meet, one finds that it came too late.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describeHolder, type Env } from '../../../lock/holder.ts';
import { LockedError, lockAlive, lockLost, noSuchLock } from '../../../lock/lock.ts';
import { refuseAlive } from '../../../lock/may-remove.ts';
import type { State } from '../../../model/state.ts';
import type { StateBackend, StateLock, WriteProof } from '../../backend.ts';
import { paceBy } from '../../pace.ts';
import { parseState, stateToJson } from '../../state-json.ts';
import type { KeptLockOptions } from '../kept-lock.ts';
import { gitHistory, gitLocks, gitSiblings } from './history.ts';
import type { Hold } from './hold.ts';
import type { LockText } from './lock-text.ts';
import { remoteRef } from './remote-ref.ts';
import { openScratch } from './scratch.ts';
import { type GitStore, inspectionOf, lockOf, silence, tipNow } from './store.ts';
import { takeHold } from './take-hold.ts';
import { commitWith, type Tip, textOf, tipAt } from './tip.ts';

export interface GitPlace {
  /** Of the checkout, or a folder in it. */
  readonly folder: string;
  readonly remote: string;
  readonly ref: string;
  readonly env: Env;
  readonly know: (credential: string | null | undefined) => void;
}

/** A sign of life is a push: so they are rare, and a push of the state is one, too. */
const DEFAULTS: KeptLockOptions = {
  heartbeatMs: 60_000,
  silentMs: 200_000,
  freshMs: 2000,
  monotonic: () => performance.now(),
};

export function gitBackend(place: GitPlace, given: Partial<KeptLockOptions> = {}): StateBackend {
  const { folder, remote, ref, env, know } = place;
  const location = `${ref} of ${remote}`;
  const options = { ...DEFAULTS, ...given };
  let opening: Promise<GitStore> | null = null;
  let hold: Hold | null = null;

  function open(): Promise<GitStore> {
    opening ??= openScratch({ folder, remote, env, know }).then(
      (scratch) => ({
        scratch,
        remote: remoteRef(scratch, { remote, ref, location, sleep: delay, random: Math.random }),
        location,
        options,
      }),
      (error) => {
        opening = null;
        throw error;
      },
    );
    return opening;
  }

  return {
    kind: 'git',
    location,
    pace: paceBy(options.monotonic),
    async read(stop) {
      const store = await open();
      const tip = (await hold?.current()) ?? (await tipNow(store, 1, stop));
      return tip === null || tip.stateBlob === null
        ? null
        : parseState(await textOf(store.scratch, tip.stateBlob), location);
    },
    async write(state: State, { lock, expectedSerial }: WriteProof) {
      if (hold === null || hold.lock.holder.id !== lock.holder.id) {
        await lock.prove();
        throw lockLost(location, 'is not held by this process');
      }
      await hold.write(stateToJson(state), state, expectedSerial);
    },
    async lock(operation, stop) {
      stop?.throwIfAborted();
      const store = await open();
      const holder = { id: randomUUID(), ...describeHolder(operation, env) };
      for (;;) {
        const tip = await tipNow(store, 1, stop);
        const found = await lockOf(store, tip);
        if (found !== null) throw new LockedError(found.record, silence(found), location);
        const onEnd = () => {
          hold = null;
        };
        const taken = await takeHold(store, tip, holder, onEnd, stop);
        if (taken === null) continue;
        if (stop?.aborted) {
          await taken.lock.release();
          throw stop.reason;
        }
        hold = taken;
        return taken.lock satisfies StateLock;
      }
    },
    async inspectLock() {
      const store = await open();
      return inspectionOf(await lockOf(store, await tipNow(store, 1)));
    },
    async forceUnlock(id, isForced) {
      const store = await open();
      for (;;) {
        // With the one before it, to tell whether anything has been written since.
        const tip = await tipNow(store, 2);
        const found = await lockOf(store, tip);
        if (tip === null || found === null || found.record.id !== id) {
          throw noSuchLock(id, found?.record ?? null);
        }
        if (!isForced) await refuseLiving(store, tip, found);
        if (await store.remote.swap(tip.commit, await unlocked(store, tip))) return found.record;
      }
    },
    history: gitHistory(open),
    locks: gitLocks(open),
    siblings: gitSiblings(open, remote, ref),
    async close() {
      if (opening !== null) await (await opening.catch(() => null))?.scratch.close();
    },
  };
}

/**
 * Its last sign of life is dated by the holder's clock, which may be wrong: so a silence that it tells of is watched for
 * as long as a holder that lives would take to show another one.
 */
async function refuseLiving({ remote, options }: GitStore, tip: Tip, found: LockText): Promise<void> {
  const { record: holder } = found;
  const seconds = silence(found);
  const silentMs = seconds === null ? null : seconds * 1000;
  const suspect = { holder, identity: holder, silentMs, limitMs: options.silentMs, showsLife: true };
  if ((await refuseAlive(suspect)) === 'gone') return;
  const watchMs = options.heartbeatMs * 1.25;
  for (let watched = 0; watched < watchMs; watched += WATCH_MS) {
    await delay(Math.min(WATCH_MS, watchMs - watched));
    if ((await remote.look()) !== tip.commit) throw lockAlive(holder, 0);
  }
}

const WATCH_MS = 5000;

/** The commit that is left when the lock is taken out of it: the one before, where no state has been written since. */
async function unlocked({ scratch }: GitStore, tip: Tip): Promise<string> {
  const { parent, message, stateBlob } = tip;
  const before = parent === null ? null : await tipAt(scratch, parent);
  if (before !== null && before.stateBlob === stateBlob && before.lockBlob === null) return before.commit;
  const who = /^Who: (.*)$/m.exec(message)?.[1] ?? 'fleetform';
  return (await commitWith(scratch, { parent, message, stateBlob, lockBlob: null, who })).commit;
}
