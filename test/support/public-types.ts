/**
 * What the declarations of a build name: from the names that `index.d.ts` exports to every type that a user of them
 * meets. Read as text, as TypeScript 7 has no API that would tell.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Named {
  readonly file: string;
  readonly name: string;
}

interface Declarations {
  /** Name → the text of its declaration, without comments. */
  readonly own: ReadonlyMap<string, string>;
  /** Name → where it comes from; of a package: a `file` that begins with no dot. */
  readonly imported: ReadonlyMap<string, Named>;
  readonly passedOn: ReadonlyMap<string, Named>;
}

const DECLARATION =
  /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|function|const|enum) (\w+)/;

export interface Reached {
  /** Exported under some name. */
  readonly exported: ReadonlySet<string>;
  /** `file: name`, with what names it first. */
  readonly missing: readonly string[];
  /** Types of packages, which a user has not installed. */
  readonly foreign: readonly string[];
}

export function reachedFrom(folder: string): Reached {
  const files = new Map<string, Declarations>();
  const index = join(folder, 'index.d.ts');
  const declarations = (file: string) => {
    const known = files.get(file) ?? declarationsIn(file);
    files.set(file, known);
    return known;
  };
  /** To the file that declares it; null: global, or a type parameter. */
  const origin = ({ file, name }: Named): Named | null => {
    if (!file.startsWith('/')) return { file, name };
    const { own, imported, passedOn } = declarations(file);
    if (own.has(name)) return { file, name };
    const next = imported.get(name) ?? passedOn.get(name);
    return next === undefined ? null : origin(next);
  };
  const key = ({ file, name }: Named) => `${file.replace(`${folder}/`, '')}: ${name}`;

  const { own, passedOn } = declarations(index);
  const roots = [...own.keys(), ...passedOn.keys()].map((name) => origin({ file: index, name })!);
  const exported = new Set(roots.map(key));
  const seen = new Set(exported);
  const missing: string[] = [];
  const foreign: string[] = [];
  for (const queue = [...roots]; queue.length > 0; ) {
    const from = queue.shift()!;
    for (const target of namedIn(declarations(from.file).own.get(from.name)!, from.file)) {
      const found = origin(target);
      if (found === null || seen.has(key(found))) continue;
      seen.add(key(found));
      if (!found.file.startsWith('/')) {
        foreign.push(`${key(found)}, named by ${key(from)}`);
        continue;
      }
      if (!exported.has(key(found))) missing.push(`${key(found)}, named by ${key(from)}`);
      queue.push(found);
    }
  }
  return { exported: new Set([...passedOn.keys(), ...own.keys()]), missing, foreign };
}

/** Every word that may be a type, and what `import('…')` names in place. */
function namedIn(text: string, file: string): Named[] {
  const inPlace = [...text.matchAll(/import\(["']([^"']+)["']\)\.(\w+)/g)];
  const words = text.replace(/import\([^)]*\)\.\w+/g, '').match(/(?<![.#\w])[A-Za-z]\w*(?!\??:)\b/g) ?? [];
  return [
    ...inPlace.map(([, path, name]) => ({ file: resolved(file, path!), name: name! })),
    ...new Set(words),
  ].map((one) => (typeof one === 'string' ? { file, name: one } : one));
}

function declarationsIn(file: string): Declarations {
  const text = readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
  const own = new Map<string, string>();
  for (const part of text.split(/^(?=\S)(?!\})/m)) {
    const name = DECLARATION.exec(part)?.[1];
    if (name !== undefined) own.set(name, `${own.get(name) ?? ''}${part}`);
  }
  return { own, imported: listed(text, 'import', file), passedOn: listed(text, 'export', file) };
}

/** `import { a, type B as C } from './d.ts'`, and the same with `export`. */
function listed(text: string, word: 'import' | 'export', file: string): Map<string, Named> {
  const found = new Map<string, Named>();
  for (const [, names, from] of text.matchAll(
    new RegExp(`^${word} (?:type )?\\{([^}]*)\\} from ["']([^"']+)["']`, 'gm'),
  )) {
    for (const one of names!.split(',')) {
      const [name, as = name] = one
        .trim()
        .replace(/^type /, '')
        .split(' as ');
      if (name !== undefined && name !== '') found.set(as!, { file: resolved(file, from!), name });
    }
  }
  return found;
}

function resolved(file: string, path: string): string {
  return path.startsWith('.') ? join(dirname(file), path.replace(/\.[jt]s$/, '.d.ts')) : path;
}
