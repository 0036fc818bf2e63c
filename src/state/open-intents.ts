/**
 * The creates in doubt, as a ledger has them. They are known by their id, and by the address that each is for.
 *
 * Invariant: their order is that of creation, whatever becomes of their addresses.
 */
import type { Intent } from '../model/state.ts';
import type { Edit } from './edits.ts';
import { SeenLists } from './seen-lists.ts';

export class OpenIntents {
  readonly #byId = new Map<string, Intent>();
  readonly #idsAt = new Map<string, Set<string>>();
  readonly #seen = new SeenLists();

  constructor(intents: readonly Intent[]) {
    for (const intent of intents) this.add(intent);
  }

  all(): readonly Intent[] {
    return [...this.#byId.values()];
  }

  get(id: string): Intent | undefined {
    return this.#byId.get(id);
  }

  isAt(address: string): boolean {
    return this.#idsAt.has(address);
  }

  add(intent: Intent): void {
    const seen = this.#seen.share(intent.seen);
    this.#byId.set(intent.id, seen === intent.seen ? intent : { ...intent, seen });
    const ids = this.#idsAt.get(intent.address);
    if (ids === undefined) this.#idsAt.set(intent.address, new Set([intent.id]));
    else ids.add(intent.id);
  }

  /** Whether there was one. */
  drop(id: string): boolean {
    const intent = this.#byId.get(id);
    if (intent === undefined) return false;
    this.#byId.delete(id);
    const ids = this.#idsAt.get(intent.address);
    ids?.delete(id);
    if (ids?.size === 0) this.#idsAt.delete(intent.address);
    return true;
  }

  /** Whether there was any. */
  dropAt(address: string): boolean {
    const ids = this.#idsAt.get(address);
    if (ids === undefined) return false;
    for (const id of ids) this.#byId.delete(id);
    return this.#idsAt.delete(address);
  }

  /** From → to, all at once. */
  move(moves: readonly (readonly [string, string])[]): void {
    const lifted = moves.map(([from, to]) => {
      const ids = this.#idsAt.get(from);
      this.#idsAt.delete(from);
      return { to, ids };
    });
    for (const { to, ids } of lifted) {
      if (ids === undefined) continue;
      this.#idsAt.set(to, ids);
      for (const id of ids) this.#byId.set(id, { ...this.#byId.get(id)!, address: to });
    }
  }

  /** Whether that tells anything new. */
  sent({ intentIds, at, ahead, follows }: Extract<Edit, { kind: 'sent' }>): boolean {
    let hasChanged = false;
    for (const id of intentIds) {
      const intent = this.#byId.get(id);
      if (intent === undefined) continue;
      if (intent.sentAt === at && intent.ahead === ahead && intent.follows === follows) continue;
      const { ahead: _, ...others } = intent;
      const known = {
        ...(ahead === undefined ? {} : { ahead }),
        ...(follows === undefined ? {} : { follows }),
      };
      this.#byId.set(id, { ...others, sentAt: at, ...known });
      hasChanged = true;
    }
    return hasChanged;
  }
}
