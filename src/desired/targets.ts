/** One target of a batch: its tree → ids and labels, its part of the address, and its words for people. */
import { createHash } from 'node:crypto';
import type { Label, Targets } from '../model/desired.ts';
import { compareIds, compareText, type Id } from '../model/ids.ts';
import { type Aliases, readId } from './aliases.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import { type Entry, entryOf, type MapNode, type SeqNode, type SourceFile } from './source.ts';
import { type Path, place } from './words.ts';

export interface Scope {
  readonly fleets: Aliases;
  readonly regions: Aliases;
  readonly problems: Problems;
}

export interface ReadTarget {
  readonly targets: Targets;
  /** `fleet:eu`, of several parts `fleet:eu+region:ams`. */
  readonly word: string;
  /** `fleet eu`, `3 game servers`, `fleet eu + region ams` */
  readonly text: string;
}

interface Part {
  readonly targets: Partial<Targets>;
  readonly word: string;
  readonly text: string;
}

/** In the order that an address names them. */
const PARTS = ['fleet', 'region', 'instances', 'labels'] as const;

/** undefined: something in it is wrong, and told. */
export function readTarget(
  node: MapNode,
  file: SourceFile,
  path: Path,
  scope: Scope,
): ReadTarget | undefined {
  const reader = new TargetReader(file, path, scope);
  let isWhole = true;
  const parts: Part[] = [];
  for (const key of PARTS) {
    const entry = entryOf(node, key);
    if (entry === undefined) continue;
    const part = reader.part(key, entry);
    // The others are read all the same: each may have a mistake.
    if (part !== undefined) parts.push(part);
    else isWhole = false;
  }
  if (parts.length === 0 || !isWhole) return undefined;
  return {
    targets: Object.assign(
      { fleets: [], regions: [], instances: [], labels: [] },
      ...parts.map((part) => part.targets),
    ),
    word: parts.map((part) => part.word).join('+'),
    text: parts.map((part) => part.text).join(' + '),
  };
}

class TargetReader {
  readonly #file: SourceFile;
  readonly #path: Path;
  readonly #scope: Scope;

  constructor(file: SourceFile, path: Path, scope: Scope) {
    this.#file = file;
    this.#path = path;
    this.#scope = scope;
  }

  part(key: (typeof PARTS)[number], entry: Entry): Part | undefined {
    if (key === 'instances') return this.#instances(entry);
    return key === 'labels' ? this.#labels(entry) : this.#named(key, entry);
  }

  #named(kind: 'fleet' | 'region', { value }: Entry): Part | undefined {
    if (value.kind !== 'scalar' || this.#scope.problems.isBlamed(value)) return undefined;
    const aliases = kind === 'fleet' ? this.#scope.fleets : this.#scope.regions;
    const id = aliases.resolve(value, this.#file);
    if (id === undefined) return undefined;
    const targets = kind === 'fleet' ? { fleets: [id] } : { regions: [id] };
    return { targets, word: `${kind}:${value.text}`, text: `${kind} ${value.text}` };
  }

  #instances({ value }: Entry): Part | undefined {
    if (value.kind !== 'seq' || value.items.length === 0) return undefined;
    const ids = this.#ids(value);
    const first = ids?.[0];
    if (ids === undefined || first === undefined) return undefined;
    if (ids.length === 1)
      return { targets: { instances: ids }, word: `instances:${first}`, text: `game server ${first}` };
    const hash = createHash('sha256').update(ids.join(',')).digest('hex').slice(0, 6);
    const word = `instances:${first}+${ids.length - 1}~${hash}`;
    return { targets: { instances: ids }, word, text: `${ids.length} game servers` };
  }

  #ids(list: SeqNode): Id[] | undefined {
    const { problems } = this.#scope;
    const seen = new Map<Id, number>();
    let complete = true;
    for (const [index, item] of list.items.entries()) {
      const id = readId(item, this.#file, [...this.#path, 'instances', index], problems);
      const before = id === undefined ? undefined : seen.get(id);
      if (before !== undefined) {
        const where = place([...this.#path, 'instances']);
        const message = `game server ${id} is listed twice in ${where} (items ${before + 1} and ${index + 1})`;
        problems.error(this.#file, item, { code: 'desired.duplicate', message, hint: 'Remove one of them.' });
      }
      if (id === undefined || before !== undefined) complete = false;
      else seen.set(id, index);
    }
    return complete ? [...seen.keys()].sort(compareIds) : undefined;
  }

  #labels({ value }: Entry): Part | undefined {
    const labels = readTexts(value, this.#scope.problems)?.map(
      ([key, text]): Label => ({ key, value: text }),
    );
    if (labels === undefined || labels.length === 0) return undefined;
    const pairs = (written: (text: string) => string) =>
      labels.map((label) => `${written(label.key)}=${written(label.value)}`);
    return {
      targets: { labels },
      word: `labels:${pairs(escapeInAddress).join(',')}`,
      text: `labels ${pairs((text) => text).join(', ')}`,
    };
  }
}

/** The texts of a mapping of scalars, sorted by key; undefined if one can't be read. */
export function readTexts(node: Entry['value'], problems: Problems): [string, string][] | undefined {
  if (node.kind !== 'map') return undefined;
  const texts: [string, string][] = [];
  for (const { key, value } of node.entries) {
    const unreadable = value.kind !== 'scalar' || value.value === null;
    if (unreadable || problems.isBlamed(value) || problems.isBlamed(key)) return undefined;
    texts.push([key.text, typeof value.value === 'boolean' ? String(value.value) : value.text]);
  }
  return texts.sort(([a], [b]) => compareText(a, b));
}

/** What means something in an address, or ends a word of a shell, as %XX. */
function escapeInAddress(text: string): string {
  return text.replace(/[[\]@,=%+\s"'\\]/g, (c) => {
    const bytes = [...Buffer.from(c, 'utf8')];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}

/** `fleet and region`: the parts that a target names, for a message. */
export function partsOf(node: MapNode): string[] {
  return node.entries
    .map(({ key }) => key.text)
    .filter((key) => /^(?:fleet|region|instances|labels)$/.test(key));
}

export function unionProblem(
  node: MapNode,
  path: Path,
): { code: string; message: string; hint: string } | undefined {
  const parts = partsOf(node);
  if (parts.length < 2) return undefined;
  return {
    code: 'desired.union',
    message: `${place(path)} has ${parts.join(' and ')}; expected exactly one of fleet, region, instances and labels`,
    hint: `They would add up. If that is intended, set \`union: true\` on batch ${quoted(String(path[1]))}; for one batch each, use \`targets\`.`,
  };
}
