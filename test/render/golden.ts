/** Golden text files that a person can read: `UPDATE_GOLDEN=1` rewrites them. ESC is written as `␛`. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as assert from 'uvu/assert';

export function matchesGolden(name: string, text: string): void {
  const file = `test/render/golden/${name}.txt`;
  const readable = text.replaceAll('\x1b', '␛');
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, readable);
  assert.fixture(readable, readFileSync(file, 'utf8'), `${name} differs from ${file}`);
}

/** Nothing that a terminal or a reader could be misled by, but for our own colours and line breaks. */
export function assertHarmless(text: string): void {
  const rest = text.replace(/\x1b\[[0-9;]*m/g, '').replaceAll('\n', '');
  const found = /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/.exec(rest);
  assert.is(found, null, `U+${found?.[0].codePointAt(0)?.toString(16)} came through`);
}
