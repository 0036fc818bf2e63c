/**
 * What the provider does: names change, old batches are forgotten, numbers are given a second time.
 *
 * Invariant: forgotten is only what is over and of which the engine has been told all. What ran unseen and was
 * forgotten then, nobody could know of.
 */
import { isLive } from './account.ts';
import type { Deed, Street } from './people.ts';

const forgettable = ({ account, isQuiet }: Street) => {
  account.progress();
  const longAgo = account.clock.now - 120;
  return isQuiet
    ? account.batches.filter((batch) => !batch.forgotten && !isLive(batch) && batch.madeAt < longAgo)
    : [];
};

export const FORGETTING: Readonly<Record<string, Deed>> = {
  'what is over is forgotten': (street) => {
    const over = forgettable(street);
    for (const batch of over) batch.forgotten = true;
    return over.length === 0 ? null : over.map(({ id }) => `batch ${id}`).join(', ');
  },
  'an id is given a second time': (street) => {
    const over = forgettable(street).filter(({ by }) => by !== 'somebody');
    if (over.length === 0) return null;
    const { account, dice } = street;
    const old = dice.pick(over);
    old.forgotten = true;
    account.spareIds.push(old.id);
    const executeAt = Math.floor(account.clock.now) + 30_000 + dice.below(999);
    const batch = account.create({ ...old.body, taskTemplateId: '22', executeAt }, 'somebody');
    return `${batch.id}, which was ${old.key}, is now somebody else's ${batch.key}`;
  },
};

export const RENAMING: Readonly<Record<string, Deed>> = {
  'a template is renamed': ({ account, dice }) => {
    const old = dice.pick(account.templates);
    const name = `${old.name} (new)`;
    account.templates = account.templates.map((one) => (one === old ? { ...one, name } : one));
    return `"${old.name}" is now "${name}"`;
  },
  'two templates of one name': ({ account, dice }) => {
    const { name } = dice.pick(account.templates);
    const id = String(31 + account.templates.length);
    account.templates = [...account.templates, { id, name }];
    return `a second "${name}", ${id}`;
  },
};
