/**
 * State + edits → state. `edited` is pure; the `Ledger` is the same for whoever makes one edit after the other. Either
 * costs what is edited, not what is recorded: with thousands of addresses a copy for each change is minutes of work.
 *
 * Invariant: what is bound or in doubt at an address is never forgotten by an edit of another one: a rename that would is
 * refused.
 */
import { isDeepStrictEqual } from 'node:util';
import { FleetformError } from '../model/errors.ts';
import { renameMarks } from '../model/schedule-marks.ts';
import type { Intent, KnownSight, PastRun, State, StateEntry } from '../model/state.ts';
import type { Edit, NotedFields } from './edits.ts';
import { FormerBatches } from './former.ts';
import { OpenIntents } from './open-intents.ts';

/** The very same object when nothing changes. */
export function edited(state: State, edits: readonly Edit[]): State {
  if (edits.length === 0) return state;
  const ledger = new Ledger(state);
  return ledger.edit(edits) ? ledger.state() : state;
}

/** A state that changes in place. Reads never wait for a copy; `state()` makes one. */
export class Ledger {
  readonly #base: State;
  readonly #entries: Map<string, StateEntry>;
  readonly #intents: OpenIntents;
  #sight: KnownSight | undefined;
  #schedules: State['schedules'];
  readonly #ran: PastRun[];
  readonly #former: FormerBatches;
  /** Unix seconds: the newest moment at which anything was bound. */
  #latest = 0;

  constructor(base: State) {
    this.#base = base;
    this.#entries = new Map(Object.entries(base.entries));
    this.#intents = new OpenIntents(base.intents);
    this.#sight = base.sight;
    this.#schedules = base.schedules;
    this.#ran = [...(base.ran ?? [])];
    this.#former = new FormerBatches(base.former);
  }

  entry(address: string): StateEntry | undefined {
    return this.#entries.get(address);
  }

  intents(): readonly Intent[] {
    return this.#intents.all();
  }

  intent(id: string): Intent | undefined {
    return this.#intents.get(id);
  }

  /** With the serial that the ledger was opened with. */
  state(): State {
    const { sight: _, ran: __, schedules: ___, former: ____, ...base } = this.#base;
    const schedules = this.#schedules ?? {};
    const former = this.#former.newest(this.#entries.size);
    const ran = this.#ran.filter(({ notAfter }) => notAfter > this.#latest);
    return {
      ...base,
      // Unlike an assignment, this makes an own property of any name.
      entries: Object.fromEntries(this.#entries),
      intents: this.intents(),
      ...(this.#sight === undefined ? {} : { sight: this.#sight }),
      ...(ran.length === 0 ? {} : { ran }),
      ...(former.length === 0 ? {} : { former }),
      ...(Object.keys(schedules).length === 0 ? {} : { schedules }),
    };
  }

  /** Whether anything has changed. */
  edit(edits: readonly Edit[]): boolean {
    let hasChanged = false;
    for (const edit of edits) if (this.#edit(edit)) hasChanged = true;
    return hasChanged;
  }

  #edit(edit: Edit): boolean {
    switch (edit.kind) {
      case 'bind':
        return this.#bind(edit.address, edit.entry);
      case 'unbind': {
        const before = this.#deleteEntry(edit.address);
        if (before !== undefined && edit.isDone === true) this.#former.add(edit.address, before);
        return this.#intents.dropAt(edit.address) || before !== undefined;
      }
      case 'rename':
        return this.#rename(edit.names);
      case 'intend':
        for (const intent of edit.intents) {
          this.#intents.dropAt(intent.address);
          this.#intents.add(intent);
        }
        return edit.intents.length > 0;
      case 'sent':
        return this.#intents.sent(edit);
      case 'drop-intent':
        return this.#intents.drop(edit.id);
      case 'note':
        return this.#note(edit.address, edit.fields);
      case 'replacing':
        return this.#replacing(edit.address, edit.mark);
      case 'sight': {
        const isSame = this.#sight !== undefined && sameSight(this.#sight, edit.sight);
        this.#sight = edit.sight;
        return !isSame;
      }
      case 'schedules': {
        const isSame = isDeepStrictEqual(this.#schedules ?? {}, edit.marks);
        this.#schedules = edit.marks;
        return !isSame;
      }
    }
  }

  #bind(address: string, entry: StateEntry): boolean {
    const hadIntent = this.#intents.dropAt(address);
    const before = this.#entries.get(address);
    if (before === entry) return hadIntent;
    this.#latest = Math.max(this.#latest, entry.createdAt);
    if (before !== undefined && before.digest !== entry.digest) this.#remember(before, entry.createdAt);
    if (before !== undefined) this.#former.add(address, before);
    this.#former.owned(entry);
    this.#entries.set(address, entry);
    return true;
  }

  /** Its time has come, and the file may ask for it again: nothing else would tell, once the API has forgotten it. */
  #remember({ digest, batchIds, spec, phase, notAfter = null }: StateEntry, now: number): void {
    const mayHaveRun = spec.executeAt !== null && spec.executeAt <= now && phase !== 'cancelled';
    if (mayHaveRun && notAfter !== null && notAfter > now) this.#ran.push({ digest, batchIds, notAfter });
  }

  #rename(names: ReadonlyMap<string, string>): boolean {
    const moves = [...names].filter(([from, to]) => from !== to && this.#knows(from));
    const leaving = new Set(moves.map(([from]) => from));
    const taken = new Set<string>();
    for (const [from, to] of moves) {
      if (taken.has(to) || (!leaving.has(to) && this.#collides(from, to))) throw occupied(from, to);
      taken.add(to);
    }
    const lifted = moves.map(([from, to]) => {
      const entry = this.#entries.get(from);
      this.#entries.delete(from);
      return { to, entry };
    });
    for (const { to, entry } of lifted) if (entry !== undefined) this.#entries.set(to, entry);
    this.#intents.move(moves);
    if (moves.length > 0) this.#former.rename(names);
    if (this.#schedules !== undefined) this.#schedules = renameMarks(this.#schedules, names);
    return moves.length > 0;
  }

  #knows(address: string): boolean {
    return this.#entries.has(address) || this.#intents.isAt(address);
  }

  /** A batch may come to the address at which its successor is in doubt, and the other way round. */
  #collides(from: string, to: string): boolean {
    return (
      (this.#entries.has(from) && this.#entries.has(to)) ||
      (this.#intents.isAt(from) && this.#intents.isAt(to))
    );
  }

  #note(address: string, { isOver, ...fields }: NotedFields): boolean {
    const entry = this.#entries.get(address);
    if (entry === undefined) return false;
    const { over, ...others } = entry;
    const isSame =
      Object.entries(fields).every(([key, value]) => entry[key as keyof StateEntry] === value) &&
      (isOver === undefined || isOver === (over === true));
    if (isSame) return false;
    const stays = isOver ?? over === true;
    this.#entries.set(address, { ...others, ...fields, ...(stays ? { over: true } : {}) });
    return true;
  }

  #replacing(address: string, mark: NonNullable<StateEntry['replacing']> | null): boolean {
    const entry = this.#entries.get(address);
    if (entry === undefined || (entry.replacing === undefined) === (mark === null)) return false;
    const { replacing: _, ...others } = entry;
    this.#entries.set(address, mark === null ? others : { ...others, replacing: mark });
    return true;
  }

  #deleteEntry(address: string): StateEntry | undefined {
    const entry = this.#entries.get(address);
    this.#entries.delete(address);
    return entry;
  }
}

function sameSight(a: KnownSight, b: KnownSight): boolean {
  return a.newest === b.newest && SIGHT_LISTS.every((name) => sameList(a[name], b[name]));
}

const SIGHT_LISTS = ['ids', 'open', 'unsure'] as const;

function sameList(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

function occupied(from: string, to: string): FleetformError {
  return new FleetformError(
    'state.occupied',
    `${from} cannot be moved to ${to}: the state already has that address`,
    {
      hint: `Nothing was changed. Move it to another address, or move or remove that one first: \`fleetform state rm '${to}'\`.`,
    },
  );
}
