/**
 * The lists of what intents had in sight. An apply looks once, so thousands of its intents have the same list: in
 * memory it is one object, in a text it is in a table, and the intents say which one is theirs.
 */
import type { Id } from '../model/ids.ts';
import type { Intent } from '../model/state.ts';

/** An equal list is the same object. */
export class SeenLists {
  #last: readonly Id[] = [];
  /** By what tells most of them apart. */
  readonly #known = new Map<string, (readonly Id[])[]>();

  share(list: readonly Id[]): readonly Id[] {
    if (isSame(this.#last, list)) return this.#last;
    const key = `${list.length} ${list[0]} ${list.at(-1)}`;
    const alike = this.#known.get(key) ?? [];
    let shared = alike.find((one) => isSame(one, list));
    if (shared === undefined) {
      shared = list;
      this.#known.set(key, [...alike, list]);
    }
    this.#last = shared;
    return shared;
  }
}

export interface PackedIntents {
  readonly intents: readonly (Omit<Intent, 'seen'> & { readonly seen: readonly Id[] | number })[];
  /** Absent: no list is worth it. */
  readonly sights?: readonly (readonly Id[])[];
}

/** Only what several have is in the table: so what one intent alone has can be read by an older fleetform, too. */
export function packSeen(intents: readonly Intent[]): PackedIntents {
  const lists = new SeenLists();
  const counts = new Map<readonly Id[], number>();
  const seen = intents.map((intent) => lists.share(intent.seen));
  for (const list of seen) counts.set(list, (counts.get(list) ?? 0) + 1);
  const sights = [...counts].filter(([list, count]) => count > 1 && list.length > 1).map(([list]) => list);
  if (sights.length === 0) return { intents };
  const places = new Map(sights.map((list, at) => [list, at]));
  return {
    sights,
    intents: intents.map((intent, i) => ({ ...intent, seen: places.get(seen[i]!) ?? intent.seen })),
  };
}

/** Throws where an intent names a list that is not there. */
export function unpackSeen({ intents, sights = [] }: PackedIntents): Intent[] {
  const lists = new SeenLists();
  return intents.map((intent) => {
    const seen = typeof intent.seen === 'number' ? sights[intent.seen] : lists.share(intent.seen);
    if (seen === undefined) throw new Error(`the intent ${intent.id} names no list of \`sights\``);
    return { ...intent, seen };
  });
}

function isSame(a: readonly Id[], b: readonly Id[]): boolean {
  return a === b || (a.length === b.length && a.every((one, i) => one === b[i]));
}
