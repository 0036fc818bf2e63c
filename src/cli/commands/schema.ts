/** `fleetform schema [NAME]`: the JSON Schemas, for editors and scripts. */
import applyEvents from '../../../schemas/apply-events.schema.json' with { type: 'json' };
import desiredState from '../../../schemas/desired-state.schema.json' with { type: 'json' };
import plan from '../../../schemas/plan.schema.json' with { type: 'json' };
import state from '../../../schemas/state.schema.json' with { type: 'json' };
import type { Session } from '../session.ts';

const SCHEMAS: Readonly<Record<string, object>> = {
  'desired-state': desiredState,
  plan,
  state,
  'apply-events': applyEvents,
};

/** `name` is one of those that the command line allows. */
export async function schema(session: Session, name: string): Promise<number> {
  session.printJson(SCHEMAS[name]);
  return 0;
}
