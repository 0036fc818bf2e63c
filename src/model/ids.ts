/**
 * Ids are decimal strings everywhere inside: fleets, regions and game servers have up to 19 digits, more than a
 * double holds. Only the request body turns some of them into what the API wants.
 */
export type Id = string;

/** Orders two decimal ids by value (no leading zeros), without going through a double. */
export function compareIds(a: Id, b: Id): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders by UTF-16 code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
