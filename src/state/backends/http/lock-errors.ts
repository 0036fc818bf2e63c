/** What is told of a lock that others hold, or that a server does not keep. */
import { LARGEST_ANSWER } from '../../../api/bounds.ts';
import { LockedError, type LockHolder, WAIT } from '../../../lock/lock.ts';
import { FleetformError } from '../../../model/errors.ts';
import { unknownHolder } from '../../../model/lock-holder.ts';
import { refused } from '../../errors.ts';
import { GITLAB_HINT } from './login.ts';
import type { HttpStatePlace } from './settings.ts';

export function told(holder: LockHolder, location: string): LockedError {
  return new LockedError(holder, null, location);
}

const NOBODY = unknownHolder('unknown', 'someone whom the server does not name');

/** The server says that the state is locked, and not by whom. */
export class NamelessLock extends LockedError {
  override readonly hint: string;

  /** `ownId`: of a lock that this process may have got all the same, because an answer was lost. */
  constructor(location: string, ownId: string | null) {
    super(NOBODY, null, location);
    this.hint =
      `Wait for it (${WAIT}). Only if its process is definitely gone, remove it at the server` +
      (ownId === null
        ? '.'
        : `. An answer was lost: if nobody else holds it, it is that of this run: \`fleetform force-unlock ${ownId} --force\`.`);
  }
}

export function namelessLock(id: string, location: string): FleetformError {
  return new FleetformError(
    'state.lock-alive',
    `${location} is locked, and the server does not say by whom: whether it is the lock ${id} cannot be told`,
    {
      hint:
        'Nothing was changed. If the process that holds it is definitely gone: ' +
        `\`fleetform force-unlock ${id} --force\` asks the server to remove that lock.`,
    },
  );
}

export function doesNotLock({ lock }: HttpStatePlace, why: string): FleetformError {
  return new FleetformError(
    'state.no-lock',
    `${lock.url.origin}${lock.url.pathname} does not keep a lock: right after it was granted, it ${why}`,
    {
      hint: `Nothing was changed. Check the addresses and methods of the lock: the server has to refuse a second ${lock.method} with 423 or 409. ${GITLAB_HINT}`,
    },
  );
}

/** What is larger would not be read again. */
export function refuseTooLarge(text: string, location: string): void {
  if (Buffer.byteLength(text) <= LARGEST_ANSWER) return;
  throw refused(
    `the state is larger than what is read of ${location}`,
    `The bound is ${LARGEST_ANSWER / 1024 / 1024} MB. Nothing was overwritten. Split the file: each \`name\` has a state of its own.`,
  );
}
