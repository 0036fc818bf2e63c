/**
 * What a person may do to the recorded state by hand: the rules of `state rm`, `mv` and `push`. Pure; each throws
 * `state.*`.
 */
import { covers, isAddress, movedAddress, wordsFor } from '../model/addresses.ts';
import { FleetformError } from '../model/errors.ts';
import { compareText } from '../model/ids.ts';
import { safeText } from '../model/safe-text.ts';
import type { State } from '../model/state.ts';
import { didYouMean, listed } from '../model/suggest.ts';

/**
 * The addresses that the words mean, in the state's order; a block's name means all of its. Throws
 * `state.unknown-address`.
 */
export function addressesIn(state: State | null, words: readonly string[]): string[] {
  const known = [...Object.keys(state?.entries ?? {}), ...(state?.intents ?? []).map((one) => one.address)];
  for (const word of words) {
    if (known.some((address) => covers(word, address))) continue;
    throw new FleetformError(
      'state.unknown-address',
      `the state has no address ${word}${didYouMean(word, wordsFor(known))}`,
      {
        hint:
          known.length === 0
            ? 'It has none at all.'
            : `It has: ${listed([...new Set(known)].sort(compareText))}.`,
      },
    );
  }
  const meant = known.filter((address) => words.some((word) => covers(word, address)));
  return [...new Set(meant)];
}

/**
 * Old name → new name of each address that `from` means. Throws `state.unknown-address`, `state.occupied` where one is
 * taken, and `state.unmoved` where there is nothing to move, or several addresses cannot become one.
 */
export function renamesOf(state: State | null, from: string, to: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const address of addressesIn(state, [from])) {
    const target = movedAddress({ from, to }, address);
    if (target === null || target === address) continue;
    if (state !== null && isKnown(state, target)) {
      throw new FleetformError('state.occupied', `the state already has an address ${target}`, {
        hint: 'Nothing was changed. Remove one of the two first: `fleetform state rm ADDRESS`.',
      });
    }
    names.set(address, target);
  }
  if (names.size > 0) return names;
  throw new FleetformError(
    'state.unmoved',
    `${from} cannot be moved to ${to}: several addresses, or the same one`,
    { hint: 'Nothing was changed. Name one address at both ends, or a block at both ends.' },
  );
}

/** Of any kind: what nobody sees, too. */
const HIDDEN = /\p{C}/u;

/**
 * What no file could name would be written out as it is: to terminals, to shells, into reports. Throws
 * `state.invalid`.
 */
export function checkAddresses({ entries, intents }: State): void {
  const addresses = [...Object.keys(entries), ...intents.map(({ address }) => address)];
  const wrong = addresses.find((address) => !isAddress(address) || HIDDEN.test(address));
  if (wrong === undefined) return;
  throw new FleetformError(
    'state.invalid',
    `the state has ${JSON.stringify(safeText(wrong, 80))}, which is not an address`,
    {
      hint: "Nothing was changed. An address is a block's name, or one of its batches, such as 'nightly[fleet:eu]'.",
    },
  );
}

/** A copy that is older than what is recorded has forgotten batches. Throws `state.other-lineage` and `state.older`. */
export function checkNewer(pushed: State, current: State): void {
  const hint = 'Nothing was changed. To replace it anyway, use --force.';
  if (pushed.lineage !== current.lineage) {
    throw new FleetformError(
      'state.other-lineage',
      `this state has the lineage ${pushed.lineage}, the recorded one ${current.lineage}: they are unrelated`,
      { hint },
    );
  }
  if (pushed.serial < current.serial) {
    throw new FleetformError(
      'state.older',
      `this state is older (serial ${pushed.serial}) than the recorded one (serial ${current.serial})`,
      { hint },
    );
  }
}

/** The serial grows with every write, whatever is written. */
export function nextAfter(before: State | null, state: State): State {
  return { ...state, serial: Math.max(state.serial, before?.serial ?? 0) + 1 };
}

function isKnown(state: State, address: string): boolean {
  return Object.hasOwn(state.entries, address) || state.intents.some((intent) => intent.address === address);
}
