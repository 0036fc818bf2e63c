/**
 * JSON by RFC 8259, strictly, as a tree that knows its places. (JSON.parse does not report the positions of values and
 * rounds 19-digit ids.) Throws a `SyntaxProblem` at the first character that is wrong.
 */
import { quoted } from './quote.ts';
import { type Entry, type ScalarNode, type SourceNode, stringNode } from './source.ts';
import { DEEPEST, SyntaxProblem, tooDeep } from './syntax.ts';

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORD = /[^\s,:"[\]{}]+/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const STRING_START = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

export function parseJson(text: string): SourceNode {
  return new JsonParser(text).document();
}

class JsonParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): SourceNode {
    this.#space();
    const root = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail('nothing may follow the end of the value');
    return root;
  }

  #value(depth: number): SourceNode {
    const c = this.#text[this.#at];
    if (depth >= DEEPEST && (c === '{' || c === '[')) throw tooDeep(this.#at);
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    return c === '"' ? this.#string() : this.#literal();
  }

  #object(depth: number): SourceNode {
    const start = this.#at++;
    const entries: Entry[] = [];
    this.#space();
    while (this.#text[this.#at] !== '}') {
      if (this.#text[this.#at] !== '"') this.#fail('expected a key in double quotes');
      const key = this.#string();
      this.#space();
      this.#expect(':', 'after the key');
      this.#space();
      entries.push({ key, value: this.#value(depth + 1) });
      this.#separator('}');
    }
    return { kind: 'map', start, end: ++this.#at, entries };
  }

  #array(depth: number): SourceNode {
    const start = this.#at++;
    const items: SourceNode[] = [];
    this.#space();
    while (this.#text[this.#at] !== ']') {
      items.push(this.#value(depth + 1));
      this.#separator(']');
    }
    return { kind: 'seq', start, end: ++this.#at, items };
  }

  /** After a member: a comma and something more, or the closing bracket (which stays). */
  #separator(close: '}' | ']'): void {
    this.#space();
    if (this.#text[this.#at] === close) return;
    const comma = this.#at;
    this.#expect(',', `or "${close}"`);
    this.#space();
    if (this.#text[this.#at] === close) {
      throw new SyntaxProblem(
        { start: comma, end: comma + 1 },
        `JSON allows no comma before "${close}"`,
        'Remove the comma.',
      );
    }
  }

  #string(): ScalarNode {
    const start = this.#at;
    const source = this.#match(STRING);
    if (source === undefined) this.#failString(start);
    const plain = source.slice(1, -1);
    const value = plain.includes('\\') ? (JSON.parse(source) as string) : plain;
    return stringNode(value, start, this.#at);
  }

  #failString(start: number): never {
    this.#match(STRING_START);
    const c = this.#text[this.#at];
    if (c === '\\') {
      const sequence = this.#text.slice(this.#at, this.#at + 2);
      throw new SyntaxProblem(
        { start: this.#at, end: this.#at + 2 },
        `${quoted(sequence)} is not an escape that JSON knows`,
      );
    }
    throw new SyntaxProblem(
      { start, end: this.#at },
      'the string that begins here is not closed on its line',
    );
  }

  #literal(): ScalarNode {
    const start = this.#at;
    const word = this.#match(WORD);
    if (word === undefined) this.#fail('expected a value');
    const end = this.#at;
    if (word === 'true' || word === 'false') {
      return { kind: 'scalar', start, end, text: word, value: word === 'true' };
    }
    if (word === 'null') return { kind: 'scalar', start, end, text: word, value: null };
    NUMBER.lastIndex = start;
    if (NUMBER.exec(this.#text)?.[0] === word) {
      return { kind: 'scalar', start, end, text: word, value: Number(word) };
    }
    const hint =
      word.startsWith('/') || word.startsWith('#') ? 'JSON has no comments.' : 'Strings need double quotes.';
    throw new SyntaxProblem({ start, end }, `${quoted(word)} is not a JSON value`, hint);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #expect(c: string, where: string): void {
    if (this.#text[this.#at] !== c) this.#fail(`expected "${c}" ${where}`);
    this.#at++;
  }

  #fail(message: string): never {
    const c = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    const found = this.#at < this.#text.length ? `found ${quoted(c)}` : 'the file ends';
    const comment = c === '/' || c === '#' ? 'JSON has no comments.' : undefined;
    throw new SyntaxProblem({ start: this.#at, end: this.#at + 1 }, `${message}, but ${found}`, comment);
  }
}
