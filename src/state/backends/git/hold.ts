/**
 * The lock of a ref while this process holds it, and what it writes meanwhile.
 *
 * Invariant: one change of the ref at a time, each on top of the last one that is known to have been made. A push whose
 * answer got lost is remembered: if the ref turns out to be there, that is where we are.
 */
import { type LockHolder, lockLost } from '../../../lock/lock.ts';
import type { ProcessIdentity } from '../../../lock/process-identity.ts';
import type { State } from '../../../model/state.ts';
import { otherSerial } from '../../errors.ts';
import { parseState } from '../../state-json.ts';
import { type KeptLock, keptLock } from '../kept-lock.ts';
import { lockToText } from './lock-text.ts';
import { messageFor } from './message.ts';
import { type GitStore, lockOf } from './store.ts';
import { blobWith, commitWith, type Tip, textOf, tipAt } from './tip.ts';

export interface Hold {
  readonly lock: KeptLock;
  /** What the ref holds; null: this process is not the holder any more. */
  current(): Promise<Tip | null>;
  write(text: string, state: State, expectedSerial: number | null): Promise<void>;
}

/** A commit with the lock, on top of what was there before it. */
export async function drafted(
  { scratch, options }: GitStore,
  base: Tip | null,
  holder: LockHolder,
  self: ProcessIdentity,
  { stateBlob, message }: Pick<Tip, 'stateBlob' | 'message'>,
): Promise<Tip> {
  const lockBlob = await blobWith(scratch, lockToText(holder, self, (options.wall ?? Date.now)()));
  return commitWith(scratch, {
    parent: base?.commit ?? null,
    message,
    stateBlob,
    lockBlob,
    who: holder.who,
  });
}

export class Holding implements Hold {
  readonly lock: KeptLock;
  readonly #store: GitStore;
  readonly #base: Tip | null;
  readonly #holder: LockHolder;
  readonly #self: ProcessIdentity;
  #tip: Tip;
  /** What was pushed on top of it and not answered. */
  #doubted: Tip[] = [];
  /** Of the state that the tip holds; undefined: not looked at yet. */
  #serial: number | null | undefined;
  #pushedAt: number;
  #queue: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(
    store: GitStore,
    base: Tip | null,
    holder: LockHolder,
    self: ProcessIdentity,
    tip: Tip,
    onEnd: () => void,
  ) {
    this.#store = store;
    this.#base = base;
    this.#holder = holder;
    this.#self = self;
    this.#tip = tip;
    this.#pushedAt = store.options.monotonic();
    const keeper = {
      look: () => this.#inTurn(() => this.#look()),
      beat: () => this.#inTurn(() => this.#beat()),
      release: () =>
        this.#inTurn(() => this.#release()).finally(() => {
          this.#isOver = true;
          onEnd();
        }),
    };
    this.lock = keptLock(keeper, holder, store.location, store.options);
    this.lock.lost.addEventListener('abort', () => {
      this.#isOver = true;
      onEnd();
    });
  }

  current(): Promise<Tip | null> {
    return this.#inTurn(async () => {
      // Nobody else changes it; but a push of our own may have arrived without an answer.
      if (this.#doubted.length > 0 && !this.#isOver) {
        const why = await this.#look();
        if (why !== null) throw this.lock.lose(why);
      }
      return this.#isOver ? null : this.#tip;
    });
  }

  write(text: string, state: State, expectedSerial: number | null): Promise<void> {
    return this.#inTurn(async () => {
      const { scratch, location, options } = this.#store;
      if (this.lock.lost.aborted) throw this.lock.lost.reason;
      if (this.#isOver) throw lockLost(location, 'has been released');
      const since = options.monotonic();
      const serial = await this.#keptSerial();
      if (serial !== expectedSerial) throw otherSerial(location, serial, expectedSerial);
      const stateBlob = await blobWith(scratch, text);
      const message = messageFor(this.#holder, this.#holder.commit ?? scratch.head, state);
      const why = await this.#push({ stateBlob, message });
      if (why !== null) throw this.lock.lose(why);
      this.#serial = state.serial;
      this.lock.confirm(since);
    });
  }

  /** One after the other, whatever became of the one before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #keptSerial(): Promise<number | null> {
    const { scratch, location } = this.#store;
    const { stateBlob } = this.#tip;
    this.#serial ??=
      stateBlob === null ? null : parseState(await textOf(scratch, stateBlob), location).serial;
    return this.#serial;
  }

  /** Puts that on top, with a fresh sign of life. null: done; otherwise why this is not the holder any more. */
  async #push(draft: Pick<Tip, 'stateBlob' | 'message'>): Promise<string | null> {
    for (;;) {
      const next = await drafted(this.#store, this.#base, this.#holder, this.#self, draft);
      this.#doubted.push(next);
      if (await this.#store.remote.swap(this.#tip.commit, next.commit)) {
        this.#arrivedAt(next);
        return null;
      }
      const why = await this.#look();
      if (why !== null) return why;
    }
  }

  #arrivedAt(tip: Tip): void {
    if (tip.stateBlob !== this.#tip.stateBlob) this.#serial = undefined;
    this.#tip = tip;
    this.#doubted = [];
    this.#pushedAt = this.#store.options.monotonic();
  }

  async #look(): Promise<string | null> {
    const now = await this.#store.remote.look();
    if (now === this.#tip.commit) return null;
    const arrived = this.#doubted.find(({ commit }) => commit === now);
    if (arrived === undefined) return this.#whyLost(now);
    this.#arrivedAt(arrived);
    return null;
  }

  async #whyLost(now: string | null): Promise<string> {
    if (now === null) return 'is gone';
    const commit = await this.#store.remote.fetch(1).catch(() => null);
    const tip = commit === null ? null : await tipAt(this.#store.scratch, commit).catch(() => null);
    const other = await lockOf(this.#store, tip).catch(() => null);
    return other === null ? 'is locked by nobody any more' : `now belongs to ${other.record.who}`;
  }

  async #beat(): Promise<string | null> {
    const { monotonic, heartbeatMs } = this.#store.options;
    if (this.#isOver) return null;
    // What was written in the meantime was a sign of life, too.
    if (monotonic() - this.#pushedAt < heartbeatMs / 2) return this.#look();
    const { stateBlob, message } = this.#tip;
    return this.#push({ stateBlob, message });
  }

  /** Back to what was there before, or to the state that has been written, without the lock. */
  async #release(): Promise<void> {
    const { scratch, remote } = this.#store;
    for (;;) {
      const { stateBlob, message } = this.#tip;
      const isWritten = stateBlob !== (this.#base?.stateBlob ?? null);
      const to =
        this.#base !== null && !isWritten
          ? this.#base.commit
          : (
              await commitWith(scratch, {
                parent: this.#base?.commit ?? null,
                message,
                stateBlob,
                lockBlob: null,
                who: this.#holder.who,
              })
            ).commit;
      if (await remote.swap(this.#tip.commit, to)) return;
      // It is somebody else's by now, and left alone.
      if ((await this.#look()) !== null) return;
    }
  }
}
