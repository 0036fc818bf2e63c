/**
 * An object of the caller's program → the tree that a file would be: written as JSON, a key per line, so that what is
 * wrong has a line to be shown, and a JSON pointer to be found by.
 *
 * Invariant: what JavaScript has rounded is refused. An id has up to 19 digits; as a number it would be another one.
 */
import type { FoundFiles } from './find.ts';
import type { ReadFile } from './read.ts';
import {
  type Entry,
  type Pointer,
  type ScalarNode,
  SourceFile,
  type SourceNode,
  type Span,
} from './source.ts';
import { DEEPEST, SyntaxProblem } from './syntax.ts';

/** `found`: the place that the object stands for. */
export function readValue(value: unknown, name: string, { files: [path = name] }: FoundFiles): ReadFile {
  const writer = new Writer();
  const root = writer.value(value, '', 0);
  const file = new SourceFile(path, name, writer.text, writer.pointers);
  return { file, problems: writer.problems, before: '', root };
}

class Writer {
  text = '';
  readonly pointers: Pointer[] = [];
  readonly problems: SyntaxProblem[] = [];
  readonly #around = new Set<object>();

  value(given: unknown, pointer: string, depth: number): SourceNode {
    return this.#node(asJson(given), pointer, depth);
  }

  /** `value`: what its `toJSON` says, which is asked once, as JSON does. */
  #node(value: unknown, pointer: string, depth: number): SourceNode {
    if (typeof value !== 'object' || value === null) return this.#scalar(value, pointer);
    const span = this.#begin(pointer);
    if (this.#around.has(value)) return this.#refuse(span, pointer, 'holds itself');
    if (depth >= DEEPEST) return this.#refuse(span, pointer, `is nested more than ${DEEPEST} levels deep`);
    if (!Array.isArray(value) && !isPlain(value)) {
      return this.#refuse(span, pointer, `is a ${value.constructor?.name ?? 'strange object'}`);
    }
    this.#around.add(value);
    const node = Array.isArray(value)
      ? this.#list(value, pointer, depth, span)
      : this.#mapping(value, pointer, depth, span);
    this.#around.delete(value);
    return node;
  }

  #list(values: readonly unknown[], pointer: string, depth: number, start: number): SourceNode {
    const items: SourceNode[] = [];
    this.text += '[';
    // A hole is `undefined`, too.
    for (let index = 0; index < values.length; index += 1) {
      this.#line(index, depth + 1);
      items.push(this.value(values[index], `${pointer}/${index}`, depth + 1));
    }
    this.#close(']', items.length, depth);
    return { kind: 'seq', start, end: this.text.length, items };
  }

  /** What is undefined is not there, as in JSON. */
  #mapping(object: object, pointer: string, depth: number, start: number): SourceNode {
    const entries: Entry[] = [];
    this.text += '{';
    for (const [name, given] of Object.entries(object)) {
      // Of what a `toJSON` has made: it has done its work.
      if (name === 'toJSON' && typeof given === 'function') continue;
      const value = asJson(given);
      if (value === undefined) continue;
      this.#line(entries.length, depth + 1);
      const inner = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const key = this.#scalar(name, inner);
      this.text += ': ';
      entries.push({ key, value: this.#node(value, inner, depth + 1) });
    }
    this.#close('}', entries.length, depth);
    return { kind: 'map', start, end: this.text.length, entries };
  }

  #scalar(value: unknown, pointer: string): ScalarNode {
    const start = this.#begin(pointer);
    if (typeof value === 'bigint') return this.#written(start, String(value), Number(value));
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return this.#refuse(start, pointer, `is ${value}`);
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        const hint = 'Give it as a string, or as a bigint.';
        return this.#refuse(start, pointer, `is ${value}, a number that JavaScript has rounded`, hint);
      }
      return this.#written(start, String(value), value);
    }
    if (value === null || typeof value === 'boolean') return this.#written(start, String(value), value);
    if (typeof value !== 'string') {
      return this.#refuse(start, pointer, value === undefined ? 'is undefined' : `is a ${typeof value}`);
    }
    this.text += JSON.stringify(value);
    return { kind: 'scalar', start, end: this.text.length, text: value, value };
  }

  #written(start: number, text: string, value: ScalarNode['value']): ScalarNode {
    this.text += text;
    return { kind: 'scalar', start, end: this.text.length, text, value };
  }

  #refuse(start: number, pointer: string, what: string, hint?: string): ScalarNode {
    const node = this.#written(start, 'null', null);
    const span: Span = { start, end: node.end };
    const expected = 'expected a string, a number, a bigint, true, false, null, a list or a plain object';
    const subject = pointer === '' ? 'the desired state' : pointer;
    const message = `${subject} ${what}; ${hint === undefined ? expected : 'expected one that is whole'}`;
    this.problems.push(new SyntaxProblem(span, message, hint));
    return node;
  }

  #begin(pointer: string): number {
    const start = this.text.length;
    this.pointers.push({ start, pointer });
    return start;
  }

  #line(index: number, depth: number): void {
    this.text += `${index === 0 ? '' : ','}\n${'  '.repeat(depth)}`;
  }

  #close(bracket: string, count: number, depth: number): void {
    this.text += count === 0 ? bracket : `\n${'  '.repeat(depth)}${bracket}`;
  }
}

/** A Date, say, as JSON has it; a `toJSON` of its own counts as one of its class. */
function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
