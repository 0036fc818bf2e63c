/** A desired state as text or as an object: the same as from a file, with the same words for what is wrong. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse as parseYaml } from 'yaml';
import { type GivenOptions, loadDesiredObject, loadDesiredText } from '../../src/desired/load-given.ts';
import type { Desired } from '../../src/model/desired.ts';
import { type Diagnostic, DiagnosticsError } from '../../src/model/errors.ts';
import { load } from './scratch.ts';

const it = suite('desired: given by a program');

const EU = '1394296486561117717';
const TEXT = `version: 1
name: live
api: sandbox
timezone: UTC
fleets: { eu: "${EU}" }
freezes: [{ name: finals, from: 2026-12-12T00:00:00Z, to: 2026-12-14T00:00:00Z }]
batches:
  nightly:
    template: Restart game server
    targets: [{ fleet: eu }, { instances: ["3"] }]
    schedule: { cron: 30 4 * * *, timezone: UTC, horizon: 2d }
  hotfix:
    template: Deploy build
    target: { fleet: eu }
    executeAt: 2026-12-01T03:00:00Z
    params: { buildId: "\${var.build}" }
vars: { build: "8812" }
`;

/** All of it but its places. */
function meaning({ blocks, freezes, aliases, ...rest }: Desired): unknown {
  const { files: _, root: __, digest, ...settings } = rest;
  const parts = (one: object) =>
    Object.entries(one).filter(([key]) => !/^at$|At$|templatesAt$/.test(key) || key === 'executeAt');
  return { digest, settings, aliases, blocks: blocks.map(parts), freezes: freezes.map(parts) };
}

async function refusals(given: string | object, options?: GivenOptions): Promise<readonly Diagnostic[]> {
  try {
    await (typeof given === 'string' ? loadDesiredText(given, options) : loadDesiredObject(given, options));
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  }
  throw new Error('it was taken');
}

it('means the same as text, as an object, and in a file', async () => {
  const file = meaning(await load(TEXT));
  assert.equal(meaning(await loadDesiredText(TEXT)), file);
  assert.equal(meaning(await loadDesiredObject(parseYaml(TEXT))), file);
  assert.equal(meaning(await loadDesiredText(JSON.stringify(parseYaml(TEXT)), { name: 'live.json' })), file);
});

it('lives in the folder that it is said to be in, and reads nothing of it', async () => {
  const desired = await loadDesiredText(TEXT, { cwd: '/no/such', name: 'folder/live.yaml' });
  assert.equal([desired.root, desired.files], ['/no/such/folder', ['/no/such/folder/live.yaml']]);
  assert.is((await loadDesiredObject(parseYaml(TEXT), { cwd: '/no/such' })).root, '/no/such');
});

it('takes the values of variables from the caller, and none from the process', async () => {
  const paramOf = ({ blocks }: Desired) => blocks.at(-1)!.params[0]!.value;
  process.env.FLEETFORM_VAR_build = '1';
  try {
    assert.is(paramOf(await loadDesiredText(TEXT)), '8812');
    const env = { FLEETFORM_VAR_build: '2' };
    assert.is(paramOf(await loadDesiredObject(parseYaml(TEXT), { env })), '2');
    assert.is(paramOf(await loadDesiredText(TEXT, { env, vars: { build: '3' } })), '3');
  } finally {
    delete process.env.FLEETFORM_VAR_build;
  }
});

it('tells of text where it is wrong, all at once', async () => {
  const found = await refusals(TEXT.replace('executeAt', 'executAt').replace('Deploy build', '[1]'), {
    name: 'ci.yaml',
  });
  assert.equal(
    found.map(({ range, path }) => [range?.file, range?.line, range?.column, path]),
    [
      ['ci.yaml', 13, 15, undefined],
      ['ci.yaml', 15, 5, undefined],
    ],
  );
  assert.match(found[1]!.snippet!, 'executAt: 2026');
});

it('tells of an object where it is wrong, by path, in the same words as of text', async () => {
  const wrong = TEXT.replace('executeAt', 'executAt').replace('Restart game server', '[1]');
  const [text, object] = [await refusals(wrong), await refusals(parseYaml(wrong))];
  assert.equal(
    object.map(({ path }) => path),
    ['/batches/nightly/template', '/batches/hotfix/executAt'],
  );
  const words = (all: readonly Diagnostic[]) => all.map(({ code, message, hint }) => [code, message, hint]);
  assert.equal(words(object), words(text));
  assert.is(object[1]!.snippet?.trim(), '"executAt": "2026-12-01T03:00:00Z",');
});

it('escapes a path as JSON pointers do, and names the whole by an empty one', async () => {
  const [odd] = await refusals({ ...parseYaml(TEXT), 'a/b~c': 1 });
  assert.is(odd!.path, '/a~1b~0c');
  assert.is((await refusals({})).at(0)!.path, '');
  assert.is((await refusals([])).at(0)!.path, '');
});

it('refuses an id that JavaScript has rounded, and takes it as a string or a bigint', async () => {
  const given = (id: unknown) => ({ ...parseYaml(TEXT), fleets: { eu: id } });
  const [rounded] = await refusals(given(Number(EU)));
  assert.is(rounded!.path, '/fleets/eu');
  assert.match(rounded!.message, 'a number that JavaScript has rounded');
  for (const id of [EU, BigInt(EU)]) {
    assert.is((await loadDesiredObject(given(id))).aliases.fleets.eu, EU);
  }
});

it('takes what JSON would, and refuses the rest with its path', async () => {
  const base = parseYaml(TEXT);
  const batch = (executeAt: unknown) => ({
    ...base,
    batches: { hotfix: { ...base.batches.hotfix, executeAt } },
  });
  const date = await loadDesiredObject(batch(new Date('2026-12-01T03:00:00Z')));
  assert.equal(date.blocks[0]!.when, { kind: 'at', executeAt: 1_796_094_000 });
  assert.equal((await loadDesiredObject(batch(undefined))).blocks[0]!.when, { kind: 'once', revision: null });
  const loop: Record<string, unknown> = {};
  loop.again = loop;
  const strange = [() => 1, Symbol('x'), Number.NaN, new Map(), loop, [undefined]];
  for (const one of strange) {
    const [first] = await refusals(batch(one));
    assert.match(first!.path!, /^\/batches\/hotfix\/executeAt(\/again|\/0)?$/, String(first!.message));
    assert.is(first!.code, 'desired.syntax');
  }
});

it('is no prototype: such a key is an unknown one', async () => {
  const found = await refusals(JSON.parse('{ "version": 1, "name": "x", "__proto__": { "batches": {} } }'));
  assert.ok(found.some(({ path, code }) => path === '/__proto__' && code === 'desired.unknown-key'));
});

it('refuses what is a record of fleetform, and what is too large', async () => {
  const [plan] = await refusals('{ "formatVersion": "1.0", "fleetformVersion": "0" }');
  assert.match(plan!.message, 'is a saved plan');
  assert.match((await refusals(`# ${'x'.repeat(5 * 1024 * 1024)}`))[0]!.message, 'more than 5 MB');
});

it('a toJSON is asked, whoever has it, once', async () => {
  const wish = { version: 1, name: 'live', api: 'sandbox', batches: {} };
  class Wish {
    toJSON() {
      return wish;
    }
  }
  const hidden = Object.defineProperty({ other: 1 }, 'toJSON', { value: () => wish });
  const list = Object.assign([1], { toJSON: () => wish });
  const copies = { ...wish, toJSON: () => ({ ...wish, toJSON: () => assert.unreachable() }) };
  const inner = { ...wish, batches: { toJSON: () => ({}) }, freezes: { toJSON: () => undefined } };
  const bare = Object.assign(Object.create(null), { toJSON: () => wish });
  for (const given of [new Wish(), { toJSON: () => wish }, hidden, list, copies, inner, bare]) {
    assert.is((await loadDesiredObject(given)).name, 'live');
  }
});

it('what is no text, and a value that is none, are refused in words', async () => {
  const object = { version: 1, name: 'live', api: 'sandbox', batches: {} };
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(String, ({ code, message }) => `${code}: ${message}`);
  for (const text of [null, undefined, 7, Buffer.from(TEXT)])
    assert.match(await codeOf(loadDesiredText(text as never)), /^desired\.argument: the text is /);
  for (const value of [null, 7, true, ['a']]) {
    const vars = { build: value } as never;
    assert.match(await codeOf(loadDesiredText(TEXT, { vars })), /^desired\.argument: .*"build"/);
    assert.match(await codeOf(loadDesiredObject(object, { vars })), /^desired\.argument: .*"build"/);
  }
});

it('speaks of what a program gives in its own words, of no flag', async () => {
  const needs = TEXT.replace('build: "8812"', 'build: null');
  const told = [
    ...(await refusals(TEXT, { vars: { bild: '2' } })),
    ...(await refusals(TEXT, { vars: { build: '\u001b' } })),
    ...(await refusals(needs)),
    ...(await refusals({ version: 1, name: 'live', batches: { a: { params: { n: 2 ** 60 } } } })),
  ];
  const words = told.map(({ message, hint }) => `${message} ${hint}`).join('\n');
  assert.match(words, '`vars` "bild": no such variable is declared; did you mean "build"?');
  assert.match(words, 'given by `vars`, has a control');
  assert.match(words, 'Give it one in `vars` or FLEETFORM_VAR_build');
  assert.match(words, 'Give it as a string');
  assert.not.match(words, '--var');
});

it.run();
