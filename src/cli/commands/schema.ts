/** `fleetform schema [NAME]`: the JSON Schemas, for editors and scripts. */
import desiredState from '../../../schemas/desired-state.schema.json' with { type: 'json' };
import plan from '../../../schemas/plan.schema.json' with { type: 'json' };
import state from '../../../schemas/state.schema.json' with { type: 'json' };
import { type Session, usageError } from '../session.ts';

const SCHEMAS: Readonly<Record<string, object>> = { 'desired-state': desiredState, plan, state };

export async function schema(session: Session, name: string): Promise<number> {
  const found = SCHEMAS[name];
  if (found === undefined) {
    throw usageError(`there is no schema "${name}"`, `There are: ${Object.keys(SCHEMAS).join(', ')}.`);
  }
  session.printJson(found);
  return 0;
}
