/**
 * Text → tree, by the parser that fits, and what is wrong with a tree of any meaning: keys that are listed twice, merge
 * keys, characters that came in by escapes. A file that can't be read as a mapping has no tree.
 */
import { isAside } from './asides.ts';
import { parseJson } from './parse-json.ts';
import { parsePlain } from './parse-plain.ts';
import type { Problems } from './problems.ts';
import { quoted, type TextKind, unsafeCharacter } from './quote.ts';
import type { ReadFile } from './read.ts';
import type { Entry, MapNode, ScalarNode, SeqNode, SourceFile, SourceNode } from './source.ts';
import { SyntaxProblem } from './syntax.ts';
import { found, type Path, place } from './words.ts';

export interface ParsedFile {
  readonly file: SourceFile;
  readonly root: MapNode;
}

/** undefined: the file's problems are told, and nothing more can be said about it. */
export async function parse(
  { file, problems: unread, root: made }: ReadFile,
  problems: Problems,
): Promise<ParsedFile | undefined> {
  const tree: Tree =
    unread.length > 0 || made !== undefined
      ? { root: unread.length > 0 ? undefined : made, problems: unread }
      : await parseTree(file);
  for (const { span, message, hint } of tree.problems) {
    problems.error(file, span, { code: 'desired.syntax', message, hint });
  }
  const { root } = tree;
  if (root?.kind === 'map') {
    const check = new TreeCheck(file, problems, tree.isRaw ?? false);
    check.node(root, []);
    return check.isTooLarge ? undefined : { file, root };
  }
  if (tree.problems.length === 0) {
    const message = root === undefined ? 'the file is empty' : `the file holds ${found(root)}`;
    const hint =
      'It needs at least `version: 1`, a `name` and `batches`; `fleetform init` writes a first one.';
    problems.error(file, root ?? { start: 0, end: 1 }, {
      code: 'desired.syntax',
      message: `${message}; expected a mapping`,
      hint,
    });
  }
  return undefined;
}

interface Tree {
  readonly root: SourceNode | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** No string in it has an escape or a line break: all characters were looked at in the file's text. */
  readonly isRaw?: boolean;
}

async function parseTree(file: SourceFile): Promise<Tree> {
  try {
    const isJson = file.path.endsWith('.json');
    if (isJson && file.text.trim() === '') return { root: undefined, problems: [] };
    const root = isJson ? parseJson(file.text) : parsePlain(file.text);
    if (root !== undefined) return { root, problems: [], isRaw: !isJson };
    const { parseYaml } = await import('./parse-yaml.ts');
    return parseYaml(file.text);
  } catch (error) {
    if (error instanceof SyntaxProblem) return { root: undefined, problems: [error] };
    throw error;
  }
}

/** Entries of one mapping, or targets of one batch; validation with all errors gets slow beyond. */
const MOST_ENTRIES = 10_000;
/** Up to here, looking through the entries is cheaper than an index. */
const SMALL = 12;

function earlier(map: MapNode, position: number): Entry | undefined {
  const { text } = (map.entries[position] as Entry).key;
  for (let i = 0; i < position; i++) if (map.entries[i]?.key.text === text) return map.entries[i];
  return undefined;
}

class TreeCheck {
  isTooLarge = false;
  readonly #file: SourceFile;
  readonly #problems: Problems;
  readonly #isRaw: boolean;

  constructor(file: SourceFile, problems: Problems, isRaw: boolean) {
    this.#file = file;
    this.#problems = problems;
    this.#isRaw = isRaw;
  }

  node(node: SourceNode, path: (string | number)[]): void {
    if (node.kind === 'scalar') this.#text(node, path);
    else if (node.kind === 'seq') {
      if (path.at(-1) === 'targets' && node.items.length > MOST_ENTRIES) this.#refuseSize(node, path);
      const depth = path.length;
      for (let index = 0; index < node.items.length; index++) {
        path[depth] = index;
        this.node(node.items[index] as SourceNode, path);
      }
      path.length = depth;
    } else this.#mapping(node, path);
  }

  #mapping(map: MapNode, path: (string | number)[]): void {
    if (map.entries.length > MOST_ENTRIES) {
      this.#refuseSize(map, path);
      return;
    }
    const index = map.entries.length > SMALL ? new Map<string, Entry>() : undefined;
    for (let position = 0; position < map.entries.length; position++) {
      const entry = map.entries[position] as Entry;
      const { key, value } = entry;
      const before = index === undefined ? earlier(map, position) : index.get(key.text);
      if (before === undefined) index?.set(key.text, entry);
      else this.#twice(before.key, key, path);
      if (path.length === 0 && isAside(key.text)) continue;
      this.#key(key);
      path.push(key.text);
      this.node(value, path);
      path.pop();
    }
  }

  #refuseSize(node: MapNode | SeqNode, path: Path): void {
    const size = (node.kind === 'map' ? node.entries : node.items).length.toLocaleString('en');
    const message = `${place(path)} has ${size} entries; at most ${MOST_ENTRIES.toLocaleString('en')} are read`;
    this.isTooLarge = true;
    this.#problems.error(this.#file, node, { code: 'desired.too-large', message });
  }

  #twice(before: ScalarNode, key: ScalarNode, path: readonly (string | number)[]): void {
    this.#problems.error(this.#file, key, {
      code: 'desired.duplicate',
      message: `key ${quoted(key.text)} is listed twice in ${place(path)}; first at ${this.#file.place(before)}`,
      hint: 'Remove or rename one of them.',
    });
  }

  #key(key: ScalarNode): void {
    if (key.text === '<<') {
      this.#problems.error(this.#file, key, {
        code: 'desired.syntax',
        message: 'merge keys ("<<") are not supported',
        hint: 'Write the keys out, or give a whole value an anchor and use an alias for it.',
      });
    } else if (key.text.includes('${')) {
      this.#problems.error(this.#file, key, {
        code: 'desired.variable',
        message: `key ${quoted(key.text)} contains a variable; variables are allowed in values only`,
      });
    } else if (!this.#isRaw) this.#characters(key, key.text, 'name');
  }

  #text(node: ScalarNode, path: readonly (string | number)[]): void {
    if (this.#isRaw || typeof node.value !== 'string') return;
    this.#characters(node, node.value, kindOf(path));
  }

  #characters(node: ScalarNode, text: string, kind: TextKind): void {
    const unsafe = unsafeCharacter(text, kind);
    if (unsafe === undefined) return;
    const what =
      kind === 'name' ? 'a control or invisible character' : 'a control or bidirectional character';
    const allowed =
      kind === 'value' ? 'only tabs and line breaks are allowed in such a value' : 'none is allowed in it';
    this.#problems.error(this.#file, node, {
      code: 'desired.syntax',
      message: `${quoted(text)} has ${what} (${unsafe}); ${allowed}`,
    });
  }
}

function kindOf(path: readonly (string | number)[]): TextKind {
  const [section, , key] = path;
  if (section === 'vars' || (section === 'batches' && key === 'params')) return 'value';
  return section === 'claims' || (section === 'batches' && key === 'template') ? 'template' : 'name';
}
