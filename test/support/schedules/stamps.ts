/** What the API writes on a batch that it makes, and when it shows it: as a bad day would. */
import type { PostBody, Stamps } from './account.ts';
import { LATEST, type Mischief } from './mischief.ts';

/** `now`: unix seconds. */
export function stampsOf(body: PostBody, mischief: Mischief, now: number): Partial<Stamps> {
  const late = (fault: 'lists lag' | 'single reads lag' | 'tasks filled in late', lag: number) =>
    mischief.strikes(fault) ? now + lag : now;
  const hidden = {
    lists: late('lists lag', mischief.listLag),
    single: late('single reads lag', mischief.singleLag),
    tasks: late('tasks filled in late', mischief.fillLag),
  };
  let createdAt = Math.floor(now);
  if (mischief.strikes('createdAt off')) {
    const off = mischief.dice.between(-LATEST, LATEST);
    createdAt += off;
    mischief.occurred('createdAt off', `${off} s`);
  }
  const executeAt = executeAtOf(body, mischief, now);
  return { createdAt, hidden, ...(executeAt === undefined ? {} : { executeAt }) };
}

function executeAtOf({ executeAt }: PostBody, mischief: Mischief, now: number): number | undefined {
  if (executeAt === undefined) return undefined;
  if (executeAt < now && mischief.strikes('executeAt restamped')) {
    mischief.occurred('executeAt restamped', `${Math.floor(now) - executeAt} s later`);
    return Math.floor(now);
  }
  const seconds = executeAt % 60;
  if (seconds === 0 || !mischief.strikes('executeAt rounded')) return executeAt;
  mischief.occurred('executeAt rounded', `${seconds} s earlier`);
  return executeAt - seconds;
}
