/**
 * Several files → one set of sections. Named things (batches, variables, aliases) come together, and a name twice
 * is an error that names both places; claims are concatenated; everything else may be set once, or must be equal.
 */
import type { ParsedFile } from './parse.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import { type Entry, entryOf, type ScalarNode, type SourceFile, type SourceNode } from './source.ts';
import { plain } from './validate.ts';

const NAMED = ['vars', 'fleets', 'regions', 'batches'] as const;
const SINGLE = ['name', 'api', 'state', 'timezone', 'limits'] as const;
const NOUNS = { vars: 'variable', fleets: 'fleet', regions: 'region', batches: 'batch' } as const;

export interface Placed {
  readonly file: SourceFile;
  readonly key: ScalarNode;
  readonly value: SourceNode;
}

export interface Sections {
  readonly fleets: ReadonlyMap<string, Placed>;
  readonly regions: ReadonlyMap<string, Placed>;
  /** In the order of the files. */
  readonly batches: ReadonlyMap<string, Placed>;
  /** Of `claims.templates`. */
  readonly claimed: readonly { readonly file: SourceFile; readonly value: SourceNode }[];
  readonly single: ReadonlyMap<(typeof SINGLE)[number], Placed>;
}

export function merge(files: readonly ParsedFile[], problems: Problems): Sections {
  const named = Object.fromEntries(NAMED.map((section) => [section, mergeNamed(files, section, problems)]));
  const { fleets, regions, batches } = named as Record<(typeof NAMED)[number], Map<string, Placed>>;
  const single = new Map<(typeof SINGLE)[number], Placed>();
  for (const key of SINGLE) {
    const placed = mergeSingle(files, key, problems);
    if (placed !== undefined) single.set(key, placed);
  }
  const claimed = files.flatMap(({ file, root }) => {
    const templates = entryOf(entryOf(root, 'claims')?.value, 'templates')?.value;
    return templates?.kind === 'seq' ? templates.items.map((value) => ({ file, value })) : [];
  });
  requireKey(files, 'name', 'a name for the recorded state, such as `name: live-ops`', problems);
  requireKey(files, 'batches', 'a mapping of names to batches ({} for none)', problems);
  return { fleets, regions, batches, claimed, single };
}

function mergeNamed(
  files: readonly ParsedFile[],
  section: (typeof NAMED)[number],
  problems: Problems,
): Map<string, Placed> {
  const merged = new Map<string, Placed>();
  for (const { file, root } of files) {
    const node = entryOf(root, section)?.value;
    if (node?.kind !== 'map') continue;
    for (const { key, value } of node.entries) {
      const before = merged.get(key.text);
      if (before === undefined) merged.set(key.text, { file, key, value });
      else if (before.file !== file) {
        problems.error(file, key, {
          code: 'desired.duplicate',
          message: `${NOUNS[section]} ${quoted(key.text)} is declared twice; first at ${before.file.place(before.key)}`,
          hint: 'Remove or rename one of them.',
        });
      }
    }
  }
  return merged;
}

function mergeSingle(files: readonly ParsedFile[], name: string, problems: Problems): Placed | undefined {
  let first: Placed | undefined;
  for (const { file, root } of files) {
    const entry = entryOf(root, name);
    if (entry === undefined) continue;
    if (first === undefined) first = { file, ...entry };
    else if (!isEqual(first, entry)) {
      problems.error(file, entry.key, {
        code: 'desired.duplicate',
        message: `"${name}" differs from the one at ${first.file.place(first.key)}; with several files, only one may set it, or all must agree`,
        hint: 'Remove one of them.',
      });
    }
  }
  return first;
}

function isEqual(a: { value: SourceNode }, b: Entry): boolean {
  return canonical(plain(a.value)) === canonical(plain(b.value));
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join(',')}}`;
}

function requireKey(files: readonly ParsedFile[], name: string, expected: string, problems: Problems): void {
  const first = files[0];
  if (first === undefined || files.some(({ root }) => entryOf(root, name) !== undefined)) return;
  const where = files.length === 1 ? 'the file has' : 'none of the files has';
  problems.error(first.file, first.root, {
    code: 'desired.missing-key',
    message: `${where} no "${name}"; expected ${expected}`.replace(
      'none of the files has no',
      'none of the files has a',
    ),
  });
}
