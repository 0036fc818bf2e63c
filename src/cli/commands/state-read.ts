/** `fleetform state list|show|pull`: what is recorded. Nothing is asked of the API, and nothing is locked. */
import { FleetformError } from '../../model/errors.ts';
import { compareText } from '../../model/ids.ts';
import { entryOf } from '../../model/recorded.ts';
import { safeText } from '../../model/safe-text.ts';
import { describeTargets } from '../../plan/world/targets.ts';
import { addressesIn } from '../../state/by-hand.ts';
import { stateToJson } from '../../state/state-json.ts';
import { readRecorded, withRecorded } from '../recorded.ts';
import type { Session } from '../session.ts';
import { historyOf } from '../state-history.ts';

export async function list(session: Session, words: readonly string[]): Promise<number> {
  const { state } = await readRecorded(session);
  const named = words.length === 0 ? Object.keys(state?.entries ?? {}) : addressesIn(state, words);
  // Of a schedule that is the order of time.
  const addresses = [...named].sort(compareText);
  if (session.flags.json === true) {
    session.printJson(
      addresses.map((address) => ({ address, batchIds: entryOf(state, address)?.batchIds ?? [] })),
    );
  } else session.print(addresses.map((address) => `${safeText(address)}\n`).join(''));
  return 0;
}

export async function showEntry(session: Session, word: string): Promise<number> {
  const { desired, state } = await readRecorded(session);
  const addresses = addressesIn(state, [word]);
  const entries = addresses.map((address) => ({
    address,
    entry: entryOf(state, address) ?? null,
    intent: state?.intents.find((one) => one.address === address) ?? null,
  }));
  if (session.flags.json === true) {
    session.printJson(entries);
    return 0;
  }
  const { renderEntry } = await import('../../render/state.ts');
  const view = {
    timezone: desired.timezone ?? session.localZone,
    color: session.outColor,
    width: session.width,
  };
  const texts = entries.map(({ address, entry, intent }) => {
    const spec = entry?.spec ?? intent?.spec;
    const target = spec === undefined ? '' : describeTargets(spec, desired.aliases);
    return renderEntry(address, entry, intent, target, view);
  });
  session.print(texts.join('\n'));
  return 0;
}

export interface PullFlags {
  /** Of an older version; the newest one otherwise. */
  readonly serial?: number;
}

export async function pull(session: Session, { serial }: PullFlags): Promise<number> {
  if (serial !== undefined) return pullOlder(session, serial);
  const { desired, state, location } = await readRecorded(session);
  if (state !== null) session.printJsonText(stateToJson(state));
  else {
    if (session.flags.json === true) session.printJson(null);
    session.remark(`No state exists yet for ${desired.name} (${safeText(location)}).\n`);
  }
  return 0;
}

async function pullOlder(session: Session, serial: number): Promise<number> {
  return withRecorded(session, async ({ backend }) => {
    const state = await historyOf(backend).at(serial);
    if (state === null) {
      throw new FleetformError(
        'state.no-version',
        `${backend.location} keeps no state with the serial ${serial}`,
        {
          hint: 'See `fleetform state history` for those that it keeps.',
        },
      );
    }
    session.printJsonText(stateToJson(state));
    return 0;
  });
}
