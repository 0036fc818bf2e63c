/** The comments of a YAML text, by its tokens: what looks like one inside a value is none. */
import { type CST, Parser } from 'yaml';

export interface Comment {
  readonly offset: number;
  /** With its `#`, without spaces at its end. */
  readonly text: string;
}

/** In the order of the text, which must be known not to nest deep. */
export function commentsOf(text: string): Comment[] {
  const comments: Comment[] = [];
  for (const token of new Parser().parse(text)) collect(token, comments);
  return comments.sort((a, b) => a.offset - b.offset);
}

function collect(token: CST.Token, comments: Comment[]): void {
  if (token.type === 'comment') comments.push({ offset: token.offset, text: token.source.trimEnd() });
  const parts: (CST.Token | null | undefined)[] = [];
  if ('start' in token && Array.isArray(token.start)) parts.push(...token.start);
  if ('props' in token) parts.push(...token.props);
  if ('items' in token) {
    for (const { start, key, sep, value } of token.items) parts.push(...start, key, ...(sep ?? []), value);
  }
  if (token.type === 'document') parts.push(token.value);
  if ('end' in token && Array.isArray(token.end)) parts.push(...token.end);
  for (const part of parts) if (part != null) collect(part, comments);
}
