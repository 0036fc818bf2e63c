/**
 * The lock of the protocol: LOCK and UNLOCK, and the one question that it has no request for: who holds it?
 *
 * That is asked by asking for the lock with a fresh id. Whoever holds it is named in the refusal; who gets it gives it
 * back at once. (With the id of the holder itself, some servers would say yes whether it holds the lock or not.) A lock
 * of such a look is met by others for a moment: they ask again.
 *
 * Where a refusal names nobody, only this much can be told: that someone holds the lock. The holder's own id then
 * gets a yes from servers that let a holder in again. From the others nothing more is to be had, and the holder goes on:
 * a lock goes over to another by a person's hand alone, and each write carries the id and looks at the serial first.
 *
 * Invariant: what may have been granted although its answer was lost is asked for again, under the same id.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { TransportError } from '../../../api/errors.ts';
import type { ApiResponse } from '../../../api/port.ts';
import type { LockKeeper } from '../kept-lock.ts';
import { GONE, nowOf } from '../loss.ts';
import { type HttpClient, isDone, isPassing, isUndone, transportError, troubleOf } from './client.ts';
import { type AskedLock, holderIn, isLook, type LockInfo, type ToldHolder } from './lock-info.ts';
import { refusal } from './refusals.ts';
import type { HttpStatePlace } from './settings.ts';

export type Asked =
  | { readonly is: 'granted'; readonly told: ToldHolder | null }
  /** `serverMs`: now, by the clock of the server; NaN: it tells none. */
  | { readonly is: 'held'; readonly by: ToldHolder; readonly serverMs: number }
  /** `mayBeOwn`: an earlier answer to the same was lost. */
  | { readonly is: 'nameless'; readonly mayBeOwn: boolean };

export interface LockRequests {
  /** Throws `state.unreachable` and `state.denied`, and the reason of `stop`. */
  ask(info: AskedLock, stop?: AbortSignal): Promise<Asked>;
  /** Who holds it; null: nobody. */
  look(): Promise<Exclude<Asked, { is: 'granted' }> | null>;
  /** False: the server says that it is not that lock. */
  unlock(info: AskedLock): Promise<boolean>;
  /** Of a lock that was granted. `onDoubt`: another may have had it for a while, unseen. */
  keeper(info: LockInfo, onDoubt: () => void): LockKeeper;
}

/** A look of others lasts for two requests. */
const LOOK_MS = 100;
const LOOKS_MET = 30;

const LOCKED = new Set([409, 423]);
/** To an unlock: it is not there any more, or not that one. */
const NOT_THAT_LOCK = new Set([404, 409, 410, 412, 423]);

export function lockRequests(
  place: HttpStatePlace,
  client: HttpClient,
  newLook: () => Promise<LockInfo>,
): LockRequests {
  async function ask(info: AskedLock, stop?: AbortSignal): Promise<Asked> {
    for (let met = 1; ; met += 1) {
      const answer = await client.repeatedly(place.lock, JSON.stringify(info), stop);
      const told = holderIn(answer.body, info.Info);
      if (isDone(answer)) return { is: 'granted', told };
      if (!LOCKED.has(answer.status)) throw refusal(place, place.lock, answer);
      if (told === null) return { is: 'nameless', mayBeOwn: answer.isRepeated };
      if (told.id === info.ID) return { is: 'granted', told };
      if (!isLook(told.id) || met >= LOOKS_MET) {
        return { is: 'held', by: told, serverMs: Date.parse(answer.headers.date ?? '') };
      }
      await delay(LOOK_MS, undefined, stop === undefined ? {} : { signal: stop }).catch(() => {});
      stop?.throwIfAborted();
    }
  }

  async function unlock(info: AskedLock): Promise<boolean> {
    let isDoubtful = false;
    for (let tries = 1; ; tries += 1) {
      const answer = await client.once(place.unlock, JSON.stringify(info)).catch(transportError);
      if (!(answer instanceof TransportError) && !isPassing(answer)) {
        if (isDone(answer) || (isDoubtful && NOT_THAT_LOCK.has(answer.status))) return true;
        if (isOfAnother(answer)) return false;
        throw refusal(place, place.unlock, answer);
      }
      isDoubtful ||= !isUndone(answer);
      if (!(await client.pause(tries, answer))) throw troubleOf(place, place.unlock, answer);
      // Some servers unlock whatever id they are told: by now it may be the lock of the next one.
      if (isDoubtful && (await ask(info)).is === 'held') return true;
    }
  }

  async function look(): ReturnType<LockRequests['look']> {
    const info = await newLook();
    const asked = await ask(info);
    if (asked.is !== 'granted') return asked;
    await unlock(info);
    return null;
  }

  async function lookAsHolder(info: LockInfo, onDoubt = () => {}): Promise<string | null> {
    const found = await look();
    if (found === null) return GONE;
    if (found.is === 'held') {
      return found.by.id === info.ID ? null : nowOf(found.by.holder);
    }
    onDoubt();
    const again = await ask(info);
    return again.is === 'held' ? nowOf(again.by.holder) : null;
  }

  /** A look that is under way when the lock is given back would get it, and keep it if the process ends right then. */
  function keeper(info: LockInfo, onDoubt: () => void): LockKeeper {
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = <T>(request: () => Promise<T>): Promise<T> => {
      const next = last.then(request, request);
      last = next;
      return next;
    };
    const lookNow = () => inTurn(() => lookAsHolder(info, onDoubt));
    return {
      look: lookNow,
      // The protocol knows of no sign of life.
      beat: lookNow,
      release: () =>
        inTurn(async () => {
          // Some servers unlock whatever id they are told.
          if ((await lookAsHolder(info)) === null) await unlock(info);
        }),
    };
  }

  return { ask, look, unlock, keeper };
}

/** A wrong address answers with a 404, too: that is not said of the lock. */
function isOfAnother({ status }: ApiResponse): boolean {
  return status !== 404 && NOT_THAT_LOCK.has(status);
}
