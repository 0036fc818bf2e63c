/**
 * The ids of new intents, as a caller's program makes them. What becomes of a create is recorded by its intent's id: two
 * of the same would be taken for each other, and one create for settled that is in doubt.
 */
import { FleetformError } from '../model/errors.ts';

/** `recorded`: the ids of the intents that there are. What it returns throws for an id that is none, or not a new one. */
export function intentIds(newId: () => unknown, recorded: Iterable<string>): () => string {
  const known = new Set(recorded);
  return () => {
    const id = newId();
    if (typeof id !== 'string' || id === '') throw noNewId('gave no text for an intent');
    if (known.has(id)) throw noNewId('gave the id of another intent again');
    known.add(id);
    return id;
  };
}

function noNewId(what: string): FleetformError {
  return new FleetformError('apply.no-new-id', `\`newId\` ${what}`, {
    hint: 'No create was sent. `newId` gives another id at each call: `randomUUID` of node:crypto does.',
  });
}
