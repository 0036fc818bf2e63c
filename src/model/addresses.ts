/** Addresses as people write them: `hotfix`, `nightly[fleet:eu]`. A block's name stands for all its addresses. */

const ADDRESS = /^[A-Za-z0-9][\w-]{0,63}(?:\[[^[\]\p{Cc}]{1,400}\])?$/u;

/** Could a file have it? The schema says the same of `moved`. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** The name of the block that an address belongs to. */
export function blockOf(address: string): string {
  const end = address.search(/[[@]/);
  return end === -1 ? address : address.slice(0, end);
}

/** Does `written`, an address or a block's name, mean that address? */
export function covers(written: string, address: string): boolean {
  return written === address || written === blockOf(address);
}

/** Is it a move of a whole block, with all the addresses that it has? */
export function movesBlocks({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return from === blockOf(from) && to === blockOf(to);
}

/**
 * Where a move takes that address; null: it isn't about it. From a block to a block all addresses of it move; with
 * an address at either end it is that one alone (a block that got targets, or lost them).
 */
export function movedAddress(
  move: { readonly from: string; readonly to: string },
  address: string,
): string | null {
  const { from, to } = move;
  if (from === address) return to;
  return movesBlocks(move) && covers(from, address) ? to + address.slice(from.length) : null;
}

/** Every word that means some of those addresses: they themselves, and their blocks' names. */
export function wordsFor(addresses: Iterable<string>): Set<string> {
  const all = [...addresses];
  return new Set([...all.map(blockOf), ...all]);
}

/** What --target names, less what --exclude does. */
export function isSelected(
  { targets, excludes }: { readonly targets: readonly string[]; readonly excludes: readonly string[] },
  address: string,
): boolean {
  if (excludes.some((one) => covers(one, address))) return false;
  return targets.length === 0 || targets.some((one) => covers(one, address));
}
