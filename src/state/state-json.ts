/**
 * State ↔ its JSON text. What is read is believed only after the schema has passed it.
 *
 * A text of version 2 has what an older fleetform would pass over: a table of what intents had in sight, or a journal
 * beside it. Everything else is version 1, so that an older one can go on from it, and is told where it cannot.
 */
import { validateState } from '../generated/state.js';
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';
import { type PackedIntents, packSeen, unpackSeen } from './seen-lists.ts';

interface StateText extends Omit<State, 'version' | 'intents'>, PackedIntents {
  readonly version: 1 | 2;
  readonly journal?: string;
}

export interface KeptState {
  readonly state: State;
  /** The name of the file beside it that goes on from it; null: it is the whole state. */
  readonly journal: string | null;
}

/** `source` names the text in errors. Throws `state.version`, `state.invalid`, and `state.no-journal` where it is a part. */
export function parseState(text: string, source: string): State {
  const { state, journal } = parseKept(text, source);
  if (journal !== null) throw withoutJournal(source, journal);
  return state;
}

/** The same, of a text that may have a journal beside it. */
export function parseKept(text: string, source: string): KeptState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(source, 'it is not JSON', cause);
  }
  const { version } = (value ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version !== 1 && version !== 2) {
    throw new FleetformError(
      'state.version',
      `${source} has version ${version}; this fleetform supports versions 1 and 2`,
      {
        hint: 'Another release of fleetform wrote it: use that one, or a newer one.',
      },
    );
  }
  checkState(value, source);
  const { version: _, journal = null, sights, intents, ...rest } = value as StateText;
  try {
    const packed: PackedIntents = sights === undefined ? { intents } : { intents, sights };
    return { state: { version: 1, ...rest, intents: unpackSeen(packed) }, journal };
  } catch (cause) {
    throw invalid(source, (cause as Error).message, cause);
  }
}

/** Throws `state.invalid`. */
export function checkState(value: unknown, source: string): void {
  if (validateState(value)) return;
  const error = validateState.errors?.[0];
  throw invalid(source, `${error?.instancePath || '/'} ${error?.message ?? 'is invalid'}`);
}

/** One line for each address and each intent. `journal`: as in `KeptState`. */
export function stateToJson(state: State, journal: string | null = null): string {
  const { version: _, entries, intents, ...rest } = state;
  const packed = packSeen(intents);
  const isNew = journal !== null || packed.sights !== undefined;
  const head = { version: isNew ? 2 : 1, ...(journal === null ? {} : { journal }), ...rest };
  const parts = Object.entries(head)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, JSON.stringify(value)] as const);
  const lines = Object.entries(entries).map(
    ([address, entry]) => `    ${JSON.stringify(address)}: ${JSON.stringify(entry)}`,
  );
  const fields = [
    ...parts,
    ['entries', block('{', lines, '}')] as const,
    ...(packed.sights === undefined ? [] : [['sights', list(packed.sights)] as const]),
    ['intents', list(packed.intents)] as const,
  ];
  return `{\n${fields.map(([key, text]) => `  "${key}": ${text}`).join(',\n')}\n}\n`;
}

function list(values: readonly unknown[]): string {
  return block(
    '[',
    values.map((value) => `    ${JSON.stringify(value)}`),
    ']',
  );
}

function block(open: string, lines: readonly string[], close: string): string {
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n  ${close}`;
}

export function invalid(source: string, why: string, cause?: unknown): FleetformError {
  return new FleetformError('state.invalid', `${source} is not a fleetform state: ${why}`, {
    hint:
      'Delete it there, then put back a copy: `fleetform state push FILE`. (Where the backend keeps older versions, ' +
      '`fleetform state history` lists them, and `state pull --serial N` prints one.) Without a state, a plan still finds what exists by evidence.',
    cause,
  });
}

function withoutJournal(source: string, journal: string): FleetformError {
  return new FleetformError(
    'state.no-journal',
    `${source} is only a part of a state: an apply was recording, and what it recorded since is in ${journal} beside it`,
    {
      hint: 'Where both files are, `fleetform state pull` prints the whole; use that.',
    },
  );
}
