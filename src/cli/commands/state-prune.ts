/** `fleetform state prune`: what is long over and named by no block leaves the record, after a look at it. */
import { isEmpty, type Prune, pruned, pruneOf } from '../../apply/prune.ts';
import { FleetformError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import { counted } from '../../render/phrases.ts';
import { nextAfter } from '../../state/by-hand.ts';
import { askForApproval, canAsk } from '../approve.ts';
import { loadFile } from '../load-file.ts';
import { type LockFlags, locked } from '../locked.ts';
import { openStateOf } from '../open-state.ts';
import { apiOf } from '../recorded.ts';
import { type Session, usageError } from '../session.ts';

export interface PruneFlags extends LockFlags {
  /** Seconds. */
  readonly olderThan: number;
  readonly autoApprove?: boolean;
  readonly dryRun?: boolean;
}

const DAY = 86_400;
/** Days. Clocks, and what is late, are well within it. */
const YOUNGEST = 7;

export async function prune(session: Session, flags: PruneFlags): Promise<number> {
  if (flags.olderThan < YOUNGEST * DAY) {
    throw usageError(
      `--older-than is at least ${YOUNGEST}d: what is younger may still be asked for again`,
      `Nothing was removed. Give it ${YOUNGEST}d or more.`,
    );
  }
  const desired = await loadFile(session);
  const backend = await openStateOf(session, desired, apiOf(session, desired));
  try {
    if (flags.dryRun === true) {
      const state = await backend.read();
      const found = state === null ? NOTHING : pruneOf(state, desired, nowInSeconds(), flags.olderThan);
      tell(session, found, state?.serial ?? null, 'would');
      return 0;
    }
    return await locked(session, backend, 'state prune', flags, async (lock, stop) => {
      const state = await backend.read();
      const found = state === null ? NOTHING : pruneOf(state, desired, nowInSeconds(), flags.olderThan);
      if (state === null || isEmpty(found)) {
        tell(session, found, state?.serial ?? null, 'did');
        return 0;
      }
      if (flags.autoApprove !== true) {
        if (!canAsk(session)) throw notApproved();
        show(session, found, (text) => session.warn(text));
        const question = `Do you want fleetform to forget these for ever? No batch is touched.`;
        if (!(await askForApproval(session, question, stop))) return 1;
      }
      const next = nextAfter(state, pruned(state, found));
      await backend.write(next, { lock, expectedSerial: state.serial });
      tell(session, found, next.serial, 'did');
      return 0;
    });
  } finally {
    await backend.close();
  }
}

const NOTHING: Prune = { entries: [], schedules: [], ran: 0, kept: [], before: 0 };

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function tell(session: Session, found: Prune, serial: number | null, mode: 'would' | 'did'): void {
  if (session.flags.json === true) {
    const { entries, schedules, ran, kept } = found;
    session.printJson({ dryRun: mode === 'would', removed: { entries, schedules, ran }, kept, serial });
    return;
  }
  if (mode === 'would' || isEmpty(found)) show(session, found, (text) => session.print(text));
  const done = mode === 'would' ? 'Would be removed' : 'Removed';
  session.print(isEmpty(found) ? 'Nothing to remove.\n' : `${done}: ${countsOf(found)}.\n`);
}

function show(session: Session, { entries, schedules, kept }: Prune, print: (text: string) => void): void {
  for (const address of entries) print(`  - ${safeText(address, 200)}: it is over for good\n`);
  for (const address of schedules) print(`  - the mark of the schedule ${safeText(address, 200)}\n`);
  for (const { address, why } of kept) session.remark(`  stays: ${safeText(address, 200)}: ${why}\n`);
}

function countsOf({ entries, schedules, ran }: Prune): string {
  return [
    counted(entries.length, 'address', 'addresses'),
    counted(schedules.length, 'mark', 'marks of schedules'),
    counted(ran, 'earlier run'),
  ].join(', ');
}

function notApproved(): FleetformError {
  return new FleetformError('state.not-approved', 'cannot ask for approval: not a terminal', {
    hint: 'Nothing was done. Look at it with --dry-run, then run this again with --auto-approve.',
  });
}
