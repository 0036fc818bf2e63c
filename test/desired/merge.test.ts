import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDesired } from '../../src/desired/load.ts';
import { folderOf, refusal } from './scratch.ts';

const FILES = {
  'a.yaml': `version: 1
name: live-ops
vars: { build: "1" }
fleets: { eu: "11" }
claims: { templates: [T] }
batches:
  one: { template: T, target: { fleet: us } }
`,
  'b.yaml': `version: 1
name: live-ops
api: sandbox
fleets: { us: "12" }
regions: { ams: "42" }
claims: { templates: [U, T] }
batches:
  two: { template: "U \${var.build}", target: { fleet: eu } }
`,
  'c.json':
    '{ "version": 1, "limits": { "create": 3 }, "batches": { "three": { "template": 9, "target": { "region": "ams" } } } }',
};
const loadAll = (files: Record<string, string>) =>
  loadDesired({ cwd: folderOf(files), files: ['.'], env: {} });

const merging = suite('desired: merge');

merging('asides of the root are not read, in each file, and their anchors work', async () => {
  const asides = (schema: string) =>
    `$schema: ${schema}\nx-t: { <<: 1, t: &t "T \${var.build}", u: "\${var.none}", "\${a": [null] }\nx-: 3\n`;
  const desired = await loadAll({
    'a.yaml': `${asides('"a.json"')}${FILES['a.yaml'].replace('one: { template: T', 'one: { template: *t')}`,
    'b.yaml': `${asides('b.json')}${FILES['b.yaml']}`,
    'c.json': `{ "$schema": "c", "x-t": { "a": [] }, ${FILES['c.json'].slice(1)}`,
  });
  assert.equal(desired.blocks[0]?.template, { name: 'T 1' });
  assert.is(
    desired.digest,
    (
      await loadAll({
        ...FILES,
        'a.yaml': FILES['a.yaml'].replace('one: { template: T', 'one: { template: T 1'),
      })
    ).digest,
  );
});

merging('only the root has asides, and an anchor in one is no excuse', async () => {
  const told = async (head: string, rest: string) =>
    (
      await refusal(
        loadAll({ 'a.yaml': `version: 1\nname: a\n${head}\nbatches:\n  a: { template: T, ${rest} }\n` }),
      )
    ).map(({ message }) => message.split(';')[0]);
  assert.equal(await told('', 'x-a: 1, target: { fleet: "1" }'), ['unknown key "x-a" in batch "a"']);
  assert.equal(await told('x: 1', 'target: { fleet: "1" }'), ['unknown key "x" in the file']);
  assert.equal(await told('x-a: &a { fleet: eu }\nx-a: 1', 'target: { fleet: "1" }'), [
    'key "x-a" is listed twice in the file',
  ]);
  assert.equal(await told('x-a: &a { fleet: eu }', 'target: *a'), ['unknown fleet "eu"']);
});

merging('sections come together across files', async () => {
  const desired = await loadAll(FILES);
  assert.is(desired.name, 'live-ops');
  assert.equal(desired.api, { kind: 'sandbox' });
  assert.equal(desired.limits, { create: 3 });
  assert.equal(desired.claims.templates, [{ name: 'T' }, { name: 'U' }]);
  assert.equal(
    desired.claims.places?.map(({ range }) => `${range.file}:${range.line}:${range.column}`),
    ['a.yaml:5:23', 'b.yaml:6:23'],
  );
  assert.equal(
    desired.blocks.map(({ address, template, targets, at }) => [
      address,
      template,
      [...targets.fleets, ...targets.regions],
      at.range.file,
    ]),
    [
      ['one', { name: 'T' }, ['12'], 'a.yaml'],
      ['two', { name: 'U 1' }, ['11'], 'b.yaml'],
      ['three', { id: '9' }, ['42'], 'c.json'],
    ],
  );
});

merging('the split into files does not change the digest', async () => {
  const renamed = { 'z.yaml': FILES['a.yaml'], 'b.yaml': FILES['b.yaml'], 'c.json': FILES['c.json'] };
  assert.is((await loadAll(renamed)).digest, (await loadAll(FILES)).digest);
});

for (const [what, file, message] of [
  [
    'batches',
    'batches: { one: { template: X, target: { fleet: eu } } }',
    'batch "one" is declared twice; first at a.yaml:7:3',
  ],
  ['variables', 'vars: { build: "2" }', 'variable "build" is declared twice; first at a.yaml:3:9'],
  ['fleets', 'fleets: { us: "9" }', 'fleet "us" is declared twice; first at b.yaml:4:11'],
  ['regions', 'regions: { ams: "42" }', 'region "ams" is declared twice; first at b.yaml:5:12'],
  ['differing names', 'name: other', '"name" differs from the one at a.yaml:2:1'],
  ['differing APIs', 'api: {}', '"api" differs from the one at b.yaml:3:1'],
] as const) {
  merging(`${what} that collide name both places`, async () => {
    const told = await refusal(loadAll({ ...FILES, 'd.yaml': `version: 1\n${file}\n` }));
    assert.is(told.length, 1, told.map((d) => d.message).join('\n'));
    assert.match(told[0]?.message ?? '', message);
    assert.is(told[0]?.range?.file, 'd.yaml');
  });
}

merging('every file has a version, one has the name', async () => {
  const told = await refusal(loadAll({ 'a.yaml': 'version: 1\nbatches: {}\n', 'b.yaml': 'batches: {}\n' }));
  assert.equal(
    told.map(({ message, range }) => `${range?.file} ${message.split(';')[0]}`),
    ['a.yaml none of the files has a "name"', 'b.yaml the file has no "version"'],
  );
});

merging('one file that cannot be parsed does not hide the mistakes of another', async () => {
  const told = await refusal(
    loadAll({ 'a.yaml': 'version: 1\nname: {\n', 'b.yaml': 'version: 1\nlimit: {}\n' }),
  );
  assert.equal(
    told.map(({ code, range }) => `${range?.file} ${code}`),
    ['a.yaml desired.syntax', 'b.yaml desired.unknown-key'],
  );
});

merging('twins in two files name both places', async () => {
  const twin = 'version: 1\nbatches: { twin: { template: T, target: { fleet: us } } }\n';
  const [error] = await refusal(loadAll({ ...FILES, 'd.yaml': twin }));
  assert.match(error?.message ?? '', '"twin" and "one" (a.yaml:7:3) are the same');
  assert.is(error?.range?.file, 'd.yaml');
});

merging.run();
