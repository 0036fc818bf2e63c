/** `fleetform state replace-api FROM TO`: the same API is reached at another URL from now on, and the state says so. */
import { parseApiUrl } from '../../api/origin.ts';
import { type Comparison, compareAccount } from '../../apply/same-account.ts';
import { FleetformError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import type { State } from '../../model/state.ts';
import { counted } from '../../render/phrases.ts';
import { nextAfter } from '../../state/by-hand.ts';
import { askForApproval, canAsk } from '../approve.ts';
import { loadFileSettings } from '../load-file.ts';
import { type LockFlags, locked } from '../locked.ts';
import { openStateOf } from '../open-state.ts';
import type { Session } from '../session.ts';
import { openWorkspace } from '../workspace.ts';

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
  const there: Session = { ...session, flags: { ...session.flags, apiUrl: to } };
  const workspace = await openWorkspace(there, () => loadFileSettings(session));
  try {
    const { desired, api } = workspace;
    const backend = await openStateOf(session, desired, null);
    try {
      return await locked(session, backend, 'state replace-api', flags, async (lock, stop) => {
        const state = await backend.read(stop);
        if (state?.api === api.origin) return tell(session, state, old, 'already');
        if (state === null || state.api !== old) throw otherApi(backend.location, state, old);
        const compared = await compareAccount(state, api.stoppedBy(stop));
        checkSame(compared, api.origin, flags.force === true);
        if (flags.autoApprove !== true) {
          if (!canAsk(session)) throw notApproved();
          const question = `Do you want the state of ${desired.name} to belong to ${api.origin}, not to ${old}? ${sameText(compared)}`;
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

/** Throws `state.other-account`. */
function checkSame({ same, others, unknown, hasLive }: Comparison, to: string, isForced: boolean): void {
  if (others.length > 0) {
    throw notTheSame(`at ${to}, batch ${others[0]} is not the one that the state knows`, NEVER);
  }
  if (same.length > 0) return;
  if (unknown.length > 0 && hasLive) {
    throw notTheSame(`${to} shows none of the batches that the state knows`, NEVER);
  }
  if (!isForced) throw notTheSame(`the state has nothing that could be compared with ${to}`, FORCE);
}

const NEVER =
  'Nothing was changed. It appears to be another account or another API: check the key and the URL. For another API, give the file another `name`.';
const FORCE = 'Nothing was changed. If it certainly is the same account, use --force.';

function notTheSame(message: string, hint: string): FleetformError {
  return new FleetformError('state.other-account', message, { hint });
}

function otherApi(location: string, state: State | null, from: string): FleetformError {
  const found = state === null ? 'there is no state' : `the state belongs to ${state.api}`;
  return new FleetformError('state.other-api', `${found} in ${safeText(location, 300)}, not one of ${from}`, {
    hint: 'Nothing was changed. `fleetform state pull` shows the `api` that it belongs to.',
  });
}

function sameText({ same }: Comparison): string {
  return same.length === 0
    ? 'Nothing could be compared.'
    : `${counted(same.length, 'batch', 'batches')} found there.`;
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
