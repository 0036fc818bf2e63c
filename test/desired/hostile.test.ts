/** Files that mean harm: each gets an error, soon, whose text is short and harmless. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDesired } from '../../src/desired/load.ts';
import { folderOf, HEAD, refusal } from './scratch.ts';

const NAME = 'n'.repeat(1_000_000);
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const bomb = [
  `${HEAD}batches: {}\nvars:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]`,
  ...Array.from({ length: 30 }, (_, i) => `  a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`),
].join('\n');

const FILES: Record<string, [file: string, text: string, words: string]> = {
  'an alias bomb': ['x.yaml', bomb, 'stand for more than 10,000 values'],
  '5,000 open brackets': ['x.yaml', `${HEAD}batches: ${'['.repeat(5000)}`, 'nested more than 64 deep'],
  '5,000 closed brackets, behind a tag': [
    'x.yaml',
    `${HEAD}x: !t y\nbatches: ${'['.repeat(5000)}${']'.repeat(5000)}\n`,
    'nested more than 64 deep',
  ],
  '5,000 brackets of JSON': [
    'x.json',
    `{"version":1,"batches":${'['.repeat(5000)}`,
    'nested more than 64 deep',
  ],
  '5,000 braces': ['x.yaml', `${HEAD}x: &a y\nbatches: ${'{a: '.repeat(5000)}`, 'nested more than 64 deep'],
  '5,000 dashes': ['x.yaml', `${HEAD}batches:\n  ${'- '.repeat(5000)}`, 'nested more than 64 deep'],
  '1,000 steps': [
    'x.yaml',
    `${HEAD}batches:\n${lines(1000, (i) => `${' '.repeat(i + 1)}a:`)}`,
    'nested more than 64 deep',
  ],
  'a batch name of 1 MB': [
    'x.yaml',
    `${HEAD}batches:\n  ${NAME}: { template: T, target: { fleet: "1" } }\n`,
    '(1,000,000 characters) is not a valid name',
  ],
  'a key of 1 MB that is not plain': [
    'x.yaml',
    `${HEAD}batches: !t\n  ${NAME}: x\n`,
    'longer than 1,024 characters',
  ],
  'a name of 1 MB': [
    'x.yaml',
    `version: 1\nname: ${NAME}\nbatches: {}\n`,
    '(1,000,000 characters); expected 1 to 64',
  ],
  'a template of 1 MB in JSON': [
    'x.json',
    `{"version":1,"name":"a","batches":{"b":{"template":"${NAME}","target":{"fleet":"1"}}}}`,
    '(1,000,000 characters); expected a template',
  ],
  'a file of 6 MB': ['x.yaml', `${HEAD}#${'#'.repeat(6_000_000)}`, 'at most 5 MB are read'],
  '50,000 unknown keys': [
    'x.yaml',
    `${HEAD}${lines(50_000, (i) => `k${i}: 1`)}\n`,
    'at most 10,000 are read',
  ],
  '9,000 wrong batches': [
    'x.yaml',
    `${HEAD}batches:\n${lines(9000, (i) => `  k${i}: 1`)}\n`,
    'expected a mapping with a template',
  ],
  '50,000 times one key': [
    'x.yaml',
    `${HEAD}batches:\n${lines(50_000, () => '  k: 1')}\n`,
    'at most 10,000 are read',
  ],
  'values that grow': [
    'x.yaml',
    `${HEAD}vars: { a: "${'v'.repeat(60_000)}" }\nbatches: { b: { template: "${`$${'{var.a}'}`.repeat(9000)}", target: { fleet: "1" } } }\n`,
    'more than 10,000,000 characters',
  ],
  'a value of opened variables': [
    'x.yaml',
    `${HEAD}batches: { b: { template: "${'${'.repeat(300_000)}", target: { fleet: "1" } } }\n`,
    'is not closed',
  ],
  'escapes of a terminal in a key': [
    'x.json',
    '{"version":1,"name":"a","batches":{},"\\u001b]0;owned\\u0007\\u202e":1}',
    '"\\u{1b}]0;owned\\u{7}\\u{202e}" has a control',
  ],
  'bidirectional characters on every line': [
    'x.yaml',
    `${HEAD}${lines(100_000, () => '# \u202e')}`,
    'U+202E',
  ],
};

const hostile = suite('desired: hostile files');

for (const [what, [file, text, words]] of Object.entries(FILES)) {
  hostile(what, async () => {
    const cwd = folderOf({ [file]: text });
    const told = await refusal(loadDesired({ cwd, files: [file], env: {} }));
    assert.match(told[0]?.message ?? '', words);
    assert.ok(told.length <= 101, `${told.length} errors`);
    for (const { message, hint = '', snippet = '' } of told) {
      assert.ok(message.length < 400 && hint.length < 400 && snippet.length <= 160, message.slice(0, 500));
      assert.not.match(message + hint, /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
    }
  });
}

hostile('no prototype is touched', async () => {
  const json =
    '{"version":1,"name":"a","batches":{"__proto__":{"paused":true}},"__proto__":{"polluted":true}}';
  const yaml = `${HEAD}batches:\n  __proto__: { paused: true }\nvars: { __proto__: { polluted: true } }\n`;
  for (const [name, text] of [
    ['x.json', json],
    ['x.yaml', yaml],
    ['y.yaml', `${yaml}x: !t y\n`],
  ] as const) {
    const told = await refusal(loadDesired({ cwd: folderOf({ [name]: text }), files: [name], env: {} }));
    assert.ok(told.some(({ message }) => message.includes('"__proto__"')));
  }
  assert.equal(Object.keys(Object.prototype), []);
  assert.is(({} as Record<string, unknown>).polluted, undefined);
});

hostile.run();
