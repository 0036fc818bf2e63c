/**
 * What others do at the same account: colleagues with batches of their own, hands on ours, and the game servers that
 * come and go. Each of them may happen between two applies or in the middle of one, at any request.
 *
 * Invariant: nobody makes the exact twin of a batch of ours while ours is in doubt (nobody could tell those apart),
 * or touches one of ours by hand while a request about it is under way.
 */
import {
  type Account,
  FLEETS,
  isLive,
  isOver,
  type MadeBatch,
  PAUSED,
  PENDING,
  type PostBody,
} from './account.ts';
import type { Dice } from './random.ts';
import { bodyOf, type Wish } from './wishes.ts';

export interface Street {
  readonly account: Account;
  readonly dice: Dice;
  /** Of the file as it stands. */
  readonly wishes: readonly Wish[];
  /** No write of ours is in doubt, and none is under way. */
  readonly isQuiet: boolean;
}

/** Does it, and returns what to tell of it; null: there is nothing to do it to. */
export type Deed = (street: Street) => string | null;

const make = ({ account }: Street, body: PostBody): string => {
  const batch = account.create(body, 'somebody');
  return `batch ${batch.id} by somebody else: ${batch.key}`;
};

const liveOfOurs = ({ account, dice }: Street): MadeBatch | null => {
  account.progress();
  const live = account.batches.filter((batch) => batch.by !== 'somebody' && isLive(batch));
  return live.length === 0 ? null : dice.pick(live);
};

export const PEOPLE: Readonly<Record<string, Deed>> = {
  "somebody's exact twin": (street) => {
    if (!street.isQuiet || street.wishes.length === 0) return null;
    const { block, target } = street.dice.pick(street.wishes);
    return make(street, bodyOf(block, target));
  },
  "somebody's batch on a part of the fleet": (street) => {
    const fleets = street.wishes.filter(({ target }) => target.kind === 'fleet');
    if (fleets.length === 0) return null;
    const { block, target } = street.dice.pick(fleets);
    const body = bodyOf(block, target);
    const server = street.dice.pick(street.account.serversOf(body));
    return make(street, {
      taskTemplateId: body.taskTemplateId,
      applicationInstanceIds: [server],
      ...(body.executeAt === undefined ? {} : { executeAt: body.executeAt }),
    });
  },
  "somebody's batch of another template": (street) => {
    if (street.wishes.length === 0) return null;
    const { block, target } = street.dice.pick(street.wishes);
    const body = bodyOf(block, target);
    const others = street.account.templates.filter(({ id }) => id !== body.taskTemplateId);
    const other = { ...body, taskTemplateId: street.dice.pick(others).id };
    const { now } = street.account.clock;
    return street.wishes.some((wish) => isLike(bodyOf(wish.block, wish.target), other, now))
      ? null
      : make(street, other);
  },
  "somebody's batch at another time": (street) => {
    const executeAt = Math.floor(street.account.clock.now) + 40_000 + street.dice.below(9000);
    const taskTemplateId = street.dice.pick(street.account.templates).id;
    const isNear = street.wishes.some((wish) => Math.abs((wish.executeAt ?? 0) - executeAt) < 1800);
    return isNear ? null : make(street, { taskTemplateId, fleetId: street.dice.pick(FLEETS), executeAt });
  },
  "a burst of 100 strangers' batches": ({ account, dice }) => {
    for (let i = 0; i < 100; i += 1) {
      const server = dice.pick(account.servers).id;
      account.create({ taskTemplateId: '22', applicationInstanceIds: [server] }, 'somebody');
    }
    return 'on one game server each';
  },
  'one of ours is cancelled by hand': (street) => {
    const batch = street.isQuiet ? liveOfOurs(street) : null;
    if (batch === null) return null;
    const open = batch.tasks.filter(({ code }) => !isOver(code));
    const taken = street.dice.chance(0.7) ? open : street.dice.some(open, 1);
    const done = taken.filter((task) => street.account.cancel(task, 'somebody'));
    return done.length === 0 ? null : `${done.length} of ${batch.tasks.length} tasks of batch ${batch.id}`;
  },
  'one of ours is paused or resumed by hand': (street) => {
    const batch = street.isQuiet ? liveOfOurs(street) : null;
    const open = batch?.tasks.filter(({ code }) => code === PENDING || code === PAUSED) ?? [];
    if (batch === null || open.length === 0) return null;
    for (const task of open) street.account.toggle(task, 'somebody');
    return `${open.length} of ${batch.tasks.length} tasks of batch ${batch.id}`;
  },
  'a game server is replaced': ({ account, dice }) => {
    const gone = dice.pick(account.servers);
    account.servers = account.servers.filter((one) => one !== gone);
    account.addServer(gone.fleetId);
    return `${gone.id.slice(-3)} in fleet ${gone.fleetId.slice(-1)}`;
  },
  'a fleet is scaled out': ({ account, dice }) => {
    const fleet = dice.pick(FLEETS);
    const more = dice.between(1, 8);
    for (let i = 0; i < more; i += 1) account.addServer(fleet);
    return `fleet ${fleet.slice(-1)} by ${more}`;
  },
  'a fleet is scaled in': ({ account, dice }) => {
    const fleet = dice.pick(FLEETS);
    const held = account.servers.filter(({ fleetId }) => fleetId === fleet);
    const gone = new Set(dice.some(held, dice.between(1, Math.max(1, held.length - 3))));
    if (held.length - gone.size < 3) return null;
    account.servers = account.servers.filter((one) => !gone.has(one));
    return `fleet ${fleet.slice(-1)} by ${gone.size}`;
  },
};

/** Also within a minute: by the contract that is the same run. And what runs at once is like what was due already. */
function isLike(one: PostBody, other: PostBody, now: number): boolean {
  const { executeAt: at = now, ...what } = one;
  const { executeAt: otherAt = now, ...otherWhat } = other;
  const isSameTime = Math.abs(Math.max(at, now) - Math.max(otherAt, now)) <= 60;
  return JSON.stringify(what) === JSON.stringify(otherWhat) && isSameTime;
}
