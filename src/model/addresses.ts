/**
 * Addresses as people write them: `hotfix`, `nightly[fleet:eu]`, `nightly[fleet:eu]@2026-12-01T03:30:00Z` (one
 * occurrence of a schedule). A block's name stands for all its addresses.
 */
import { rfc3339 } from './words.ts';

const ADDRESS = /^[A-Za-z0-9][\w-]{0,63}(?:\[[^[\]\p{Cc}]{1,400}\])?$/u;

/** Could a batch of some file have it? (The file itself names no occurrence: its `moved` takes no times.) */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text) || parseOccurrence(text) !== null;
}

/** The name of the block that an address belongs to. */
export function blockOf(address: string): string {
  const end = address.search(/[[@]/);
  return end === -1 ? address : address.slice(0, end);
}

/** The address of one occurrence. It keeps the time that the schedule names; a spread moves the run, not the name. */
export function addressOf(base: string, at: number): string {
  return `${base}@${rfc3339(at)}`;
}

/** What `addressOf` was given; any other address as it is. */
export function baseOf(address: string): string {
  const end = address.lastIndexOf('@');
  // A target may hold an @ itself.
  return end > address.lastIndexOf(']') ? address.slice(0, end) : address;
}

/** As exactly as one name can be for all of them, of one block: the address, without its occurrence, or the block's. */
export function nameForAll(addresses: readonly string[]): string {
  const [first = ''] = addresses;
  const names = [first, baseOf(first)];
  const isFor = (name: string) => addresses.every((one) => one === name || baseOf(one) === name);
  return names.find(isFor) ?? blockOf(first);
}

/** What `addressOf` was made of; null: not the address of an occurrence, or not as `addressOf` writes it. */
export function parseOccurrence(address: string): { readonly base: string; readonly at: number } | null {
  // Behind the target, which may hold an @ itself.
  const match = /^([^@[]+(?:\[[^\]]*\])?)@(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(address);
  const [, base, time] = match ?? [];
  if (base === undefined || time === undefined || !ADDRESS.test(base)) return null;
  const at = Date.parse(time) / 1000;
  return Number.isInteger(at) && addressOf(base, at) === address ? { base, at } : null;
}

/** Does `written` (an address, that of a schedule for all its occurrences, or a block's name) mean that address? */
export function covers(written: string, address: string): boolean {
  if (written === address || written === blockOf(address)) return true;
  return address.startsWith(`${written}@`) && written === baseOf(address);
}

/** Is it a move of a whole block, with all the addresses that it has? */
export function movesBlocks({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return from === blockOf(from) && to === blockOf(to);
}

/**
 * Where a move takes that address; null: it isn't about it. From a block to a block all addresses of it move; with
 * an address at either end it is that one alone (a block that got targets, or lost them), with its occurrences.
 */
export function movedAddress(
  move: { readonly from: string; readonly to: string },
  address: string,
): string | null {
  const { from, to } = move;
  if (from === address) return to;
  const isTaken = movesBlocks(move)
    ? covers(from, address)
    : baseOf(address) === from && parseOccurrence(to) === null;
  return isTaken ? to + address.slice(from.length) : null;
}

/** Every word that means some of those addresses: they themselves, their schedules' and their blocks' names. */
export function wordsFor(addresses: Iterable<string>): Set<string> {
  const all = [...addresses];
  return new Set([...all.map(blockOf), ...all.map(baseOf), ...all]);
}

/** What --target names, less what --exclude does. */
export function isSelected(
  { targets, excludes }: { readonly targets: readonly string[]; readonly excludes: readonly string[] },
  address: string,
): boolean {
  if (excludes.some((one) => covers(one, address))) return false;
  return targets.length === 0 || targets.some((one) => covers(one, address));
}
