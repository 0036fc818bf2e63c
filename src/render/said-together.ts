/**
 * Texts that tell the same of other batches → one that names them all. Pure.
 *
 * Invariant: it is made only where nothing but the batches differs; otherwise there is none.
 */

/** `batches 4004, 4005 and 4007 were cancelled outside fleetform before they ran`; null: they say different things. */
export function saidTogether(texts: readonly string[]): string | null {
  const [first] = texts;
  if (first === undefined) return null;
  if (texts.every((text) => text === first)) return first;
  const parts = texts.map((text) => ABOUT.exec(text)?.groups);
  const [one] = parts;
  if (one === undefined) return null;
  const isAlike = parts.every(
    (part) =>
      part?.before === one.before && plural(part?.verb) === plural(one.verb) && part?.after === one.after,
  );
  if (!isAlike) return null;
  const ids = [...new Set(parts.flatMap((part) => part!.ids!.split(', ')))];
  const after = one.after!.replace(/ before it (?=ran\b|runs\b)/, ' before they ');
  return `${one.before}batches ${named(ids)}${plural(one.verb)}${after}`;
}

const ABOUT =
  /^(?<before>[^"]*?)\bbatch(?:es)? (?<ids>\d+(?:, \d+)*)(?<verb> (?:was|were|is|are|has|have)\b)?(?<after>.*)$/s;
const PLURALS: Readonly<Record<string, string>> = { ' was': ' were', ' is': ' are', ' has': ' have' };
/** More do not help who reads; the rows of their batches have them. */
const NAMED = 20;

function plural(verb: string | undefined): string {
  return verb === undefined ? '' : (PLURALS[verb] ?? verb);
}

function named(ids: readonly string[]): string {
  const shown = ids.length > NAMED + 1 ? ids.slice(0, NAMED) : ids.slice(0, -1);
  const last = ids.length > NAMED + 1 ? `${ids.length - NAMED} more` : ids.at(-1);
  return shown.length === 0 ? `${last}` : `${shown.join(', ')} and ${last}`;
}
