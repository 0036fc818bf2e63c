/**
 * The troubles that every place has that keeps a state, and their codes: no address or a wrong one, another state than
 * expected, no answer, no permission, a refusal.
 */
import { FleetformError } from '../model/errors.ts';

export const NOTHING_OVERWRITTEN =
  'Nothing was overwritten. Run this again: it checks first and sends nothing twice.';

/** null: there is none. */
export function otherSerial(location: string, found: number | null, expected: number | null): FleetformError {
  const told = (one: number | null) => (one === null ? 'none' : `serial ${one}`);
  return new FleetformError(
    'state.serial',
    `${location} was changed by something else in the meantime: found ${told(found)}, expected ${told(expected)}`,
    { hint: NOTHING_OVERWRITTEN },
  );
}

/** `why`: safe to show. */
export function unreachable(location: string, why: string, hint?: string): FleetformError {
  return new FleetformError('state.unreachable', `${location} cannot be reached: ${why}`, {
    hint:
      hint ??
      'Check the network and the address, then run this again: it checks first and sends nothing twice.',
  });
}

/** `what`: where it is kept, and that no address is named. */
export function noAddress(what: string, hint: string): FleetformError {
  return new FleetformError('state.no-address', what, { hint });
}

/** `what` is wrong with which setting. */
export function badAddress(what: string, hint: string): FleetformError {
  return new FleetformError('state.bad-address', what, { hint });
}

/** `what`: any answer that none of the other troubles is about; safe to show. */
export function refused(what: string, hint: string): FleetformError {
  return new FleetformError('state.refused', what, { hint });
}

/** `why`: safe to show. */
export function denied(location: string, why: string, hint: string): FleetformError {
  return new FleetformError('state.denied', `${location} refuses access: ${why}`, { hint });
}
