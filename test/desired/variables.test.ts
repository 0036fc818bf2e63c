import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEAD, load, refusal } from './scratch.ts';

const variables = suite('desired: variables');
const REFERENCE = `$${'{var.build}'}`;
const TEXT = `${HEAD}vars: { build: "1" }\nbatches:\n  a: { template: "T ${REFERENCE}", target: { fleet: "1" } }\n`;
const templateOf = async (...given: Parameters<typeof load>) => (await load(...given)).blocks[0]?.template;

variables('a flag beats the environment, which beats the file', async () => {
  assert.equal(await templateOf(TEXT), { name: 'T 1' });
  assert.equal(await templateOf(TEXT, { env: { FLEETFORM_VAR_build: '2' } }), { name: 'T 2' });
  const both = { env: { FLEETFORM_VAR_build: '2' }, vars: { build: '3' } };
  assert.equal(await templateOf(TEXT, both), { name: 'T 3' });
});

variables(
  'no shell can set a name with "-": it is read with "_", unless that is another variable',
  async () => {
    const dashed = TEXT.replace('build:', 'build-id:').replace('var.build', 'var.build-id');
    assert.equal(await templateOf(dashed, { env: { FLEETFORM_VAR_build_id: '2' } }), { name: 'T 2' });
    const exact = { 'FLEETFORM_VAR_build-id': '3', FLEETFORM_VAR_build_id: '2' };
    assert.equal(await templateOf(dashed, { env: exact }), { name: 'T 3' });
    const both = dashed.replace('vars: {', 'vars: { build_id: "7",');
    assert.equal(await templateOf(both, { env: { FLEETFORM_VAR_build_id: '2' } }), { name: 'T 1' });
    const [error] = await refusal(load(dashed.replace('"1"', 'null'), {}));
    assert.match(error?.hint ?? '', '--var build-id=… or FLEETFORM_VAR_build_id,');
  },
);

variables('what the environment gives is not guessed to be for one of two names', async () => {
  const two = TEXT.replace('build: "1"', 'a_b-c: "1", a-b-c: null').replace('var.build', 'var.a_b-c');
  const env = { FLEETFORM_VAR_a_b_c: '2' };
  const [error, ...more] = await refusal(load(two, { env }));
  assert.is(error?.message, 'FLEETFORM_VAR_a_b_c is set, and may be meant for variable "a_b-c" or "a-b-c"');
  assert.match(error?.hint ?? '', '--var a-b-c=…');
  assert.is(error?.range?.line, 3);
  assert.is(more.length, 0);
  // One that has another giver leaves it to the other.
  assert.equal(await templateOf(two, { env, vars: { 'a-b-c': '3' } }), { name: 'T 2' });
  assert.equal(await templateOf(two, { env, vars: { 'a_b-c': '3' } }), { name: 'T 3' });
  assert.equal(await templateOf(two, { env: { ...env, 'FLEETFORM_VAR_a_b-c': '4' } }), { name: 'T 4' });
  const [missing] = await refusal(load(two));
  assert.is(missing?.hint, 'Give it one with --var a-b-c=…, or a default here.');
  // A third takes the plain name.
  const three = two.replace('null', '"5", a_b_c: null');
  assert.equal(await templateOf(three, { env }), { name: 'T 1' });
});

variables('a given value is taken as it is', async () => {
  assert.equal(await templateOf(TEXT, { vars: { build: REFERENCE } }), { name: `T ${REFERENCE}` });
});

variables('an undeclared one of the environment is none of ours, one of a flag is an error', async () => {
  assert.equal(await templateOf(TEXT, { env: { FLEETFORM_VAR_other: '2' } }), { name: 'T 1' });
  const [error, ...more] = await refusal(load(TEXT, { vars: { bild: '2' } }));
  assert.match(error?.message ?? '', '--var "bild": no such variable is declared; did you mean "build"?');
  assert.is(error?.range, undefined);
  assert.is(more.length, 0);
});

variables('a name of JavaScript is not declared', async () => {
  const [error] = await refusal(load(TEXT.replace('var.build', 'var.constructor')));
  assert.match(error?.message ?? '', 'unknown variable "constructor"');
});

variables('a null one must be given, and is told once', async () => {
  const text = TEXT.replace('"1" }', 'null }');
  const told = await refusal(load(text));
  assert.equal(
    told.map(({ message }) => message),
    ['variable "build" has no value'],
  );
  assert.equal(await templateOf(text, { vars: { build: '' } }), { name: 'T ' });
});

variables('for the settings, only what they use must be given', async () => {
  const { folderOf } = await import('./scratch.ts');
  const { loadSettings } = await import('../../src/desired/load.ts');
  const settings = (head: string) =>
    loadSettings({ cwd: folderOf({ 'fleetform.yaml': `version: 1\nname: live\n${head}` }), env: {} });
  const inBatches = `batches: { a: { template: "${REFERENCE}", tarjet: 1 } }\nmoved: [{ from: x, to: "${REFERENCE}" }]\n`;
  const read = await settings(`vars: { build: null }\nfleets: { eu: "1" }\n${inBatches}`);
  assert.equal([read.name, { ...read.aliases.fleets }], ['live', { eu: '1' }]);
  for (const used of [
    `api: { url: "${REFERENCE}" }`,
    `timezone: "${REFERENCE}"`,
    `fleets: { eu: "${REFERENCE}" }`,
  ]) {
    const told = await refusal(settings(`vars: { build: null }\n${used}\n${inBatches}`));
    assert.equal(
      told.map(({ message }) => message),
      ['variable "build" has no value'],
      used,
    );
  }
  const [error] = await refusal(settings(`fleet: { eu: "1" }\n${inBatches}`));
  assert.match(error?.message ?? '', 'unknown key "fleet"');
});

variables('control characters cannot come in by a value', async () => {
  const [error] = await refusal(load(TEXT, { vars: { build: '\u001b[31m' } }));
  assert.match(error?.message ?? '', 'given by --var, has a control or bidirectional character (U+001B)');
});

variables('what one file declares is unknown while it cannot be read', async () => {
  const { folderOf } = await import('./scratch.ts');
  const { loadDesired } = await import('../../src/desired/load.ts');
  const cwd = folderOf({
    'a.yaml': TEXT.replace('vars: { build: "1" }\n', '').replace(
      ' } }',
      ` }, startingDeadline: "${REFERENCE}" }`,
    ),
    'b.yaml': 'version: 1\nvars: { build: "1m"\n',
  });
  const told = await refusal(loadDesired({ cwd, files: ['.'], env: {} }));
  assert.equal(
    told.map(({ range }) => range?.file),
    ['b.yaml'],
  );
});

variables.run();
