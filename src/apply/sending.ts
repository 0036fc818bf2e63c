/**
 * When each create of an apply is sent: written down before it goes out, and not long before. What is not written down
 * was certainly not sent, so that after a crash only as many are in doubt as were about to go out.
 *
 * Invariant: `mark` resolves when the moment of sending is kept. A few that come next are marked together with it: where
 * the state is far away, one write for each would keep the requests waiting.
 */
import type { Id } from '../model/ids.ts';
import type { Intent } from '../model/state.ts';
import type { Edit } from '../state/edits.ts';
import type { ApplyContext } from './context.ts';
import { Room } from './room.ts';

/** So many next ones at most. */
const MOST_AHEAD = 8;
/** Seconds: a moment of sending that was written down so shortly before is near enough. */
const RECENT = 2;

export interface Sending {
  readonly room: Room;
  /** Right before its request, and also earlier: what was marked a moment ago is not marked again. */
  mark(ctx: ApplyContext, intent: Intent): Promise<void>;
  /** Right before it goes out; false: there is no room for it. */
  enter(ctx: ApplyContext, id: string): boolean;
  /** What certainly existed when it last went out; undefined: nothing is known. */
  follows(id: string): Id | undefined;
  /** To be recorded at once. `follows`: what certainly exists by then. Default: the newest that is known. */
  edit(ctx: ApplyContext, intents: readonly Intent[], follows?: Id): Edit;
}

/** `order`: those that need not wait for another, as they will be sent. `newest`: what was listed before all of them. */
export function sendingInOrder(order: readonly Intent[], newest: Id | null = null): Sending {
  const room = new Room();
  const places = new Map(order.map(({ id }, i) => [id, i]));
  const underWay = new Map<string, Promise<void>>();

  const followed = new Map<string, Id | undefined>();
  const newestBefore = (ctx: ApplyContext) => ctx.journal.lastBound() ?? newest ?? undefined;

  function edit(ctx: ApplyContext, intents: readonly Intent[], given?: Id): Edit {
    const follows = given ?? newestBefore(ctx);
    const ids = intents.map(({ id }) => id);
    return { kind: 'sent', intentIds: ids, ...sendingAt(ctx), ...(follows === undefined ? {} : { follows }) };
  }

  return {
    room,
    edit,
    enter(ctx, id) {
      const follows = newestBefore(ctx);
      followed.set(id, follows);
      return room.enter(id, follows !== undefined);
    },
    follows: (id) => followed.get(id),
    async mark(ctx, intent) {
      const { id } = intent;
      // Nothing is waited for between the look and what follows from it.
      for (let write = underWay.get(id); write !== undefined; write = underWay.get(id)) await write;
      if (isMarked(ctx, id)) return;
      const place = places.get(id);
      const next =
        place === undefined
          ? []
          : order.slice(place + 1, place + 1 + Math.min(MOST_AHEAD, ctx.api.parallelism));
      const some = [intent, ...next.filter((one) => ctx.journal.intent(one.id)?.sentAt === null)];
      const ids = some.map((one) => one.id);
      const write = ctx.journal.record(edit(ctx, some));
      for (const one of ids) underWay.set(one, write);
      try {
        await write;
      } finally {
        for (const one of ids) if (underWay.get(one) === write) underWay.delete(one);
      }
    },
  };
}

function isMarked({ journal, now }: ApplyContext, id: string): boolean {
  const at = journal.intent(id)?.sentAt ?? null;
  return at !== null && Math.floor(now()) - at <= RECENT;
}

/** When what is recorded now will be kept, and the request goes out: of a place far away that is not at once. */
function sendingAt({
  now,
  machineNow,
  journal,
}: Pick<ApplyContext, 'now' | 'machineNow' | 'journal'>): Pick<
  Extract<Edit, { kind: 'sent' }>,
  'at' | 'ahead'
> {
  const ahead = Math.round(now() - machineNow());
  return { at: Math.floor(now()) + journal.slowness(), ...(ahead === 0 ? {} : { ahead }) };
}
