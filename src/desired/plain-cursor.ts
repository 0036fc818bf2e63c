/** The position of the parser of plain YAML, and the small steps that block and flow style share. */
import { type ScalarNode, stringNode } from './source.ts';

/** Thrown when the text is not surely plain: then the `yaml` package reads it from the start. */
export const NOT_PLAIN = new Error('not plain YAML');

const DOUBLE_QUOTED = /"[^"\\\n]*"/y;
const SINGLE_QUOTED = /'[^'\n]*'(?!')/y;

const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const HASH = 35;

export class Cursor {
  readonly text: string;
  at = 0;
  /** The column (from 0) of the content of the line that `at` came to; -1 at the end of the file. */
  indent = 0;

  constructor(text: string) {
    this.text = text;
  }

  get code(): number {
    return this.text.charCodeAt(this.at);
  }

  isAtColumn(column: number): boolean {
    return this.indent === column;
  }

  /** From the start of a line to the content of the next line that has any. */
  toContent(): void {
    for (let lineStart = this.at; lineStart < this.text.length; ) {
      this.at = lineStart;
      this.skipSpaces();
      if (!this.isLineOver()) {
        this.indent = this.at - lineStart;
        return;
      }
      lineStart = this.#afterLine();
    }
    this.at = this.text.length;
    this.indent = -1;
  }

  /** Nothing but spaces and a comment may follow in this line; goes to the next content. */
  endLine(): void {
    const from = this.at;
    this.skipSpaces();
    if (!this.isLineOver() || (this.code === HASH && this.at === from)) throw NOT_PLAIN;
    this.at = this.#afterLine();
    this.toContent();
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++;
  }

  /** Whether only a comment, a line break or nothing is left of the line. */
  isLineOver(): boolean {
    const code = this.code;
    return code === LINE_FEED || code === HASH || code === RETURN || Number.isNaN(code);
  }

  match(pattern: RegExp): string | undefined {
    const start = this.at;
    pattern.lastIndex = start;
    if (!pattern.test(this.text)) return undefined;
    this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }

  /** A quoted string of one line without escapes. */
  quoted(): ScalarNode {
    const start = this.at;
    const found = this.match(this.text[start] === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED);
    if (found === undefined) throw NOT_PLAIN;
    return stringNode(found.slice(1, -1), start, this.at);
  }

  #afterLine(): number {
    const lineFeed = this.text.indexOf('\n', this.at);
    return lineFeed === -1 ? this.text.length : lineFeed + 1;
  }
}
