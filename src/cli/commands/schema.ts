/** `fleetform schema [NAME]`: the JSON Schemas, for editors and scripts. */
import applyEvents from '../../../schemas/apply-events.schema.json' with { type: 'json' };
import desiredState from '../../../schemas/desired-state.schema.json' with { type: 'json' };
import notification from '../../../schemas/notification.schema.json' with { type: 'json' };
import plan from '../../../schemas/plan.schema.json' with { type: 'json' };
import state from '../../../schemas/state.schema.json' with { type: 'json' };
import { didYouMean } from '../../model/suggest.ts';
import { type Session, usageError } from '../session.ts';

const SCHEMAS: Readonly<Record<string, object>> = {
  'desired-state': desiredState,
  plan,
  state,
  'apply-events': applyEvents,
  notification,
};

/** Throws `cli.usage` for another name. */
export async function schema(session: Session, name: string): Promise<number> {
  const names = Object.keys(SCHEMAS);
  if (!names.includes(name)) {
    throw usageError(
      `there is no schema "${name}"${didYouMean(name, names)}`,
      `There are: ${names.join(', ')}.`,
    );
  }
  session.printJson(SCHEMAS[name]);
  return 0;
}
