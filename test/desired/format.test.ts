/** The layout by golden folders (`in.yaml` → `out.yaml`), and what it refuses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatBytes, formatPaths } from '../../src/desired/format/paths.ts';
import { FleetformError } from '../../src/model/errors.ts';
import { folderOf, load, refusal } from './scratch.ts';

const it = suite('desired: format');

const GOLDEN = 'test/desired/format';

async function format(text: string | Uint8Array, name = 'stdin'): Promise<string> {
  return (await formatBytes(Buffer.from(text as string), name)).after;
}

for (const name of readdirSync(GOLDEN)) {
  it(`golden: ${name}`, async () => {
    const formatted = await format(readFileSync(join(GOLDEN, name, 'in.yaml')));
    assert.fixture(formatted, readFileSync(join(GOLDEN, name, 'out.yaml'), 'utf8'));
    assert.is(await format(formatted), formatted);
  });
}

it('the examples are in the layout', async () => {
  let seen = 0;
  for (const entry of readdirSync('examples', { recursive: true })) {
    const path = join('examples', String(entry));
    if (
      !/\.(?:ya?ml)$/.test(path) ||
      path.includes('/.') ||
      !/^batches:|^fleets:/m.test(readFileSync(path, 'utf8'))
    )
      continue;
    const text = readFileSync(path, 'utf8');
    assert.fixture(await format(text, path), text);
    seen++;
  }
  assert.ok(seen >= 6, `only ${seen} examples`);
});

it('a formatted file means the same', async () => {
  let seen = 0;
  for (const entry of readdirSync('test/plan/golden')) {
    const path = join('test/plan/golden', entry, 'desired.yaml');
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    assert.is((await load(await format(text))).digest, (await load(text)).digest, path);
    seen++;
  }
  assert.ok(seen > 20, `only ${seen} files`);
});

/** By https://yaml.org/type/, and what PyYAML, Psych and go-yaml v2 take beside it. */
const AMBIGUOUS_IN_1_1: Readonly<Record<string, string>> = {
  bool: 'y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE yEs',
  null: '~ null Null NULL nUll',
  int: '0 -1 +12 1_000 1,000 -1_0 017 0_7 08 0o17 0o1_7 0b11 -0b1 +0b1_1 0B1 0x10 0x_0A 0X0a -0xff',
  'int in base 60': '190:20:30 1:30 -1:30 1_0:59',
  float: '1. .5 1.50 . -.5 1_000.5 685_230.15 6.8523015e+5 685.230_15e+03 1e3 1E-3 1_0e3 -1.e3 e0',
  'float in base 60': '190:20:30.15 1:59.',
  'not finite': '.inf +.inf -.Inf .INF .nan .NaN .NAN',
  day: '2030-01-01 2030-1-1 0000-00-00',
  time: '2030-01-01T10:00:00Z 2030-01-01t10:00:00.1-05:00 2001-12-14T21:59:43+5 2030-1-1T1:2:3 2030-01-01T10:00:00+0100',
  'merge, value': '<< =',
  symbol: ':eu',
};
const SPACED_TIMES = ['2030-01-01 10:00:00', '2001-12-14 21:59:43.10 -5', '2001-12-15   2:59:43 Z'];

it('quotes stay where YAML 1.1 would read something else, around values and keys', async () => {
  const texts = Object.values(AMBIGUOUS_IN_1_1).flatMap((words) => words.split(' '));
  for (const text of [...texts, ...SPACED_TIMES]) {
    // As a key it is refused, with quotes or not.
    const key = text === '<<' ? '"1_0"' : `"${text}"`;
    const kept = `version: 1\nvars:\n  x: "${text}"\n  ${key}: x\n  z: { ${key}: "${text}" }\n`;
    assert.fixture(await format(kept.replaceAll('"', "'")), kept);
  }
});

it('quotes go where no reader needs them', async () => {
  const texts =
    'word yess 1.2.3 v1 1x 0b12 0o8 0xg 1:60 1:2:3:x -x 2030-01 2030-01-01x 2030-01-01T10:00Z 20300101T === <<< .info a:b ~x';
  for (const text of texts.split(' ')) {
    const bare = `version: 1\nvars:\n  x: ${text}\n  ${text}: x\n`;
    assert.fixture(await format(`version: 1\nvars:\n  x: '${text}'\n  "${text}": 'x'\n`), bare);
  }
});

it('no text gets quotes for the sake of YAML 1.1', async () => {
  for (const text of ['yes', 'Off', '2030-01-01', ...SPACED_TIMES, '1_000', '0b1', '1:30', '=', ':eu']) {
    const bare = `version: 1\nvars:\n  x: ${text}\n  ${text}: x\n  z: { ${text}: ${text} }\n`;
    assert.is(await format(bare), bare);
  }
});

it('the header stays at the start, whole; the comment of the first key goes with it', async () => {
  const body = 'name: x\nversion: 1\n';
  const sorted = 'version: 1\nname: x\n';
  const modelines = ['# yaml-language-server: $schema=x.json', '# vim: set ts=2', '# -*- mode: yaml -*-'];
  for (const [text, expected] of [
    [`# A\n---\n${body}`, `# A\n\n${sorted}`],
    [`# A\n# B\n\n---\n\n${body}`, `# A\n# B\n\n${sorted}`],
    [`# A\n%YAML 1.2\n---\n${body}`, `# A\n\n${sorted}`],
    [`# A\n---\n# B\n\n${body}`, `# A\n\n# B\n\n${sorted}`],
    [`# A\n---\n# of name\n${body}`, '# A\n\nversion: 1\n# of name\nname: x\n'],
    [`--- # A\n${body}`, `# A\n\n${sorted}`],
    [`# A\n\n# B\n \t\n${body}`, `# A\n\n# B\n\n${sorted}`],
    [`# A\n\n{ name: x, version: 1 }\n`, `# A\n\n${sorted}`],
    [`# A\n\n{\n  # of name\n  name: x, version: 1 }\n`, '# A\n\nversion: 1\n# of name\nname: x\n'],
    [`# of name\n${body}`, 'version: 1\n# of name\nname: x\n'],
    [`---\n# of name\n${body}`, 'version: 1\n# of name\nname: x\n'],
    [`# ex: one\n# ! of name\n${body}`, 'version: 1\n# ex: one\n# ! of name\nname: x\n'],
    ...modelines.flatMap((line) => [
      [`${line}\n# A\n${body}`, `${line}\n# A\n${sorted}`],
      [`# A\n${line}\n# B\n${body}`, `# A\n${line}\n# B\n${sorted}`],
      [`${line}\n# A\n\n# of name\n${body}`, `${line}\n# A\n\nversion: 1\n# of name\nname: x\n`],
      [`${line}\nname: x\n# of version\nversion: 1\n`, `${line}\n\n# of version\n${sorted}`],
    ]),
  ] as [string, string][]) {
    assert.is(await format(text), expected, JSON.stringify(text));
    assert.is(await format(expected), expected, JSON.stringify(expected));
  }
});

it('line ends, byte order marks, nothing', async () => {
  assert.is(await format('version: 1\r\n# é\r\nname: x'), 'version: 1\n# é\nname: x\n');
  assert.is(await format('\ufeffversion: 1\n'), 'version: 1\n');
  assert.is(await format('vars:\r\n  a: |\r\n    one\r\n'), 'vars:\n  a: |\n    one\n');
  assert.is(await format(''), '');
  assert.is(await format(' \n\n'), '');
  assert.is(await format('---\n'), '');
  assert.is(await format('# one  \n\n\n\n# two'), '# one\n\n# two\n');
  assert.is(await format('{}'), '{}\n');
  assert.is(await format('# a\n{} # b'), '# a\n# b\n{}\n');
  assert.is(await format('version:\t1\t\n'), 'version: 1\n');
});

it('what cannot be read is refused, with its place', async () => {
  for (const [text, words, line] of [
    ['version: 1\nversion: 2\n', 'is listed twice', 2],
    ['version: 1\nbatches:\n  <<: {}\n', 'merge keys', 3],
    ['a: 1\n---\nb: 2\n', 'second document', 2],
    ['a: [1\n', '', 2],
    ['a: !!str x\n', 'tag', 1],
    ['a: *b\n', 'no anchor', 1],
    ['- 1\n', 'a list', 1],
    ['a: 1\n# \u202e\n', 'U+202E', 2],
  ] as const) {
    const [first] = await refusal(format(text));
    assert.match(first?.message ?? '', words);
    assert.is(first?.range?.line, line, text);
  }
  const [notUtf8] = await refusal(format(Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a])));
  assert.match(notUtf8?.message ?? '', 'not UTF-8');
  const deep = `a: ${'['.repeat(5000)}${']'.repeat(5000)}`;
  assert.match((await refusal(format(deep)))[0]?.message ?? '', 'nested');
});

it('what the loader refuses for its meaning is laid out all the same', async () => {
  const variable = `$${'{var.nobody}'}`;
  assert.is(
    await format(`unknown:   'x'\nversion: 7\nname: "${variable}"\n`),
    `version: 7\nname: ${variable}\nunknown: x\n`,
  );
});

it('a layout that would lose something is not handed out', async () => {
  // A key that is too long to stand without a question mark.
  const text = `? ${'k'.repeat(1500)}\n: 1\nversion: 1\n`;
  try {
    await format(text);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, FleetformError);
    assert.is((error as FleetformError).code, 'fmt.unsafe');
    assert.match((error as FleetformError).message, 'stdin was not changed');
  }
});

it('JSON: two spaces, the keys and literals as written', async () => {
  const text =
    '\ufeff{"version":1,"name":"\\u0061","fleets":{"eu":1394296486561117717},\r\n"x":[1.50,{},[ ],{"a":null}]}';
  const cwd = folderOf({ 'fleetform.json': text, 'sub/empty.json': ' ', 'sub/broken.json': '{,}' });
  const [file] = (await formatPaths(cwd, [])).files;
  assert.is(file?.before, text);
  assert.is(
    file?.after,
    [
      '{',
      '  "version": 1,',
      '  "name": "\\u0061",',
      '  "fleets": {',
      '    "eu": 1394296486561117717',
      '  },',
      '  "x": [',
      '    1.50,',
      '    {},',
      '    [],',
      '    {',
      '      "a": null',
      '    }',
      '  ]',
      '}',
      '',
    ].join('\n'),
  );
  assert.is((await formatPaths(cwd, ['sub/empty.json'])).files[0]?.after, '');
  assert.is((await refusal(formatPaths(cwd, ['sub'])))[0]?.range?.file, 'sub/broken.json');
});

it('all broken files are told at once', async () => {
  const cwd = folderOf({ 'a.yaml': 'a: [', 'b.yaml': 'b: 1', 'c.yaml': 'version: 1\nversion: 1' });
  const found = await refusal(formatPaths(cwd, ['.']));
  assert.equal([...new Set(found.map(({ range }) => range?.file))], ['a.yaml', 'c.yaml']);
});

it.run();
