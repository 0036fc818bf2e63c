import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UnreadableAnswer } from '../../src/api/answer-text.ts';
import { readBatches, readInstances, readOne, readTasks, readTemplates } from '../../src/api/answers.ts';
import { BATCH, TASK_TEXT } from './fake-transport.ts';

const test = suite('answers');

const ID = '6268349608002583795';

const TASK = {
  id: '71',
  name: 'Restart game server',
  batchId: '7',
  entityId: ID,
  phase: 'pending',
  resultCode: 0,
  currentActionIdx: 0,
  executeAt: 1796094000,
  lastActivityAt: null,
  finishedAt: null,
  resultText: '',
};

test('a task, every digit of its game server kept', () => {
  assert.equal(readTasks(`[${TASK_TEXT}]`), [TASK]);
});

test('a bare object is an array of one; order is kept; unknown fields are ignored', () => {
  assert.equal(readTasks(TASK_TEXT), [TASK]);
  const two = readBatches(JSON.stringify([{ ...BATCH, id: 9, new: { a: [1.5] } }, BATCH]));
  assert.equal(
    two.map(({ id }) => id),
    ['9', '7'],
  );
  assert.equal(Object.keys(two[0]!).sort(), Object.keys(BATCH).sort());
  assert.equal(readTasks('[]'), []);
});

test('an id as a number or as digits in a text', () => {
  const quoted = TASK_TEXT.replace(ID, `"${ID}"`).replace('"id":71', '"id":"71"');
  assert.equal(readTasks(quoted), [TASK]);
  assert.equal(readBatches(JSON.stringify({ ...BATCH, id: '7', taskIds: ['71', 72] }))[0]!.taskIds, [
    '71',
    '72',
  ]);
});

test('"not yet" is 0, null or absent', () => {
  const { executeAt: _, finishedAt: __, createdAt: ___, ...rest } = BATCH;
  const none = { createdAt: null, executeAt: null, finishedAt: null };
  for (const times of [{}, none, { createdAt: 0, executeAt: 0, finishedAt: 0 }]) {
    const [batch] = readBatches(JSON.stringify({ ...rest, ...times }));
    assert.equal([batch!.createdAt, batch!.executeAt, batch!.finishedAt], [null, null, null]);
  }
});

test('counters that are absent are 0', () => {
  const [batch] = readBatches('{"id":7,"numTasks":3,"taskIds":[]}');
  assert.equal(batch, {
    id: '7',
    createdAt: null,
    executeAt: null,
    finishedAt: null,
    numTasks: 3,
    numTasksOk: 0,
    numTasksFailed: 0,
    numTasksCancelled: 0,
    taskIds: [],
  });
});

test('a task with what is required and nothing else', () => {
  const [task] = readTasks('{"id":1,"batchId":2,"entityId":3,"resultCode":127}');
  assert.equal(task, {
    id: '1',
    name: '',
    batchId: '2',
    entityId: '3',
    phase: 'done',
    resultCode: 127,
    currentActionIdx: null,
    executeAt: null,
    lastActivityAt: null,
    finishedAt: null,
    resultText: '',
  });
});

for (const [code, phase] of [
  [0, 'pending'],
  [1, 'running'],
  [2, 'paused'],
  [125, 'cancelled'],
  [126, 'failed'],
  [127, 'done'],
  [3, 'unknown'],
  [128, 'unknown'],
  [-1, 'unknown'],
] as const) {
  test(`resultCode ${code} is ${phase}`, () => {
    const [task] = readTasks(`{"id":1,"batchId":2,"entityId":3,"resultCode":${code}}`);
    assert.is(task!.phase, phase);
    assert.is(task!.resultCode, code);
  });
}

test('templates: required params of all actions, each once; null when the API does not say', () => {
  const templates = readTemplates(
    JSON.stringify([
      { id: 1, name: 'Restart', description: 'Stops and starts' },
      {
        id: 2,
        name: 'Deploy',
        description: null,
        actions: [{ requiredParams: ['b', 'a'] }, { requiredParams: ['a'] }],
      },
      { id: 3, name: 'Log', actions: [{ idx: 0, actionType: 'x' }, { requiredParams: null }] },
      { id: 4, name: 'None', actions: null },
    ]),
  );
  assert.equal(templates, [
    { id: '1', name: 'Restart', description: 'Stops and starts', requiredParams: null },
    { id: '2', name: 'Deploy', description: '', requiredParams: ['b', 'a'] },
    { id: '3', name: 'Log', description: '', requiredParams: [] },
    { id: '4', name: 'None', description: '', requiredParams: null },
  ]);
});

test('templates: required params as an object (name → description), as a list, and both', () => {
  const actions: { requiredParams: object }[] = [
    { requiredParams: { buildId: 'The build to install', channel: '' } },
    { requiredParams: [] },
    { requiredParams: {} },
    { requiredParams: ['region', 'buildId'] },
    { requiredParams: { '0': null, toString: { type: 'text' } } },
  ];
  const [template] = readTemplates(JSON.stringify([{ id: 1, name: 'Deploy', actions }]));
  assert.equal(template?.requiredParams, ['buildId', 'channel', 'region', '0', 'toString']);
});

test('instances', () => {
  assert.equal(
    readInstances(`[{"id":${ID},"fleetId":"12","regionId":42},{"id":"5","fleetId":0,"regionId":""}]`),
    [
      { id: ID, fleetId: '12', regionId: '42' },
      { id: '5', fleetId: null, regionId: null },
    ],
  );
});

const task = JSON.parse(TASK_TEXT.replace(ID, '5')) as Record<string, unknown>;
const template = { id: 1, name: 'Restart', actions: [{ requiredParams: ['a'] }] };
const instance = { id: 1, fleetId: '2', regionId: '3' };
const ABSENT = Symbol('absent');

const NUMBER = 'expected a number';
const WHOLE = 'expected a whole number, 0 or more';
const TIME = 'expected a time in unix seconds, 0 or null';

/** [reader, a right object, field, a wrong value, what is said of it] */
const WRONG: readonly (readonly [(text: string) => unknown, object, string, unknown, string])[] = [
  [readTasks, task, 'id', ABSENT, '[1].id: missing'],
  [readTasks, task, 'id', 'abc', `[1].id: found "abc", ${NUMBER}`],
  [readTasks, task, 'id', null, `[1].id: found null, ${NUMBER}`],
  [readTasks, task, 'id', 0, `[1].id: found "0", ${NUMBER}`],
  [readTasks, task, 'id', -7, `[1].id: found "-7", ${NUMBER}`],
  [readTasks, task, 'id', 1.5, `[1].id: found "1.5", ${NUMBER}`],
  [readTasks, task, 'id', '007', `[1].id: found "007", ${NUMBER}`],
  [readTasks, task, 'id', '', `[1].id: found "", ${NUMBER}`],
  [readTasks, task, 'id', true, `[1].id: found true, ${NUMBER}`],
  [readTasks, task, 'id', { a: 1 }, `[1].id: found an object, ${NUMBER}`],
  [readTasks, task, 'id', '123456789012345678901', `[1].id: found "123456789012345678901", ${NUMBER}`],
  [readTasks, task, 'batchId', ABSENT, '[1].batchId: missing'],
  [readTasks, task, 'batchId', 'abc', `[1].batchId: found "abc", ${NUMBER}`],
  [readTasks, task, 'entityId', ABSENT, '[1].entityId: missing'],
  [readTasks, task, 'entityId', [1], `[1].entityId: found an array, ${NUMBER}`],
  [readTasks, task, 'resultCode', ABSENT, '[1].resultCode: missing'],
  [readTasks, task, 'resultCode', null, '[1].resultCode: found null, expected a whole number'],
  [readTasks, task, 'resultCode', '127', '[1].resultCode: found "127", expected a whole number'],
  [readTasks, task, 'resultCode', 1.5, '[1].resultCode: found 1.5, expected a whole number'],
  [readTasks, task, 'name', 7, '[1].name: found 7, expected a text'],
  [readTasks, task, 'resultText', ['x'], '[1].resultText: found an array, expected a text'],
  [
    readTasks,
    task,
    'currentActionIdx',
    '1',
    '[1].currentActionIdx: found "1", expected a whole number or null',
  ],
  [readTasks, task, 'executeAt', 'soon', `[1].executeAt: found "soon", ${TIME}`],
  [readTasks, task, 'executeAt', 1796094000000, `[1].executeAt: found 1796094000000, ${TIME}`],
  [readTasks, task, 'executeAt', -1, `[1].executeAt: found -1, ${TIME}`],
  [readTasks, task, 'lastActivityAt', false, `[1].lastActivityAt: found false, ${TIME}`],
  [readTasks, task, 'finishedAt', '2026-12-01', `[1].finishedAt: found "2026-12-01", ${TIME}`],
  [readBatches, BATCH, 'id', ABSENT, '[1].id: missing'],
  [readBatches, BATCH, 'id', 'x\x1b', `[1].id: found "x\\u{1b}", ${NUMBER}`],
  [readBatches, BATCH, 'numTasks', ABSENT, '[1].numTasks: missing'],
  [readBatches, BATCH, 'numTasks', null, `[1].numTasks: found null, ${WHOLE}`],
  [readBatches, BATCH, 'numTasks', '2', `[1].numTasks: found "2", ${WHOLE}`],
  [readBatches, BATCH, 'numTasks', -1, `[1].numTasks: found -1, ${WHOLE}`],
  [readBatches, BATCH, 'numTasksOk', null, `[1].numTasksOk: found null, ${WHOLE}`],
  [readBatches, BATCH, 'numTasksFailed', 'x', `[1].numTasksFailed: found "x", ${WHOLE}`],
  [readBatches, BATCH, 'numTasksCancelled', 0.5, `[1].numTasksCancelled: found 0.5, ${WHOLE}`],
  [readBatches, BATCH, 'taskIds', ABSENT, '[1].taskIds: missing'],
  [readBatches, BATCH, 'taskIds', null, '[1].taskIds: found null, expected an array of numbers'],
  [readBatches, BATCH, 'taskIds', 5, '[1].taskIds: found 5, expected an array of numbers'],
  [readBatches, BATCH, 'taskIds', [1, 'x'], `[1].taskIds[1]: found "x", ${NUMBER}`],
  [readBatches, BATCH, 'createdAt', '1', `[1].createdAt: found "1", ${TIME}`],
  [readTemplates, template, 'id', ABSENT, '[1].id: missing'],
  [readTemplates, template, 'name', ABSENT, '[1].name: missing'],
  [readTemplates, template, 'name', null, '[1].name: found null, expected a text'],
  [readTemplates, template, 'description', 1, '[1].description: found 1, expected a text'],
  [readTemplates, template, 'actions', 'x', '[1].actions: found "x", expected an array or null'],
  [readTemplates, template, 'actions', [1], '[1].actions[0]: found 1, expected an object'],
  [
    readTemplates,
    template,
    'actions',
    [{ requiredParams: [1] }],
    '[1].actions[0].requiredParams[0]: found 1, expected a text',
  ],
  ...['buildId', 7, true].map(
    (wrong) =>
      [
        readTemplates,
        template,
        'actions',
        [{ requiredParams: wrong }],
        `[1].actions[0].requiredParams: found ${JSON.stringify(wrong)}, expected an array or an object`,
      ] as const,
  ),
  [readInstances, instance, 'id', ABSENT, '[1].id: missing'],
  [readInstances, instance, 'fleetId', 'eu', '[1].fleetId: found "eu", expected a number or null'],
  [readInstances, instance, 'regionId', true, '[1].regionId: found true, expected a number or null'],
];

function unreadable(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.instance(error, UnreadableAnswer);
    return (error as Error).message;
  }
  throw new Error('it was believed');
}

for (const [read, right, field, value, said] of WRONG) {
  test(`wrong: ${said}`, () => {
    read(JSON.stringify([right, right]));
    const { [field]: _, ...rest } = right as Record<string, unknown>;
    const wrong = value === ABSENT ? rest : { ...rest, [field]: value };
    assert.is(
      unreadable(() => read(JSON.stringify([right, wrong, right]))),
      said,
    );
  });
}

for (const [text, said] of [
  ['', 'an empty body'],
  ['  ', 'an empty body'],
  [
    '<!DOCTYPE html><html><head><title>\n502 Bad\x1b Gateway</title>',
    'an HTML page titled "502 Bad\\u{1b} Gateway"',
  ],
  ['<html><body>no title', 'an HTML page'],
  ['upstream connect error', 'text that is not JSON ("upstream connect error")'],
  ['[{"id":1', 'broken JSON ("[{"id":1")'],
  ['{"id":1,"id":2}', 'broken JSON ("{"id":1,"id":2}")'],
  ['null', 'found null, expected an array'],
  ['"x"', 'found "x", expected an array'],
  ['5', 'found 5, expected an array'],
  ['[5]', '[0]: found 5, expected an object'],
  ['[null]', '[0]: found null, expected an object'],
  ['[[]]', '[0]: found an array, expected an object'],
  [
    '{"__proto__":{"id":1,"numTasks":1,"taskIds":[]}}',
    '[0].id: missing; [0].numTasks: missing; [0].taskIds: missing',
  ],
  [`[${'['.repeat(200_000)}`, 'lists and objects nested more than 32 deep'],
] as const) {
  test(`not an answer: ${text.slice(0, 60)}`, () =>
    assert.is(
      unreadable(() => readBatches(text)),
      said,
    ));
}

test('of many wrong fields the first three are named, the others counted', () => {
  const said = unreadable(() => readInstances('[{},{},{},{},{}]'));
  assert.is(said, '[0].id: missing; [1].id: missing; [2].id: missing; and 2 more');
});

test('one object is one object, and the one that was asked for', () => {
  assert.is(readOne(readBatches, JSON.stringify(BATCH), '7').id, '7');
  assert.is(readOne(readBatches, JSON.stringify([BATCH]), null).id, '7');
  const all = (text: string, id: string | null) => unreadable(() => readOne(readBatches, text, id));
  assert.is(all('[]', '7'), 'found 0 objects, expected one');
  assert.is(all(JSON.stringify([BATCH, BATCH]), null), 'found 2 objects, expected one');
  assert.is(all(JSON.stringify(BATCH), '8'), '[0].id: found 7, expected 8, which was asked for');
});

test.run();
