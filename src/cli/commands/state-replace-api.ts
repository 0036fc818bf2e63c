/** `fleetform state replace-api FROM TO`: the same API is reached at another URL from now on, and the state says so. */
import { ApiError } from '../../api/errors.ts';
import { parseApiUrl } from '../../api/origin.ts';
import type { FleetApi } from '../../api/port.ts';
import { type Comparison, compareAccounts, compareRecord } from '../../apply/same-account.ts';
import { newInPlan } from '../../apply/same-plan.ts';
import { FleetformError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import type { State } from '../../model/state.ts';
import { counted } from '../../render/phrases.ts';
import { nextAfter } from '../../state/by-hand.ts';
import { askForApproval, canAsk } from '../approve.ts';
import { loadFile } from '../load-file.ts';
import { type LockFlags, locked } from '../locked.ts';
import { openStateOf } from '../open-state.ts';
import { settleOf } from '../planning.ts';
import type { Session } from '../session.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

export interface ReplaceApiFlags extends LockFlags {
  readonly autoApprove?: boolean;
  readonly force?: boolean;
}

export async function replaceApi(
  session: Session,
  from: string,
  to: string,
  flags: ReplaceApiFlags,
): Promise<number> {
  const old = parseApiUrl(from);
  const workspace = await openWorkspace(at(session, to), () => loadFile(session));
  try {
    const { desired, api } = workspace;
    const backend = await openStateOf(session, desired, null);
    try {
      return await locked(session, backend, 'state replace-api', flags, async (lock, stop) => {
        const state = await backend.read(stop);
        if (state?.api === api.origin) return tell(session, state, old, 'already');
        if (state === null || state.api !== old) throw otherApi(backend.location, state, old);
        const proof = await prove(session, workspace, state, stop);
        check(proof, { from: old, to: api.origin, isForced: flags.force === true });
        if (flags.autoApprove !== true) {
          if (!canAsk(session)) throw notApproved();
          const question = `Do you want the state of ${desired.name} to belong to ${api.origin}, not to ${old}? ${sameText(proof)}`;
          if (!(await askForApproval(session, question, stop))) return 1;
        }
        const next = nextAfter(state, { ...state, api: api.origin });
        await backend.write(next, { lock, expectedSerial: state.serial });
        return tell(session, next, old, 'now');
      });
    } finally {
      await backend.close();
    }
  } finally {
    await workspace.close();
  }
}

interface Proof {
  readonly compared: Comparison;
  /** Why the old URL tells nothing; null: it was compared. */
  readonly silence: string | null;
  /** What the plan there does or asks that it does not at the old URL. */
  readonly news: string | null;
}

function at(session: Session, apiUrl: string): Session {
  return { ...session, flags: { ...session.flags, apiUrl } };
}

async function prove(
  session: Session,
  { desired, api, now }: Workspace,
  state: State,
  stop: AbortSignal,
): Promise<Proof> {
  const there = api.stoppedBy(stop);
  const before = await openWorkspace(at(session, state.api), async () => desired);
  try {
    const here = before.api.stoppedBy(stop);
    const silence = await silenceOf(here, stop);
    const both = silence === null ? await compareAccounts(state, here, there) : null;
    const compared = both ?? (await compareRecord(state, there, now()));
    const asking = { desired, state, now, settle: settleOf(session, {}, api) };
    const isKnownOther = compared.others.length > 0;
    return {
      compared,
      silence: both === null ? (silence ?? 'it shows no batch any more') : null,
      news: isKnownOther ? null : await newInPlan(asking, both === null ? null : here, there),
    };
  } finally {
    await before.close();
  }
}

/** Milliseconds for the old URL to show a sign of life. */
const PATIENCE = 10_000;

async function silenceOf(api: FleetApi, stop: AbortSignal): Promise<string | null> {
  try {
    await api.within(PATIENCE).listBatches();
    return null;
  } catch (error) {
    if (!(error instanceof ApiError) || stop.aborted) throw error;
    return error.message;
  }
}

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly isForced: boolean;
}

/** Throws `state.other-account`. */
function check({ compared, silence, news }: Proof, { from, to, isForced }: Asked): void {
  const [other] = compared.others;
  if (other !== undefined) {
    const { id, what } = other;
    const than = silence === null ? `at ${from}` : 'in the state';
    throw notTheSame(`at ${to}, batch ${id} is not the same as ${than}: ${what}`, NEVER);
  }
  if (news !== null) {
    const where = silence === null ? `, and not at ${from}` : '';
    throw notTheSame(`a plan at ${to} has what it must not have${where}: ${news}`, NEVER);
  }
  if (isForced) return;
  if (silence !== null) {
    const { same, unknown } = compared;
    const extent = `${same.length} of ${counted(same.length + unknown.length, 'batch', 'batches')}`;
    throw notTheSame(
      `${from} cannot be compared with ${to} (${silence}); of what the state remembers, ${extent} agree there, which another account with the same numbers could show as well`,
      FORCE,
    );
  }
  if (compared.same.length === 0)
    throw notTheSame(`there is nothing that could be compared with ${to}`, FORCE);
}

const NEVER =
  'Nothing was changed, and --force does not help. It appears to be another account or another API: check the key and the URL. For another API, give the file another `name`.';
const FORCE =
  "Nothing was changed. If it certainly is the same account (ask the provider), use --force: in another account, fleetform would take somebody else's batches for its own, and cancel them.";

function notTheSame(message: string, hint: string): FleetformError {
  return new FleetformError('state.other-account', message, { hint });
}

function otherApi(location: string, state: State | null, from: string): FleetformError {
  const found = state === null ? 'there is no state' : `the state belongs to ${state.api}`;
  return new FleetformError('state.other-api', `${found} in ${safeText(location, 300)}, not one of ${from}`, {
    hint: 'Nothing was changed. `fleetform state pull` shows the `api` that it belongs to.',
  });
}

function sameText({ compared: { same }, silence }: Proof): string {
  if (same.length === 0) return 'Nothing could be compared.';
  const batches = counted(same.length, 'batch is', 'batches are');
  return silence === null ? `${batches} the same at both.` : `${batches} there as the state remembers.`;
}

function tell(session: Session, state: State, from: string, how: 'now' | 'already'): number {
  const { api, serial, name } = state;
  if (session.flags.json === true) session.printJson({ from, to: api, serial, changed: how === 'now' });
  else {
    session.print(`The state of ${name} ${how === 'now' ? 'now belongs' : 'belongs already'} to ${api}.\n`);
    if (how === 'now') {
      session.remark(
        `Now set FLEETFORM_API_URL, or \`api\` in the file, to ${api}. Plans that were saved before are stale.\n`,
      );
    }
  }
  return 0;
}

function notApproved(): FleetformError {
  return new FleetformError('state.not-approved', 'cannot ask for approval: not a terminal', {
    hint: 'Nothing was done. Run this again with --auto-approve.',
  });
}
