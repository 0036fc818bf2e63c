/** How messages name a place in the tree and the value there. */
import { quoted, shown } from './quote.ts';
import type { ScalarNode, SourceNode } from './source.ts';

export type Path = readonly (string | number)[];

/** What a mapping is called: `the file`, `batch "hotfix"`, `target of batch "hotfix"`, `limits`. */
export function place(path: Path): string {
  if (path.length === 0) return 'the file';
  const [section, name, ...rest] = path;
  if (section !== 'batches' || name === undefined) return steps(path);
  const batch = `batch ${quoted(String(name))}`;
  return rest.length === 0 ? batch : `${steps(rest)} of ${batch}`;
}

/** What a value is called, in one word or a few: `"limits.create"`, `"executeAt" of batch "hotfix"`. */
export function subject(path: Path): string {
  const [section, name, ...rest] = path;
  if (section !== 'batches' || name === undefined || rest.length === 0) {
    return path.length === 0
      ? 'the file'
      : section === 'batches' && name !== undefined
        ? place(path)
        : `"${steps(path)}"`;
  }
  return `"${steps(rest)}" of batch ${quoted(String(name))}`;
}

/** `params.buildId`, `targets[0].fleet` */
function steps(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? shown(step, 40) : `.${shown(step, 40)}`;
  }
  return text;
}

/** What was found, for the middle of a sentence. */
export function found(node: SourceNode): string {
  return node.kind === 'scalar' && node.variable !== undefined ? said(node) : foundItself(node);
}

/** The text of a value in quotes, with the variable that it came from: a reader of the file doesn't see the text. */
export function said(node: ScalarNode, most?: number): string {
  const { variable } = node;
  const from =
    variable === undefined
      ? ''
      : ` (variable ${quoted(variable.name)}, given by ${shown(variable.from, 80)})`;
  return `${quoted(node.text, most)}${from}`;
}

function foundItself(node: SourceNode): string {
  if (node.kind === 'map') return node.entries.length === 0 ? 'an empty mapping' : 'a mapping';
  if (node.kind === 'seq') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.value === null) return node.text === '' ? 'empty' : 'null';
  if (typeof node.value !== 'string') return shown(node.text, 40);
  if (node.value === '') return 'an empty text';
  const length = node.value.length > 60 ? ` (${node.value.length.toLocaleString('en')} characters)` : '';
  return `${quoted(node.value)}${length}`;
}
