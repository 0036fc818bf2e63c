/** The door: every answer has its row, and what comes of each stands in its order. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskPhase } from '../../../src/model/observed.ts';
import { decide } from '../../../src/plan/decide/decide.ts';
import type { Answer, Question } from '../../../src/plan/sameness/answers.ts';
import type { Sameness } from '../../../src/plan/sameness/sameness.ts';
import type { WorldInput } from '../../../src/plan/world/world.ts';
import {
  COLLECT,
  desired,
  desiredBatch,
  entry,
  intent,
  NOW,
  observation,
  observedBatch,
  spec,
  worldOf,
} from '../../support/builders.ts';

const it = suite('decide');

const NOTHING: Sameness = {
  answers: new Map(),
  entries: new Map(),
  settlement: { found: [], nothing: [], unclear: [] },
  moves: [],
  held: new Map(),
  questions: new Map(),
  inQuestion: new Set(),
  unanswered: { open: new Set(), unsure: new Set() },
  twins: [],
  known: null,
};

function told(sameness: Partial<Sameness>, fields: Partial<WorldInput> = {}): string[] {
  const { changes, diagnostics, unmanaged } = decide(worldOf(fields), { ...NOTHING, ...sameness });
  return [
    ...changes.map(({ action, address }) => `${action} ${address}`),
    ...unmanaged.map(({ batchId }) => `unmanaged ${batchId}`),
    ...diagnostics.map(({ severity, code, address }) => `${severity} ${code} ${address}`),
  ];
}

const file = { desired: desired([desiredBatch('a')]), observation: observation([observedBatch('41')]) };
const answer = (one: Answer) => ({ answers: new Map([['a', one]]) });
const unsettled = { intent: intent('z'), why: 'doubt', candidates: [], left: 0 } as const;
const questions: [Question, string][] = [
  [{ kind: 'candidates', ids: ['41'] }, 'plan.ambiguous'],
  [{ kind: 'beside', ids: ['41'] }, 'plan.ambiguous'],
  [{ kind: 'left-in-doubt', unsettled }, 'plan.ambiguous'],
  [{ kind: 'behind-unsettled', unsettled, isTheSame: true }, 'plan.unsettled'],
  [{ kind: 'renamed', from: 'x', isFree: true }, 'plan.renamed'],
  [{ kind: 'held', by: 'x' }, 'plan.renamed'],
  [{ kind: 'ran-elsewhere', address: 'x', ids: ['41'] }, 'plan.ambiguous'],
  [{ kind: 'given-away', ids: ['41'] }, 'plan.given-away'],
  [{ kind: 'not-believed', ids: ['41'], why: 'young' }, 'plan.not-believed'],
  [{ kind: 'not-believed', ids: ['41'], why: 'seen' }, 'plan.not-believed'],
  [{ kind: 'not-believed', ids: ['41'], why: 'alone' }, 'plan.not-believed'],
  [{ kind: 'out-of-sight' }, 'plan.out-of-sight'],
];
for (const [why, code] of questions) {
  it(`${why.kind}: an error with a way out, and no change`, () => {
    assert.equal(told(answer({ verdict: 'unclear', why }), file), ['unmanaged 41', `error ${code} a`]);
    const [finding] = decide(worldOf(file), {
      ...NOTHING,
      ...answer({ verdict: 'unclear', why }),
    }).diagnostics;
    assert.ok((finding?.hint ?? '').length > 0);
  });
}

const over = (phases: TaskPhase) => ({ observation: observation([observedBatch('41', { phases })]) });
const inTheWay = { live: [], ran: [] };
const entries = new Map([['a', entry(['41'])]]);
const rows: [string, Parameters<typeof told>, string[]][] = [
  [
    'this',
    [{ ...answer({ verdict: 'this', entry: entry(['41']), madeBy: null }), entries }, file],
    ['no-op a'],
  ],
  ['found', [answer({ verdict: 'found', batch: observedBatch('41') }), file], ['adopt a']],
  ['none', [answer({ verdict: 'none', before: null, inTheWay }), file], ['create a', 'unmanaged 41']],
  [
    'none, and something else is bound',
    [{ ...answer({ verdict: 'none', before: entry(['41']), inTheWay }), entries }, file],
    ['replace a'],
  ],
  ['no longer named, live', [{ entries }, { observation: file.observation }], ['cancel a']],
  ['no longer named, over', [{ entries }, {}], ['forget a']],
  [
    'no longer named, over, and the very same may still be asked for',
    [{ entries: new Map([['a', entry(['41'], spec(), { notAfter: NOW + 1 })]]) }, over('done')],
    [],
  ],
  [
    'the same, and its deadline is over',
    [{ entries: new Map([['a', entry(['41'], spec(), { notAfter: NOW })]]) }, over('done')],
    ['forget a'],
  ],
  [
    'the same, and nobody told a deadline',
    [{ entries: new Map([['a', entry(['41'], spec(), { notAfter: null })]]) }, over('done')],
    ['forget a'],
  ],
  [
    'the same, and it was cancelled before it did anything',
    [{ entries: new Map([['a', entry(['41'], spec(), { notAfter: NOW + 1 })]]) }, over('cancelled')],
    ['forget a'],
  ],
  [
    'the same, and the API does not know it',
    [{ entries: new Map([['a', entry(['41'], spec(), { notAfter: NOW + 1 })]]) }, {}],
    [],
  ],
  [
    'the same, and it lives',
    [{ entries: new Map([['a', entry(['41'], spec(), { notAfter: NOW + 1 })]]) }, over('pending')],
    ['cancel a'],
  ],
  [
    'this, in other words',
    [
      {
        ...answer({ verdict: 'this', entry: entry(['41']), madeBy: null, isRestated: true }),
        entries,
      },
      file,
    ],
    ['adopt a', 'warning plan.restated a'],
  ],
  [
    'no longer named, guarded',
    [
      { entries: new Map([['a', entry(['41'], spec(), { preventCancel: true })]]) },
      { observation: file.observation },
    ],
    ['cancel a', 'error plan.prevented a'],
  ],
  [
    'no longer named, held',
    [{ entries, held: new Map([['a', 'b']]) }, { observation: file.observation }],
    ['warning plan.renamed a'],
  ],
  [
    'no longer named, in question',
    [
      { entries, questions: new Map([['a', { kind: 'given-away', ids: ['41'] } as const]]) },
      { observation: file.observation },
    ],
    ['error plan.given-away a'],
  ],
  [
    'a create in doubt that the file does not name',
    [{ settlement: { ...NOTHING.settlement, unclear: [unsettled] } }, {}],
    ['error plan.unsettled z'],
  ],
  [
    'a twin',
    [{ twins: [{ batch: observedBatch('41'), address: 'a', beside: [], isOver: false }] }, {}],
    ['warning plan.twin a'],
  ],
];
for (const [what, input, expected] of rows) it(what, () => assert.equal(told(...input), expected));

it('each question tells what is the case, and the way out that works', () => {
  const finding = (why: Question) => {
    const [found] = decide(worldOf(file), { ...NOTHING, ...answer({ verdict: 'unclear', why }) }).diagnostics;
    return `${found?.message} ${found?.hint}`;
  };
  const away = (why: 'young' | 'seen' | 'alone') => finding({ kind: 'not-believed', ids: ['41'], why });
  assert.match(away('young'), /created a moment ago/);
  assert.not.match(away('young'), /state rm/);
  assert.match(away('seen'), /game servers still report it.*state rm/);
  assert.match(away('alone'), /nothing else confirms.*state rm/);
  assert.match(finding({ kind: 'renamed', from: 'x', isFree: true }), /moved:/);
  assert.not.match(finding({ kind: 'renamed', from: 'x', isFree: false }), /moved:/);
  assert.match(finding({ kind: 'renamed', from: 'x', isFree: false }), /state mv 'x' 'a'/);
  assert.match(finding({ kind: 'ran-elsewhere', address: 'x', ids: ['41'] }), /state mv 'x' 'a'/);
});

it('all is in order: the file’s, then what it no longer names by address, then claims', () => {
  const many = new Map([
    ['y', entry(['43'])],
    ['x', entry(['42'])],
  ]);
  const claims = { templates: [{ id: COLLECT.id }] };
  const batches = [observedBatch('42'), observedBatch('43'), observedBatch('44', { template: COLLECT.name })];
  const none: Answer = { verdict: 'none', before: null, inTheWay };
  const input = {
    desired: desired([desiredBatch('b'), desiredBatch('a')], { claims }),
    observation: observation(batches),
  };
  const sameness = {
    entries: many,
    answers: new Map([
      ['a', none],
      ['b', none],
    ]),
  };
  assert.equal(told(sameness, input), ['create b', 'create a', 'cancel x', 'cancel y', 'cancel batch:44']);
  assert.equal(told(sameness, { ...input, mode: 'destroy' }), ['cancel x', 'cancel y', 'unmanaged 44']);
  assert.equal(told({ ...sameness, inQuestion: new Set(['44']) }, input).slice(-1), ['unmanaged 44']);
});

it.run();
