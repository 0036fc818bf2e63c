/** Taking the lock of a ref: one push, and what to make of it when it gets no answer, or a stop is asked for meanwhile. */
import { setMaxListeners } from 'node:events';
import type { LockHolder } from '../../../lock/lock.ts';
import { ownIdentity } from '../../../lock/process-identity.ts';
import { unreachable } from '../../errors.ts';
import { drafted, type Hold, Holding } from './hold.ts';
import type { RemoteRef } from './remote-ref.ts';
import type { GitStore } from './store.ts';
import { commitWith, type Tip } from './tip.ts';

/** null: another was faster. `base`: what the ref holds; null: it does not exist. */
export async function takeHold(
  store: GitStore,
  base: Tip | null,
  holder: LockHolder,
  onEnd: () => void,
  stop?: AbortSignal,
): Promise<Hold | null> {
  const self = await ownIdentity();
  const first = await drafted(store, base, holder, self, {
    stateBlob: base?.stateBlob ?? null,
    message: `${holder.operation}: locked\n`,
  });
  try {
    if (!(await store.remote.swap(base?.commit ?? null, first.commit))) return null;
  } catch (error) {
    if (!(await isTakenAfterAll(store, base, first))) throw error;
  }
  const hurry = soonAfter(stop, store.location);
  return new Holding({ ...store, remote: hurried(store.remote, hurry) }, base, holder, self, first, onEnd);
}

/** Milliseconds for what is under way when a stop is asked for, and for what is written down after it. */
const HURRY_MS = 10_000;

/** A runner that asks for a stop does not wait for minutes. */
function soonAfter(stop: AbortSignal | undefined, location: string): AbortSignal | undefined {
  if (stop === undefined) return undefined;
  const late = new AbortController();
  setMaxListeners(0, late.signal);
  const begin = () => {
    const why = unreachable(location, `no answer within ${HURRY_MS / 1000} s after the signal`);
    setTimeout(() => late.abort(why), HURRY_MS).unref();
  };
  stop.addEventListener('abort', begin, { once: true });
  return late.signal;
}

function hurried(remote: RemoteRef, hurry: AbortSignal | undefined): RemoteRef {
  return {
    ...remote,
    look: () => remote.look(hurry),
    fetch: (depth) => remote.fetch(depth, hurry),
    swap: (from, to) => remote.swap(from, to, hurry),
  };
}

/**
 * The push of the lock got no answer. Where it was not done, it may still be: another commit in its way keeps it from
 * being done later, when nobody would know of that lock.
 */
async function isTakenAfterAll(store: GitStore, base: Tip | null, first: Tip): Promise<boolean> {
  try {
    const now = await store.remote.look();
    if (now === first.commit) return true;
    if (now !== (base?.commit ?? null)) return false;
    const inItsWay = await commitWith(store.scratch, {
      parent: base?.commit ?? null,
      message: 'unlocked: a push of a lock got no answer\n',
      stateBlob: base?.stateBlob ?? null,
      lockBlob: null,
      who: 'fleetform',
    });
    return !(await store.remote.swap(now, inItsWay.commit)) && (await store.remote.look()) === first.commit;
  } catch {
    return false;
  }
}
