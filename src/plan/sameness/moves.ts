/**
 * The file's `moved` list → the state as if its entries had always had their new addresses. Everything else of a
 * plan works on that state, so a rename is no cancel-and-create, and what was in doubt stays in doubt.
 */
import type { Desired, MovedAddress } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import { compareText } from '../../model/ids.ts';
import type { Move } from '../../model/plan.ts';
import { renameMarks } from '../../model/schedule-marks.ts';
import type { Intent, State, StateEntry } from '../../model/state.ts';
import { Ways } from './ways.ts';

export interface Moved {
  readonly state: State;
  readonly moves: readonly Move[];
  readonly diagnostics: readonly Diagnostic[];
}

export function moveEntries(state: State, moved: Desired['moved']): Moved {
  const moves: Move[] = [];
  const diagnostics: Diagnostic[] = [];
  if (moved.length === 0) return { state, moves, diagnostics };
  const addresses = new Set([
    ...Object.keys(state.entries),
    ...state.intents.map((intent) => intent.address),
  ]);
  const ways = new Ways(moved);
  const names = new Map<string, string>();
  const reached = new Set<string>();
  for (const address of [...addresses].sort(compareText)) {
    const { to, last } = ways.from(address);
    if (to === address || last === undefined) continue;
    const stays = addresses.has(to) && ways.from(to).to === to;
    if (stays || reached.has(to)) diagnostics.push(taken(address, to, last));
    else {
      names.set(address, to);
      reached.add(to);
      moves.push({ from: address, to });
    }
  }
  return { state: renameAddresses(state, names), moves, diagnostics };
}

/** Also what an apply records of the moves that it was shown. */
export function renameAddresses(state: State, names: ReadonlyMap<string, string>): State {
  if (names.size === 0) return state;
  const marks = renameMarks(state.schedules ?? {}, names);
  const renamed = <T>(address: string, value: T): [string, T] => [names.get(address) ?? address, value];
  return {
    ...state,
    ...(state.schedules === undefined ? {} : { schedules: marks }),
    entries: Object.fromEntries(
      Object.entries(state.entries).map(([address, entry]): [string, StateEntry] => renamed(address, entry)),
    ),
    intents: state.intents.map(
      (intent): Intent => ({ ...intent, address: names.get(intent.address) ?? intent.address }),
    ),
  };
}

function taken(from: string, to: string, { range, snippet }: MovedAddress): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.moved-onto',
    message: `"${from}" cannot move to "${to}": the state knows batches of both`,
    hint: `If the batch of ${from} is no longer wanted, remove the move: it will then be cancelled. Otherwise, \`fleetform state rm\` one of them.`,
    address: to,
    range,
    snippet,
  };
}
