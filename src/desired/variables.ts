/**
 * Variables: `${var.NAME}` in any string value becomes the variable's value; `$${` stands for `${`. A flag overrides
 * the environment, the environment beats the file. Values are strings and are put in once: what a value holds is never
 * read as another variable. A string that is one variable and nothing else says so (`variable`): it may stand where a
 * number or true or false is wanted, and validate.ts reads it by its place.
 */

import { valueIn } from '../files/text.ts';
import { didYouMean, listed } from '../model/suggest.ts';
import type { ParsedFile } from './parse.ts';
import type { Problems } from './problems.ts';
import { quoted, unsafeCharacter } from './quote.ts';
import { type Entry, entryOf, type ScalarNode, type SourceFile, type SourceNode } from './source.ts';

const PREFIX = 'FLEETFORM_VAR_';
const REFERENCE = /\$\$\{|\$\{([^{}]{0,200})(\}?)/g;
const WHOLE = /^\$\{var\.([^{}]{1,200})\}$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
/** What all values together may add to a file, in characters. */
const MOST_ADDED = 10_000_000;
const VERBATIM: ReadonlySet<string> = new Set(['vars', 'name', 'version']);

interface Variable {
  readonly file: SourceFile;
  readonly key: ScalarNode;
  /** undefined: no value, or none that could be read (which is told elsewhere). */
  readonly value: string | undefined;
  /** Who gave the value. */
  readonly from: string;
  /** The file says `null`, and nobody gave it one. */
  readonly isMissing: boolean;
  used: boolean;
}

export interface VariableSources {
  readonly vars: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The flag that `vars` are given by; none: a program gives them. */
  readonly varsFlag?: string | undefined;
}

/** For when another file can't be read: what its variables say is unknown, so nothing is said about their users. */
export function silenceReferences(node: SourceNode, problems: Problems): void {
  if (node.kind === 'map') for (const { value } of node.entries) silenceReferences(value, problems);
  else if (node.kind === 'seq') for (const item of node.items) silenceReferences(item, problems);
  else if (node.text.includes('${')) problems.silence(node);
}

export class Variables {
  readonly #declared = new Map<string, Variable>();
  /** Every name that a file declares. */
  readonly #written: ReadonlySet<string>;
  /** By what was read of the environment: the variable that it was for. */
  readonly #readBy = new Map<string, string>();
  readonly #problems: Problems;
  readonly #needed: 'all' | 'used';
  readonly #varsFlag: string | undefined;
  #added = 0;

  /** `needed`: which variables must have a value, all that are declared or those that are used. */
  constructor(
    files: readonly ParsedFile[],
    sources: VariableSources,
    problems: Problems,
    needed: 'all' | 'used' = 'all',
  ) {
    this.#problems = problems;
    this.#needed = needed;
    this.#varsFlag = sources.varsFlag;
    const sections = files.flatMap(({ file, root }) => {
      const section = entryOf(root, 'vars')?.value;
      return section?.kind === 'map' ? [{ file, entries: section.entries }] : [];
    });
    this.#written = new Set(sections.flatMap(({ entries }) => entries.map(({ key }) => key.text)));
    for (const { file, entries } of sections) {
      for (const entry of entries) this.#declare(file, entry, sources);
    }
    for (const name of Object.keys(sources.vars)) {
      if (!this.#declared.has(name)) this.#undeclared(name);
    }
  }

  /** Puts the values into the file's strings. */
  putInto({ file, root }: ParsedFile): void {
    if (!file.text.includes('${')) return;
    for (const { key, value } of root.entries) {
      if (!VERBATIM.has(key.text)) this.#walk(file, value);
    }
  }

  noteUnused(): void {
    for (const [name, { file, key, used }] of this.#declared) {
      if (used) continue;
      this.#problems.note(file, key, {
        code: 'desired.unused',
        message: `variable ${quoted(name)} is not used`,
      });
    }
  }

  #declare(file: SourceFile, { key, value }: Entry, { vars, env }: VariableSources): void {
    const name = key.text;
    if (this.#declared.has(name)) return;
    const setAs = Object.hasOwn(env, `${PREFIX}${name}`) ? `${PREFIX}${name}` : this.#settable(name);
    const written = Object.hasOwn(vars, name) ? vars[name] : env[setAs];
    const given = written === undefined ? undefined : valueIn(written);
    const from = Object.hasOwn(vars, name) ? this.#giver() : setAs;
    if (given !== undefined && from === setAs && this.#isTaken(file, key, setAs)) return;
    const fallback = value.kind === 'scalar' && value.value !== null ? value.text : undefined;
    const isMissing =
      NAME.test(name) && given === undefined && value.kind === 'scalar' && value.value === null;
    const giver = given === undefined ? file.place(value) : from;
    this.#declared.set(name, { file, key, value: given ?? fallback, from: giver, isMissing, used: false });
    if (!NAME.test(name)) return;
    if (given !== undefined) this.#checkGiven(file, key, given, from);
    else if (isMissing && this.#needed === 'all') this.#noValue(file, key);
    if (fallback?.includes('${') && typeof (value as ScalarNode).value === 'string') {
      this.#problems.error(file, value, {
        code: 'desired.variable',
        message: `the value of variable ${quoted(name)} refers to a variable; values are used as they are`,
      });
    }
  }

  /** Two names may differ in `-` and `_` alone: whose value it is then would be a guess. */
  #isTaken(file: SourceFile, key: ScalarNode, setAs: string): boolean {
    const name = key.text;
    const other = this.#readBy.get(setAs);
    if (other === undefined) {
      this.#readBy.set(setAs, name);
      return false;
    }
    this.#problems.error(file, key, {
      code: 'desired.variable',
      message: `${setAs} is set, and may be meant for variable ${quoted(other)} or ${quoted(name)}`,
      hint: `Give one of them ${this.#varsFlag === undefined ? 'in `vars` instead' : `with ${this.#varsFlag} instead, such as ${this.#varsFlag} ${name}=…`}, or rename it.`,
    });
    this.#declared.set(name, { file, key, value: undefined, from: setAs, isMissing: false, used: true });
    return true;
  }

  /** No shell can set a name with `-`: it is read with `_` in its place, unless that is another variable's name. */
  #settable(name: string): string {
    const plain = name.replaceAll('-', '_');
    return `${PREFIX}${this.#written.has(plain) ? name : plain}`;
  }

  #isShared(name: string): boolean {
    const setAs = this.#settable(name);
    return [...this.#written].some((other) => other !== name && this.#settable(other) === setAs);
  }

  #checkGiven(file: SourceFile, key: ScalarNode, value: string, from: string): void {
    const unsafe = unsafeCharacter(value, 'value');
    if (unsafe === undefined && value.length <= 65_536) return;
    const wrong =
      unsafe === undefined
        ? 'is longer than 65,536 characters'
        : `has a control or bidirectional character (${unsafe})`;
    this.#problems.error(file, key, {
      code: 'desired.variable',
      message: `the value of variable ${quoted(key.text)}, given by ${from}, ${wrong}`,
    });
  }

  #noValue(file: SourceFile, key: ScalarNode): void {
    if (this.#problems.isBlamed(key)) return;
    this.#problems.error(file, key, {
      code: 'desired.variable',
      message: `variable ${quoted(key.text)} has no value`,
      hint: `Give it one ${this.#varsFlag === undefined ? 'in `vars`' : `with ${this.#varsFlag} ${key.text}=…`}${this.#problems.isFull || this.#isShared(key.text) ? '' : ` or ${this.#settable(key.text)}`}, or a default here.`,
    });
  }

  /** Who gives `vars`, in the words of whoever reads it. */
  #giver(): string {
    return this.#varsFlag ?? '`vars`';
  }

  #undeclared(name: string): void {
    this.#problems.general({
      code: 'desired.variable',
      message: `${this.#giver()} ${quoted(name)}: no such variable is declared${didYouMean(name, this.#names())}`,
      hint: this.#hint(),
    });
  }

  #walk(file: SourceFile, node: SourceNode): void {
    if (node.kind === 'map') for (const { value } of node.entries) this.#walk(file, value);
    else if (node.kind === 'seq') for (const item of node.items) this.#walk(file, item);
    else if (typeof node.value === 'string' && node.value.includes('${')) this.#putIntoText(file, node);
  }

  #putIntoText(file: SourceFile, node: ScalarNode): void {
    const text = (node.value as string).replace(REFERENCE, (match, expression?: string, close?: string) => {
      if (match === '$${') return '${';
      return this.#value(file, node, expression ?? '', close === '}') ?? match;
    });
    const name = WHOLE.exec(node.text)?.[1];
    const whole = name === undefined ? undefined : this.#declared.get(name);
    if (name !== undefined && whole !== undefined) node.variable = { name, from: whole.from };
    node.value = text;
    node.text = text;
  }

  #value(file: SourceFile, node: ScalarNode, expression: string, closed: boolean): string | undefined {
    const name = /^var\.(.+)$/.exec(expression)?.[1];
    const variable = name === undefined ? undefined : this.#declared.get(name);
    if (closed && variable !== undefined) {
      variable.used = true;
      if (variable.isMissing) this.#noValue(variable.file, variable.key);
      if (variable.value === undefined) this.#problems.silence(node);
      this.#added += variable.value?.length ?? 0;
      if (this.#added <= MOST_ADDED) return variable.value ?? '';
      if (this.#added - (variable.value?.length ?? 0) <= MOST_ADDED) {
        this.#fail(file, node, 'the values of variables up to here have more than 10,000,000 characters');
      }
      return '';
    }
    if (this.#problems.isBlamed(node)) return undefined;
    if (closed && name !== undefined && NAME.test(name)) {
      const meant = didYouMean(name, this.#names());
      this.#fail(file, node, `unknown variable ${quoted(name)}${meant}`, this.#hint());
      return undefined;
    }
    const written = quoted(`\${${expression}${closed ? '}' : ''}`);
    const wrong = closed ? 'is not a variable' : 'is not closed';
    this.#fail(
      file,
      node,
      `${written} ${wrong}; expected \${var.NAME}`,
      'Write $${ for the two characters themselves.',
    );
    return undefined;
  }

  #fail(file: SourceFile, node: ScalarNode, message: string, hint?: string): void {
    this.#problems.error(file, node, { code: 'desired.variable', message, hint });
  }

  /** None for an error that is only counted: a file of many would look through all of them for each. */
  #names(): string[] {
    return this.#problems.isFull ? [] : [...this.#declared.keys()];
  }

  #hint(): string {
    const names = this.#names();
    return names.length === 0
      ? 'Declare it under `vars`; no variable is declared yet.'
      : `Declare it under \`vars\`. Declared: ${listed(names)}.`;
  }
}
