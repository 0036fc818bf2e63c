/**
 * The state behind the protocol of Terraform's `http` backend: GitLab's managed states, and every server that is written
 * for it.
 *
 * The protocol has no compare-and-swap. Before each write the lock is looked at, and the write carries its id, which a
 * good server checks; the serial is read before the first write of a lock, and ever after a write that is in doubt.
 *
 * Invariant: no serial is sent twice with another content while the first may still be under way.
 */
import { describeHolder, type Env } from '../../../lock/holder.ts';
import { type HeldLock, type LockHolder, lockUnproven } from '../../../lock/lock.ts';
import { ownIdentity } from '../../../lock/process-identity.ts';
import type { HttpStateSettings } from '../../../model/desired.ts';
import type { StateBackend } from '../../backend.ts';
import { paceBy } from '../../pace.ts';
import { stateToJson } from '../../state-json.ts';
import { type KeptLock, type KeptLockOptions, keptLock } from '../kept-lock.ts';
import { refuseUnheld } from '../loss.ts';
import { givenBack, stillLocked } from '../lost-answer.ts';
import { type ClientOptions, createClient, mayBeDone } from './client.ts';
import { lockRequests } from './lock.ts';
import { doesNotLock, NamelessLock, refuseTooLarge, told } from './lock-errors.ts';
import { LOOK, type LockInfo, newLockInfo } from './lock-info.ts';
import { passwordIn } from './login.ts';
import { removeLock } from './remove-lock.ts';
import { readPlace } from './settings.ts';
import { newWriting, stateRequests, type Writing } from './state.ts';

export type HttpOptions = KeptLockOptions & ClientOptions;

const DEFAULTS: KeptLockOptions & Pick<ClientOptions, 'timeoutMs'> = {
  // Each of them is a request that is made for nothing else.
  heartbeatMs: 60_000,
  silentMs: 200_000,
  freshMs: 2_000,
  timeoutMs: 60_000,
  monotonic: () => performance.now(),
};

interface Hold {
  readonly kept: KeptLock;
  readonly writing: Writing;
  readonly look: () => Promise<string | null>;
}

/** Throws what is wrong with the settings; asks nothing yet. `know`: of `StatePlace`. */
export function openHttp(
  settings: HttpStateSettings,
  env: Env,
  know: (credential: string) => void,
  options: Partial<HttpOptions> = {},
): StateBackend {
  const place = readPlace(settings, env);
  const { location } = place;
  for (const { authorization } of [place.state, place.lock, place.unlock]) {
    if (authorization === null) continue;
    know(authorization.slice('Basic '.length));
    know(passwordIn(authorization));
  }
  const all: HttpOptions = { ...DEFAULTS, ...place.retries, ...options };
  const client = createClient(place, env, all);
  const states = stateRequests(place, client);
  const path = place.state.url.pathname;
  const newInfo = async (operation: string): Promise<LockInfo> =>
    newLockInfo(describeHolder(operation, env), await ownIdentity(), path);
  const locks = lockRequests(place, client, () => newInfo(LOOK));
  const holds = new Map<string, Hold>();

  async function take(operation: string, stop?: AbortSignal): Promise<HeldLock> {
    stop?.throwIfAborted();
    const holder = describeHolder(operation, env);
    const info = newLockInfo(holder, await ownIdentity(), path);
    const writing = newWriting(info.ID);
    const keeper = locks.keeper(info, () => {
      writing.serial = undefined;
    });
    const release = () =>
      keeper.release().catch((error) => {
        throw stillLocked(error, info.ID);
      });
    const asked = await locks.ask(info, stop).catch(async (error) => {
      throw mayBeDone(error) ? await givenBack(error, info.ID, () => keeper.release()) : error;
    });
    if (asked.is === 'held') throw told(asked.by.holder, location);
    if (asked.is === 'nameless') throw new NamelessLock(location, asked.mayBeOwn ? info.ID : null);
    if (stop?.aborted === true) {
      await release();
      stop.throwIfAborted();
    }
    // The next one must not get it, too: there are servers that answer whatever is asked with a yes.
    const why = await keeper.look().catch(async (error) => {
      throw await givenBack(error, info.ID, () => locks.unlock(info));
    });
    if (why !== null) throw doesNotLock(place, why);
    // GitLab names its own user, and others are told of that one.
    const who = asked.told?.id === info.ID ? asked.told.holder.who : holder.who;
    const self: LockHolder = { ...holder, id: info.ID, who };
    const kept = keptLock(keeper, self, location, all);
    holds.set(info.ID, { kept, writing, look: () => keeper.look() });
    return {
      ...kept,
      async release() {
        const hold = holds.get(info.ID);
        holds.delete(info.ID);
        // Whatever comes of it, the lock is given back.
        const trouble = await settled(hold).catch((error: unknown) => ({ error }));
        await kept.release().catch((error) => {
          throw stillLocked(error, info.ID);
        });
        if (trouble !== undefined) throw trouble.error;
      },
    };
  }

  function proofOf({ kept, look }: Hold): () => Promise<void> {
    return async () => {
      const lost = await look();
      if (lost !== null) throw kept.lose(lost);
    };
  }

  async function settled(hold: Hold | undefined): Promise<void> {
    if (hold !== undefined && !hold.kept.lost.aborted) await states.settle(hold.writing, proofOf(hold));
  }

  return {
    kind: 'http',
    location,
    pace: paceBy(all.monotonic),
    read: () => states.read(),
    async write(state, { lock, expectedSerial }) {
      const text = stateToJson(state);
      refuseTooLarge(text, location);
      const hold = holds.get(lock.holder.id);
      if (hold === undefined) return refuseUnheld(lock, location);
      hold.kept.lost.throwIfAborted();
      const before = all.monotonic();
      const why = await hold.look().catch((error) => {
        throw lockUnproven(location, error);
      });
      if (why !== null) throw hold.kept.lose(why);
      hold.kept.confirm(before);
      await states.write({ state, text, expectedSerial }, hold.writing, proofOf(hold));
    },
    lock: take,
    async inspectLock() {
      const found = await locks.look();
      if (found === null) return null;
      const holder = found.is === 'held' ? found.by.holder : new NamelessLock(location, null).holder;
      return { holder, silentSeconds: null };
    },
    forceUnlock: (id, isForced) => removeLock(locks, id, isForced, location),
    async close() {
      client.close();
    },
  };
}
