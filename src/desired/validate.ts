/**
 * A file's tree against schemas/desired-state.schema.json, and ajv's errors in our words: one per mistake, at the
 * narrowest node. The schema's `$comment` of a value says what is expected there.
 */
import type { ErrorObject } from 'ajv';
import { validateDesiredState } from '../generated/desired-state.js';
import { listed, nearest } from '../model/suggest.ts';
import { isAside } from './asides.ts';
import type { ParsedFile } from './parse.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import { plainNode } from './scalar.ts';
import { type Entry, entryOf, type MapNode, type ScalarNode, type SourceNode } from './source.ts';
import { found, type Path, place, subject } from './words.ts';

/** What these say is for editors; expand.ts checks the same with better words. (They still tell what is no text.) */
const FOR_EDITORS = /\/(?:allOf|not|if|then|else)(?:\/|$)/;

export function validate(parsed: ParsedFile, problems: Problems): void {
  const errors = errorsOf(parsed.root);
  if (errors.length === 0) return;
  const translation = new Translation(parsed, problems);
  const hasTyped = errors.map((error) => readByPlace(translation.nodeOf(error))).includes(true);
  for (const error of hasTyped ? errorsOf(parsed.root) : errors) translation.tell(error);
}

function errorsOf(root: MapNode): readonly ErrorObject[] {
  return validateDesiredState(plain(root)) ? [] : (validateDesiredState.errors ?? []);
}

/**
 * A variable's text where no text (or not this one) may stand: what it says without quotes. Whether that is another.
 */
function readByPlace(node: SourceNode): boolean {
  if (node.kind !== 'scalar' || node.variable === undefined || typeof node.value !== 'string') return false;
  const { value } = plainNode(node.text, node.start, node.end);
  if (typeof value !== 'number' && typeof value !== 'boolean') return false;
  // YAML has more ways to write a number; a limit is no place for `0x10` or `05`.
  if (typeof value === 'number' && !/^-?(?:0|[1-9]\d*)$/.test(node.text.trim())) return false;
  node.value = value;
  return true;
}

function keysOf(node: SourceNode): string[] {
  return node.kind === 'map' ? node.entries.map(({ key }) => key.text) : [];
}

/** The tree as plain values, for reading only: no key of a file sets a prototype, but `toString` is inherited. */
export function plain(node: SourceNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(plain);
  const object: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    if (key.text === '__proto__') define(object, key.text, plain(value));
    else if (!Object.hasOwn(object, key.text)) object[key.text] = plain(value);
  }
  return object;
}

function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

interface Located {
  readonly path: Path;
  readonly node: SourceNode;
  /** The key that the node is under; undefined for the whole file and in lists. */
  readonly key: ScalarNode | undefined;
}

/** The bound that was exceeded, where the words for what is expected do not name it. */
function atMost({ keyword, params, parentSchema }: ErrorObject): string {
  if (keyword !== 'maximum' && keyword !== 'maxLength') return '';
  const limit = Number(params.limit).toLocaleString('en');
  if (String(parentSchema?.$comment).includes(limit)) return '';
  return keyword === 'maximum' ? `, and at most ${limit}` : `, of at most ${limit} characters`;
}

class Translation {
  readonly #parsed: ParsedFile;
  readonly #problems: Problems;
  readonly #indexes = new Map<MapNode, Map<string, Entry>>();

  constructor(parsed: ParsedFile, problems: Problems) {
    this.#parsed = parsed;
    this.#problems = problems;
  }

  tell(error: ErrorObject): void {
    if (FOR_EDITORS.test(error.schemaPath) || error.propertyName !== undefined) return;
    const located = this.#locate(error.instancePath);
    if (error.keyword === 'additionalProperties') this.#unknownKey(located, error);
    else if (error.keyword === 'required') this.#missingKey(located, error);
    else if (error.keyword === 'propertyNames') this.#badName(located, error);
    else this.#badValue(located, error);
  }

  nodeOf(error: ErrorObject): SourceNode {
    return this.#locate(error.instancePath).node;
  }

  #unknownKey({ path, node }: Located, { params, parentSchema }: ErrorObject): void {
    const name = String(params.additionalProperty);
    const key = this.#entry(node, name)?.key;
    if (key === undefined || this.#problems.isBlamed(key)) return;
    const allowed = this.#problems.isFull ? [] : Object.keys(parentSchema?.properties ?? {});
    const told = allowed.filter((one) => !isAside(one));
    const near = nearest(name, allowed);
    const unknown = `unknown key ${quoted(name)} in ${place(path)}`;
    this.#problems.error(this.#parsed.file, key, {
      code: 'desired.unknown-key',
      message:
        near === undefined ? `${unknown}; allowed: ${listed(told)}` : `${unknown}; did you mean "${near}"?`,
      hint: near === undefined ? undefined : `Allowed there: ${listed(told)}.`,
    });
  }

  #missingKey({ path, node, key }: Located, { params, parentSchema }: ErrorObject): void {
    const name = String(params.missingProperty);
    const known = Object.keys(parentSchema?.properties ?? {});
    // It is there, misspelt, and that is told.
    // Or what a merge key would bring, which is told as well.
    if (keysOf(node).some((one) => one === '<<' || nearest(one, known) === name)) return;
    const expected = this.#expected(parentSchema?.properties?.[name]);
    this.#problems.error(this.#parsed.file, key ?? node, {
      code: 'desired.missing-key',
      message: `${place(path)} has no "${name}"${expected === undefined ? '' : `; expected ${expected}`}`,
      hint: `Add \`${name}: …\`.`,
    });
  }

  #badName({ path, node }: Located, { params, schema }: ErrorObject): void {
    const name = String(params.propertyName);
    const key = this.#entry(node, name)?.key;
    if (key === undefined || this.#problems.isBlamed(key)) return;
    const length = name.length > 60 ? ` (${name.length.toLocaleString('en')} characters)` : '';
    this.#problems.error(this.#parsed.file, key, {
      code: 'desired.invalid-name',
      message: `${quoted(name)}${length} is not a valid name for an entry of "${place(path)}"; expected ${this.#expected(schema)}`,
    });
  }

  #badValue({ path, node, key }: Located, error: ErrorObject): void {
    const { parentSchema } = error;
    if (this.#problems.isBlamed(node)) return;
    this.#problems.silence(node);
    const nothing = node.kind === 'scalar' && node.value === null && node.text === '';
    this.#problems.error(this.#parsed.file, nothing && key !== undefined ? key : node, {
      code: 'desired.invalid-value',
      message: `${subject(path)} is ${found(node)}; expected ${this.#expected(parentSchema) ?? 'another value'}${atMost(error)}`,
    });
  }

  #expected(schema: unknown): string | undefined {
    const { $comment, $ref } = (schema ?? {}) as { $comment?: string; $ref?: string };
    return $comment ?? ($ref === '#/$defs/template' ? 'the name or the id of a task template' : undefined);
  }

  /** From a JSON pointer to the node, with the numbers of list items told from keys. */
  #locate(pointer: string): Located {
    let node: SourceNode = this.#parsed.root;
    let key: ScalarNode | undefined;
    const path: (string | number)[] = [];
    for (const part of pointer.split('/').slice(1)) {
      const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (node.kind === 'seq') {
        path.push(Number(step));
        key = undefined;
        node = node.items[Number(step)] ?? node;
      } else {
        const entry = this.#entry(node, step);
        path.push(step);
        key = entry?.key;
        node = entry?.value ?? node;
      }
    }
    return { path, node, key };
  }

  #entry(node: SourceNode, name: string): Entry | undefined {
    if (node.kind !== 'map' || node.entries.length < 16) return entryOf(node, name);
    let index = this.#indexes.get(node);
    if (index === undefined) {
      index = new Map(node.entries.toReversed().map((entry) => [entry.key.text, entry]));
      this.#indexes.set(node, index);
    }
    return index.get(name);
  }
}
