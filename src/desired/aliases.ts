/** Names for fleets and regions → ids. */
import { compareText, type Id } from '../model/ids.ts';
import { didYouMean, listed } from '../model/suggest.ts';
import type { Placed } from './merge.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import type { ScalarNode, SourceFile, SourceNode } from './source.ts';
import { said, subject } from './words.ts';

const ID = /^[1-9][0-9]{0,18}$/;

/**
 * The id that the node says; undefined if it says none. Tells what the schema can't see: an integer's value may be
 * one although its text (`0x1f`, `1e18`, twenty digits) is no id.
 */
export function readId(
  node: SourceNode,
  file: SourceFile,
  path: readonly (string | number)[],
  problems: Problems,
): Id | undefined {
  if (node.kind !== 'scalar' || problems.isBlamed(node)) return undefined;
  if (ID.test(node.text) && (typeof node.value === 'string' || typeof node.value === 'number'))
    return node.text;
  if (typeof node.value === 'number') {
    problems.error(file, node, {
      code: 'desired.invalid-value',
      message: `${subject(path)} is ${said(node)}; expected an id of 1 to 19 digits, without a leading 0`,
    });
  }
  return undefined;
}

interface Alias {
  readonly placed: Placed;
  /** undefined: declared, but its id can't be read (which is told at its place). */
  readonly id: Id | undefined;
  used: boolean;
}

export class Aliases {
  readonly #kind: 'fleet' | 'region';
  readonly #aliases = new Map<string, Alias>();
  readonly #problems: Problems;

  constructor(kind: 'fleet' | 'region', declared: ReadonlyMap<string, Placed>, problems: Problems) {
    this.#kind = kind;
    this.#problems = problems;
    for (const [name, placed] of declared) {
      const id = readId(placed.value, placed.file, [`${kind}s`, name], problems);
      this.#aliases.set(name, { placed, id, used: false });
    }
  }

  resolve(node: ScalarNode, file: SourceFile): Id | undefined {
    const word = node.text;
    if (ID.test(word)) return word;
    const alias = this.#aliases.get(word);
    if (alias !== undefined) {
      alias.used = true;
      return alias.id;
    }
    const names = this.#problems.isFull ? [] : [...this.#aliases.keys()];
    const isDigits = /^[0-9]+$/.test(word) || typeof node.value === 'number';
    this.#problems.error(file, node, {
      code: 'desired.unknown-alias',
      message: isDigits
        ? `${this.#kind} ${said(node)} is not an id; expected 1 to 19 digits, without a leading 0`
        : `unknown ${this.#kind} ${said(node)}${didYouMean(word, names)}`,
      hint:
        names.length === 0
          ? `Declare it under \`${this.#kind}s\`, or give the id itself.`
          : `Declared under \`${this.#kind}s\`: ${listed(names)}. An id of 1 to 19 digits works as well.`,
    });
    return undefined;
  }

  noteUnused(): void {
    for (const [name, { placed, used }] of this.#aliases) {
      if (used) continue;
      const message = `${this.#kind} ${quoted(name)} is not used`;
      this.#problems.note(placed.file, placed.key, { code: 'desired.unused', message });
    }
  }

  /** Alias → id, sorted by alias; without a prototype. */
  record(): Record<string, Id> {
    const record = Object.create(null) as Record<string, Id>;
    for (const [name, { id }] of [...this.#aliases].sort(([a], [b]) => compareText(a, b))) {
      if (id !== undefined) record[name] = id;
    }
    return record;
  }
}
