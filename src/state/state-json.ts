/** State ↔ its JSON text. What is read is believed only after the schema has passed it. */
import { validateState } from '../generated/state.js';
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';

/** `source` names the text in errors. Throws `state.version` or `state.invalid`. */
export function parseState(text: string, source: string): State {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(source, 'it is not JSON', cause);
  }
  const { version } = (value ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version !== 1) {
    throw new FleetformError(
      'state.version',
      `${source} has version ${version}; this fleetform supports version 1`,
      {
        hint: 'Another release of fleetform wrote it: use that one, or a newer one.',
      },
    );
  }
  if (!validateState(value)) {
    const error = validateState.errors?.[0];
    throw invalid(source, `${error?.instancePath || '/'} ${error?.message ?? 'is invalid'}`);
  }
  return value as State;
}

export function stateToJson(state: State): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}

function invalid(source: string, why: string, cause?: unknown): FleetformError {
  return new FleetformError('state.invalid', `${source} is not a fleetform state: ${why}`, {
    hint:
      'Delete it there, then put back a copy: `fleetform state push FILE`. (Where the backend keeps older versions, ' +
      '`fleetform state history` lists them, and `state pull --serial N` prints one.) Without a state, a plan still finds what exists by evidence.',
    cause,
  });
}
