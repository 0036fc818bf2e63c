import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import type { TemplateRef } from '../../../src/model/template-ref.ts';
import { claimedBatches, unmanagedBatches } from '../../../src/plan/decide/claims.ts';
import {
  COLLECT,
  desired,
  NOW,
  observation,
  observedBatch,
  RESTART,
  TEMPLATES,
  worldOf,
} from '../../support/builders.ts';

const it = suite('claims');
const collect = (id: string, fields = {}) => observedBatch(id, { template: COLLECT.name, ...fields });

function claimed(
  refs: TemplateRef[],
  batches: ObservedBatch[],
  inQuestion: string[] = [],
  templates = TEMPLATES,
) {
  const world = worldOf({
    desired: desired([], { claims: { templates: refs } }),
    observation: observation(batches, { templates }),
  });
  const decisions = claimedBatches(world, unmanagedBatches(batches, new Set(), NOW), new Set(inQuestion));
  return [
    ...decisions.flatMap(({ change }) =>
      change === undefined ? [] : [`${change.action} ${change.address}`],
    ),
    ...decisions.flatMap(({ diagnostics }) => diagnostics.map(({ severity, code }) => `${severity} ${code}`)),
    ...[...world.asked.tasks].map(([id, look]) => `${look} of ${id}`),
  ];
}

const name = [{ name: COLLECT.name }];
const shared = [RESTART, COLLECT, { ...COLLECT, id: '9' }];
for (const [what, found, expected] of [
  ['nothing is claimed', claimed([], [collect('41')]), []],
  ['by name', claimed(name, [collect('41'), observedBatch('42')]), ['cancel batch:41']],
  ['by id', claimed([{ id: '3' }], [collect('41')]), ['cancel batch:41']],
  ['over', claimed(name, [collect('41', { phases: 'done' })]), []],
  ['in question', claimed(name, [collect('41'), collect('42')], ['41']), ['cancel batch:42']],
  ['in question, and nobody looked', claimed(name, [collect('41', { isSeen: false })], ['41']), []],
  ['a template that nobody saw', claimed(name, [collect('41', { isSeen: false })]), ['all of 41']],
  ['one that does not exist', claimed([{ name: '?' }], [collect('41')]), ['error plan.unknown-template']],
  [
    'one of two of a name',
    claimed([{ id: '3' }], [collect('41')], [], shared),
    ['warning plan.ambiguous-template'],
  ],
  ['both of a name', claimed([{ id: '3' }, { id: '9' }], [collect('41')], [], shared), ['cancel batch:41']],
  ['both by their name', claimed(name, [collect('41')], [], shared), ['cancel batch:41']],
] as const) {
  it(`${what}: ${expected.join() || 'nothing'}`, () => assert.equal(found, expected));
}

it('an unknown one is told with its place and the nearest name', () => {
  const place = (line: number) => ({
    range: { file: 'f.yaml', line, column: 3, endLine: line, endColumn: 9 },
    snippet: 'x',
  });
  const refs = [{ name: RESTART.name }, { name: `${COLLECT.name}x` }, { id: '999' }];
  const world = worldOf({
    desired: desired([], { claims: { templates: refs, places: [place(1), place(2), place(3)] } }),
    observation: observation([], { templates: TEMPLATES }),
  });
  const [near, none] = claimedBatches(world, [], new Set()).flatMap(({ diagnostics }) => diagnostics);
  assert.match(near?.message ?? '', `no such template exists; did you mean "${COLLECT.name}"?`);
  assert.match(near?.hint ?? '', `"${RESTART.name}" (${RESTART.id})`);
  assert.equal([near?.range?.line, none?.range?.line], [2, 3]);
});

it('unmanaged is what lives and nobody owns, by number', () => {
  const batches = [collect('100'), collect('99'), collect('98', { phases: 'done' }), collect('97')];
  assert.equal(
    unmanagedBatches(batches, new Set(['97']), NOW).map(({ batchId }) => batchId),
    ['99', '100'],
  );
});

it.run();
