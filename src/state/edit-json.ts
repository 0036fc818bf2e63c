/** Edits ↔ plain JSON. What is read is believed only after the state that it makes has passed the schema. */
import type { Edit } from './edits.ts';
import { packSeen, unpackSeen } from './seen-lists.ts';

/** Ready for `JSON.stringify`. */
export function packEdits(edits: readonly Edit[]): unknown[] {
  return edits.map((edit) => {
    if (edit.kind === 'rename') return { ...edit, names: [...edit.names] };
    return edit.kind === 'intend' ? { kind: edit.kind, ...packSeen(edit.intents) } : edit;
  });
}

/** Throws where it is no edit that this fleetform knows. */
export function unpackEdits(values: readonly unknown[]): Edit[] {
  return values.map((value) => {
    const edit = value as { kind: string };
    if (!KINDS.has(edit.kind)) throw new Error(`it has an edit of the kind ${JSON.stringify(edit.kind)}`);
    if (edit.kind === 'rename') {
      return { kind: 'rename', names: new Map((value as { names: [string, string][] }).names) };
    }
    if (edit.kind === 'intend') {
      return { kind: 'intend', intents: unpackSeen(value as Parameters<typeof unpackSeen>[0]) };
    }
    return value as Edit;
  });
}

const ALL: Readonly<Record<Edit['kind'], true>> = {
  bind: true,
  unbind: true,
  rename: true,
  intend: true,
  sent: true,
  'drop-intent': true,
  note: true,
  replacing: true,
  sight: true,
  schedules: true,
};
const KINDS: ReadonlySet<string> = new Set(Object.keys(ALL));
