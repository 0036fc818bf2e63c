/**
 * A desired-state file → its one layout. Invariant: the text that comes out says the same as the one that went in,
 * and has the same comments; this is checked each time, and a text that fails is never returned.
 */
import { isMap, parseDocument, type YAMLMap } from 'yaml';
import { FleetformError } from '../../model/errors.ts';
import { parse } from '../parse.ts';
import { parseYaml } from '../parse-yaml.ts';
import { Problems } from '../problems.ts';
import { shown } from '../quote.ts';
import type { ReadFile } from '../read.ts';
import { type MapNode, SourceFile } from '../source.ts';
import { attach } from './attach.ts';
import { rootBlock } from './blocks.ts';
import { commentsOf } from './comments.ts';
import { formatJson } from './json.ts';
import { printFile, printRemarks } from './print.ts';
import { isSame } from './same.ts';
import { TextPlaces } from './text-places.ts';

/**
 * The text in its layout; undefined: it can't be read, and `problems` says why. Throws `fmt.unsafe` where the layout
 * would change what the file says.
 */
export async function formatFile(read: ReadFile, problems: Problems): Promise<string | undefined> {
  const { file } = read;
  const isJson = file.path.endsWith('.json');
  const text = unixLines(file);
  if (read.problems.length === 0 && isBlank(file)) return isJson ? '' : formatComments(text);
  const parsed = await parse(read, problems);
  if (parsed === undefined || problems.any) return undefined;
  const formatted = isJson ? formatJson(parsed.root, file.text) : formatYaml(text);
  if (formatted !== undefined && (await isFaithful(parsed.root, file, formatted))) return formatted;
  throw new FleetformError(
    'fmt.unsafe',
    `${shown(file.name, 200)} was not changed: formatting it would lose part of its meaning`,
    {
      hint: 'Rewrite unusual YAML in it (anchors, aliases, comments inside values) more simply, then format it again.',
    },
  );
}

/** Not even a value, though perhaps comments. */
export function isBlank(file: SourceFile): boolean {
  if (file.path.endsWith('.json')) return file.text.trim() === '';
  return /^(?:[ \t]*(?:#.*)?\n)*[ \t]*(?:#.*)?$/.test(unixLines(file).replace(/^---(?=[ \t\n]|$)/m, ''));
}

function unixLines(file: SourceFile): string {
  return file.text.replaceAll('\r\n', '\n');
}

function formatComments(text: string): string {
  const places = new TextPlaces(text);
  return printRemarks(
    commentsOf(text).map(({ text: remark, offset }) => ({
      text: remark,
      isSpaced: places.isBlankBefore(offset),
    })),
  );
}

function formatYaml(text: string): string | undefined {
  const comments = commentsOf(text);
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
  });
  const root = document.contents;
  if (!isMap(root)) return undefined;
  const places = new TextPlaces(text);
  const block = rootBlock(root as YAMLMap, { places, comments: comments.map(({ offset }) => offset) });
  return printFile(attach(comments, block, places), block);
}

/** Read again, by the loader and, as it is the stricter one, by all of YAML. */
async function isFaithful(before: MapNode, file: SourceFile, formatted: string): Promise<boolean> {
  const copy = new SourceFile(file.path, file.name, formatted);
  const problems = new Problems([copy]);
  const after = await parse({ file: copy, problems: [], before: '' }, problems);
  if (after === undefined || problems.any || !isSame(before, after.root)) return false;
  if (file.path.endsWith('.json')) return true;
  if (parseYaml(formatted).problems.length > 0) return false;
  const remarks = (text: string) =>
    commentsOf(text)
      .map((comment) => comment.text)
      .sort()
      .join('\n');
  return remarks(file.text) === remarks(formatted);
}
