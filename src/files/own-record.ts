/**
 * What fleetform itself has written, recognised by its content: a record may have any name and be in any folder. Only
 * the keys of the outermost object are looked at, so that a record that is cut, or that has more than is read, is
 * known.
 */
import { decode } from './text.ts';

export interface OwnRecord {
  readonly kind: 'plan' | 'state' | 'sandbox' | 'lock' | 'events' | 'schema' | 'output';
  /** As in "is a saved plan". */
  readonly what: string;
}

interface Kind extends OwnRecord {
  /** All of them are in it. */
  readonly keys: readonly string[];
  /** No others are, but for these. */
  readonly optional?: readonly string[];
}

const OUTPUT = { kind: 'output', what: 'the --json output of a command' } as const;

const KINDS: readonly Kind[] = [
  { kind: 'plan', what: 'a saved plan', keys: ['formatVersion', 'fleetformVersion'] },
  { kind: 'state', what: 'a recorded state', keys: ['version', 'lineage', 'serial'] },
  { kind: 'state', what: 'the journal of a recorded state', keys: ['journal', 'lineage', 'after'] },
  {
    kind: 'sandbox',
    what: 'the data of a sandbox',
    keys: ['version', 'seed', 'clockOffset', 'batches'],
  },
  { kind: 'lock', what: 'a lock', keys: ['id', 'pid', 'host', 'operation'] },
  { kind: 'events', what: 'a list of events', keys: ['type', 'fleetform', 'ui'] },
  { kind: 'schema', what: 'a JSON Schema', keys: ['$schema', '$id', 'title'] },
  { ...OUTPUT, keys: ['valid', 'name', 'batches'], optional: ['files', 'diagnostics'] },
  { ...OUTPUT, keys: ['name', 'api', 'rows'], optional: ['unmanaged'] },
  { ...OUTPUT, keys: ['diagnostics'], optional: ['valid'] },
];

/** `bytes`: of a file, from its beginning. undefined: none of ours, or it has a mapping of batches, however wrong. */
export function ownRecordIn(bytes: Buffer): OwnRecord | undefined {
  // Also as PowerShell saves it; whether it can be read so is for those who want its text.
  const keys = outermostKeys(decode(bytes).whole);
  if (keys === null) return undefined;
  return KINDS.find(
    ({ keys: needed, optional }) =>
      needed.every((key) => keys.has(key)) &&
      (optional === undefined || [...keys].every((key) => needed.includes(key) || optional.includes(key))),
  );
}

/**
 * Of the first object that the text begins with, as far as it goes. null: it has `batches: {`, which is somebody's
 * wish. One pass: the text is anybody's.
 */
function outermostKeys(text: string): ReadonlySet<string> | null {
  const keys = new Set<string>();
  const begin = /^[\s\ufeff]*/.exec(text)?.[0].length ?? 0;
  if (text[begin] !== '{') return keys;
  let depth = 0;
  let last = '';
  for (let at = begin; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (depth === 1) last = text.slice(at, end + 1);
      at = end;
    } else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    else if (char === ':' && depth === 1) {
      const key = decoded(last);
      if (key === 'batches' && /^\s{0,100}\{/.test(text.slice(at + 1, at + 102))) return null;
      keys.add(key);
    }
    if (depth === 0) break;
  }
  return keys;
}

/** Where its closing quote is, or where the text ends. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function decoded(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
