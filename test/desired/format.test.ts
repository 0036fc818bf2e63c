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
    ['version: 1\nversion: 2\n', 'stands twice', 2],
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
    assert.match((error as FleetformError).message, 'stdin was left as it is');
  }
});

it('JSON: two spaces, the keys and literals as written', async () => {
  const text =
    '\ufeff{"version":1,"name":"\\u0061","fleets":{"eu":1394296486561117717},\r\n"x":[1.50,{},[ ],{"a":null}]}';
  const cwd = folderOf({ 'fleetform.json': text, 'sub/empty.json': ' ', 'sub/broken.json': '{,}' });
  const [file] = await formatPaths(cwd, []);
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
  assert.is((await formatPaths(cwd, ['sub/empty.json']))[0]?.after, '');
  assert.is((await refusal(formatPaths(cwd, ['sub'])))[0]?.range?.file, 'sub/broken.json');
});

it('all broken files are told at once', async () => {
  const cwd = folderOf({ 'a.yaml': 'a: [', 'b.yaml': 'b: 1', 'c.yaml': 'c: 1\nc: 2' });
  const found = await refusal(formatPaths(cwd, ['.']));
  assert.equal([...new Set(found.map(({ range }) => range?.file))], ['a.yaml', 'c.yaml']);
});

it.run();
