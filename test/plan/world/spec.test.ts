import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Spec } from '../../../src/model/state.ts';
import { findTemplates, resolveBatches, specDigest } from '../../../src/plan/world/spec.ts';
import { AT, desiredBatch, RESTART, specOf, TEMPLATES } from '../../support/builders.ts';

const it = suite('spec');

const full: Spec = {
  template: { id: '2', name: 'Deploy build' },
  fleets: ['1'],
  regions: ['2'],
  instances: ['3'],
  labels: [{ key: 'a', value: 'b' }],
  executeAt: AT,
  params: [{ name: 'buildId', value: '8812' }],
  revision: 1,
};

for (const [what, change] of [
  ['template', { template: { id: '3', name: 'Deploy build' } }],
  ['fleets', { fleets: ['1', '9'] }],
  ['regions', { regions: [] }],
  ['instances', { instances: ['4'] }],
  ['a fleet that becomes a region', { fleets: [], regions: ['1', '2'] }],
  ["a label's key", { labels: [{ key: 'ab', value: 'b' }] }],
  ["a label's value", { labels: [{ key: 'a', value: 'c' }] }],
  ['where key ends and value begins', { labels: [{ key: 'ab', value: '' }] }],
  ['executeAt', { executeAt: AT + 1 }],
  ['no executeAt', { executeAt: null }],
  ["a param's name", { params: [{ name: 'build', value: '8812' }] }],
  ["a param's value", { params: [{ name: 'buildId', value: '8813' }] }],
  ['revision', { revision: 2 }],
  ['no revision', { revision: null }],
] as const) {
  it(`another digest: ${what}`, () => assert.is.not(specDigest({ ...full, ...change }), specDigest(full)));
}

it('the same digest: the template under another name, keys in another order', () => {
  const same = specDigest(full);
  assert.match(same, /^[0-9a-f]{64}$/);
  assert.is(specDigest({ ...full, template: { id: '2', name: 'Deploy a build' } }), same);
  assert.is(specDigest(Object.fromEntries(Object.entries(full).reverse()) as unknown as Spec), same);
});

it('what the file says beyond the spec (deadline, pause, protection, name) makes no other batch', () => {
  const { resolved } = resolveBatches(
    [
      desiredBatch('a'),
      desiredBatch('b', { startingDeadline: 1, paused: true, preventCancel: true, targetText: 'x' }),
    ],
    TEMPLATES,
  );
  assert.is(resolved[0]?.digest, resolved[1]?.digest);
  assert.equal(resolved[0]?.spec, specOf(desiredBatch('a')));
});

it('a template is found by its name, to the letter, or by its id', () => {
  assert.equal(findTemplates({ name: RESTART.name }, TEMPLATES), [RESTART]);
  assert.equal(findTemplates({ id: '1' }, TEMPLATES), [RESTART]);
  assert.equal(findTemplates({ name: 'restart game server' }, TEMPLATES), []);
  assert.equal(findTemplates({ name: '1' }, TEMPLATES), []);
});

it('params are held against what the template requires, where the API says so', () => {
  const codes = (template: string, ...names: string[]) =>
    resolveBatches(
      [
        desiredBatch('a', {
          template: { name: template },
          params: names.map((name) => ({ name, value: '' })),
        }),
      ],
      TEMPLATES,
    ).diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  assert.equal(codes('Deploy build', 'buildId'), []);
  assert.equal(codes('Deploy build'), ['error plan.missing-param']);
  assert.equal(codes('Deploy build', 'build'), ['error plan.missing-param', 'warning plan.unknown-param']);
  assert.equal(codes('Restart game server', 'x'), ['warning plan.unknown-param']);
  assert.equal(codes('Collect logs', 'x'), [], 'a template that does not say');
});

it('a param that the template does not use is shown where it is given, each with what it may mean', () => {
  const at = (line: number) => ({
    range: { file: 'fleetform.yaml', line, column: 7, endLine: line, endColumn: 9 },
    snippet: '',
  });
  const { diagnostics } = resolveBatches(
    [
      desiredBatch('a', {
        template: { name: 'Deploy build' },
        params: [
          { name: 'buildID', value: '' },
          { name: 'constructor', value: '' },
        ],
        paramsAt: new Map([['buildID', at(9)]]),
      }),
    ],
    TEMPLATES,
  );
  assert.equal(
    diagnostics
      .filter(({ severity }) => severity === 'warning')
      .map(({ message, range }) => [message, range?.line]),
    [
      ['template "Deploy build" does not use "buildID"; did you mean "buildId"?', 9],
      ['template "Deploy build" does not use "constructor"', 4],
    ],
  );
});

it('every batch of an unknown template is told, and left out', () => {
  const ghost = { template: { id: '99' } };
  const { resolved, diagnostics } = resolveBatches(
    [desiredBatch('a', ghost), desiredBatch('b'), desiredBatch('c', ghost)],
    TEMPLATES,
  );
  assert.equal(
    resolved.map(({ desired }) => desired.address),
    ['b'],
  );
  assert.equal(
    diagnostics.map(({ code, address }) => `${code} ${address}`),
    ['plan.unknown-template a', 'plan.unknown-template c'],
  );
});

it.run();
