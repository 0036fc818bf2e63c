import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApiError, TransportError } from '../../src/api/errors.ts';
import type { FleetApi } from '../../src/api/port.ts';
import { isFullList } from '../../src/model/observed.ts';
import type { Spec } from '../../src/model/state.ts';
import { BATCH, clientOn, failure, json, KEY, scripted, TASK_TEXT } from './fake-transport.ts';

const test = suite('client');

const SPEC: Spec = {
  template: { id: '3', name: 'Restart game server' },
  fleets: ['1394296486561117717'],
  regions: [],
  instances: [],
  labels: [],
  executeAt: 1796094000,
  params: [],
  revision: null,
};

const CALLS: readonly (readonly [string, (api: FleetApi) => Promise<unknown>, string])[] = [
  ['GET /v3/applicationInstance/task/template', (api) => api.listTemplates(), '[]'],
  ['GET /v3/applicationInstance/task', (api) => api.listTasks(), '[]'],
  ['GET /v3/applicationInstance/taskBatch', (api) => api.listBatches(), '[]'],
  ['GET /v3/applicationInstance/task/71', (api) => api.getTask('71'), `[${TASK_TEXT}]`],
  ['GET /v3/applicationInstance/taskBatch/7', (api) => api.getBatch('7'), JSON.stringify([BATCH])],
  ['POST /v3/applicationInstance/task', (api) => api.createBatch(SPEC), JSON.stringify([BATCH])],
  ['PUT /v3/applicationInstance/task/71', (api) => api.toggleTask('71'), TASK_TEXT],
  ['DELETE /v3/applicationInstance/task/71', (api) => api.cancelTask('71'), TASK_TEXT],
  ['GET /v3/applicationInstance', (api) => api.listInstances({}), '[]'],
];

/** What is not the API's error object. */
const FOREIGN = [
  '',
  '<html><title>404 Not Found</title></html>',
  'not here',
  '{',
  'null',
  '404',
  '{}',
  '[]',
  '{"message":"no route"}',
  '{"error":{"errorMessage":"inside"}}',
  '{"errorMessage":null,"errorCode":{}}',
  '[[{"errorMessage":"too deep"}]]',
  '[{"errorMessage":"one"},{"errorMessage":"two"}]',
];
const APIS = [
  '{"errorCode":10404}',
  '{"errorMessage":"unknown"}',
  '[{"errorCode":10404,"errorMessage":"unknown","errors":[]}]',
];

const isRead = (endpoint: string) => endpoint.startsWith('GET');

for (const [endpoint, call, body] of CALLS) {
  test(`${endpoint}: one request, with the key and who we are`, async () => {
    const transport = scripted(json(body));
    await call(clientOn(transport));
    assert.is(transport.requests.length, 1);
    const [request] = transport.requests;
    assert.is(`${request!.method} ${request!.path}`, endpoint);
    assert.is(request!.headers['PRIVATE-TOKEN'], KEY);
    assert.is(request!.headers.Accept, 'application/json');
    assert.is(request!.headers['User-Agent'], 'fleetform/0.0.0-test');
    const isPost = endpoint.startsWith('POST');
    assert.is(request!.headers['Content-Type'], isPost ? 'application/json' : undefined);
    assert.is(request!.body !== undefined, isPost);
  });

  for (const [status, code, outcome] of [
    [400, 'api.invalid', 'none'],
    [401, 'api.unauthorized', 'none'],
    [403, 'api.unauthorized', 'none'],
    [404, 'api.not-found', 'none'],
    [405, 'api.invalid', 'none'],
    [408, 'api.invalid', 'unclear'],
    [409, 'api.conflict', 'none'],
    [422, 'api.invalid', 'none'],
    [429, 'api.rate-limited', 'none'],
    [300, 'api.redirect', 'unclear'],
    [304, 'api.redirect', 'unclear'],
    [307, 'api.redirect', 'unclear'],
    [500, 'api.server', 'unclear'],
    [503, 'api.server', 'unclear'],
    [101, 'api.unreadable', 'unclear'],
  ] as const) {
    test(`${endpoint}: ${status} is ${code}`, async () => {
      const error = (await failure(
        call(clientOn(scripted({ status, body: '{"errorMessage":"because"}' }))),
      )) as ApiError;
      assert.is(error.name, 'ApiError');
      assert.is(error.code, code);
      assert.is(error.endpoint, endpoint);
      assert.is(error.status, status);
      assert.is(error.outcome, isRead(endpoint) ? 'none' : outcome);
      assert.ok(error.message.startsWith(endpoint), error.message);
      if (code !== 'api.redirect') assert.match(error.message, `(${status}): because`);
    });
  }

  for (const [status, code, outcome] of [
    [400, 'api.invalid', 'unclear'],
    [401, 'api.unauthorized', 'unclear'],
    [403, 'api.unauthorized', 'unclear'],
    [404, 'api.gateway', 'unclear'],
    [405, 'api.invalid', 'unclear'],
    [409, 'api.conflict', 'unclear'],
    [410, 'api.invalid', 'unclear'],
    [422, 'api.invalid', 'unclear'],
    [429, 'api.rate-limited', 'none'],
  ] as const) {
    for (const body of FOREIGN) {
      test(`${endpoint}: ${status} with ${body.slice(0, 40) || 'nothing'} is ${code}, not the API's word`, async () => {
        const error = (await failure(call(clientOn(scripted({ status, body }))))) as ApiError;
        assert.is(error.code, code);
        assert.is(error.status, status);
        assert.is(error.outcome, isRead(endpoint) ? 'none' : outcome);
      });
    }
  }

  for (const body of APIS) {
    test(`${endpoint}: 404 with ${body} is the API's word`, async () => {
      const error = (await failure(call(clientOn(scripted({ status: 404, body }))))) as ApiError;
      assert.is(error.code, 'api.not-found');
      assert.is(error.outcome, 'none');
    });
  }

  for (const mayHaveBeenSent of [true, false]) {
    test(`${endpoint}: no answer, ${mayHaveBeenSent ? 'perhaps' : 'not'} sent`, async () => {
      const lost = new TransportError('reset', 'connection reset (api.example)', mayHaveBeenSent);
      const error = (await failure(call(clientOn(scripted(lost))))) as ApiError;
      assert.is(error.code, 'api.transport');
      assert.is(error.status, null);
      assert.is(error.outcome, mayHaveBeenSent && !isRead(endpoint) ? 'unclear' : 'none');
      assert.is(error.message, `${endpoint} got no answer: connection reset (api.example)`);
      assert.is(error.cause, undefined);
    });
  }

  test(`${endpoint}: an unreadable answer names the endpoint and the field`, async () => {
    const wrong = '{"id":"abc","name":"","batchId":1,"entityId":1,"resultCode":0,"numTasks":0,"taskIds":[]}';
    const error = (await failure(call(clientOn(scripted(json(wrong)))))) as ApiError;
    assert.is(error.code, 'api.unreadable');
    assert.is(error.outcome, isRead(endpoint) ? 'none' : 'unclear');
    assert.match(error.message, `${endpoint} returned an answer (200) that cannot be used: `);
    assert.match(error.message, '[0].id: found "abc", expected a number');
  });
}

test('without a key none is sent', async () => {
  const transport = scripted(json('[]'));
  await clientOn(transport, { token: null, origin: 'sandbox' }).listTasks();
  assert.equal(Object.keys(transport.requests[0]!.headers), ['Accept', 'User-Agent']);
});

test('the origin is told', () => {
  assert.is(clientOn(scripted({})).origin, 'https://api.example');
});

test('what is read is what the API said', async () => {
  const api = clientOn(scripted(json([BATCH]), json(`[${TASK_TEXT}]`)));
  assert.is((await api.createBatch(SPEC)).id, '7');
  assert.is((await api.getTask('71')).entityId, '6268349608002583795');
});

test('204 to PUT and DELETE: null', async () => {
  const api = clientOn(scripted({ status: 204, headers: {}, body: '' }));
  assert.is(await api.cancelTask('71'), null);
  assert.is(await api.toggleTask('71'), null);
});

test('200 without a body to PUT and DELETE is an answer that got lost: unclear', async () => {
  const api = clientOn(scripted({ status: 200, headers: {}, body: '' }));
  for (const call of [api.cancelTask('71'), api.toggleTask('71')]) {
    const error = (await failure<unknown>(call)) as ApiError;
    assert.is(error.code, 'api.unreadable');
    assert.is(error.outcome, 'unclear');
  }
});

test('204 to a POST is no batch: unclear', async () => {
  const error = (await failure(
    clientOn(scripted({ status: 204, headers: {} })).createBatch(SPEC),
  )) as ApiError;
  assert.is(error.code, 'api.unreadable');
  assert.is(error.outcome, 'unclear');
});

for (const call of ['getTask', 'toggleTask', 'cancelTask'] as const) {
  test(`${call}: an answer about another task is not believed`, async () => {
    const error = await failure<unknown>(clientOn(scripted(json(TASK_TEXT)))[call]('72'));
    assert.match(error.message, '[0].id: found 71, expected 72, which was asked for');
  });

  for (const id of ['..', '', '1/../2', 'abc', '1?x', '-1']) {
    test(`${call}: "${id}" is no id, nothing is sent`, async () => {
      const transport = scripted(json(TASK_TEXT));
      const error = (await failure<unknown>(clientOn(transport)[call](id))) as ApiError;
      assert.is(error.code, 'api.invalid');
      assert.is(error.outcome, 'none');
      assert.is(transport.requests.length, 0);
    });
  }
}

test('a batch that is asked for comes alone', async () => {
  const error = await failure(clientOn(scripted(json('[]'))).getBatch('7'));
  assert.match(error.message, 'found 0 objects, expected one');
});

for (const [contentType, isBelieved] of [
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['Application/Problem+JSON', true],
  ['text/html', false],
  ['text/plain', false],
] as const) {
  test(`content type ${contentType}: a POST is ${isBelieved ? '' : 'not '}believed, a read always by its body`, async () => {
    const answer = { headers: { 'content-type': contentType }, body: JSON.stringify([BATCH]) };
    assert.is((await clientOn(scripted(answer)).getBatch('7')).id, '7');
    const created = clientOn(scripted(answer)).createBatch(SPEC);
    if (isBelieved) assert.is((await created).id, '7');
    else {
      const error = (await failure(created)) as ApiError;
      assert.is(error.code, 'api.unreadable');
      assert.is(error.outcome, 'unclear');
    }
  });
}

test("the error object's words reach the user, and the properties the caller", async () => {
  const body = JSON.stringify({
    errorCode: 10001,
    errorMessage: 'Validation failed',
    errors: [
      { property: 'taskTemplateId', message: 'unknown template' },
      { property: 'executeAt', message: 'in the past\x1b[2J' },
      null,
      'noise',
    ],
  });
  for (const text of [body, `[${body}]`]) {
    const error = (await failure(
      clientOn(scripted({ status: 422, body: text })).createBatch(SPEC),
    )) as ApiError;
    assert.is(
      error.message,
      'POST /v3/applicationInstance/task was refused (422): taskTemplateId: unknown template; ' +
        'executeAt: in the past\\u{1b}[2J (Validation failed)',
    );
    assert.equal(error.errors, [
      { property: 'taskTemplateId', message: 'unknown template' },
      { property: 'executeAt', message: 'in the past\\u{1b}[2J' },
    ]);
  }
});

for (const [body, said] of [
  ['{"errorMessage":"no such\\ntask\\u202e"}', 'no such task\\u{202e}'],
  ['{"errors":[{"property":"a","message":"b"}]}', 'a: b'],
  ['{"errors":"x","errorMessage":7}', '7'],
  ['{}', 'no reason given'],
  ['', 'an empty body'],
  ['<html><title>504 Gateway Time-out</title><body>long', 'an HTML page titled "504 Gateway Time-out"'],
  ['Bad \x07gateway', 'text that is not JSON ("Bad \\u{7}gateway")'],
] as const) {
  test(`a refusal that says ${JSON.stringify(body).slice(0, 50)}`, async () => {
    const error = await failure(clientOn(scripted({ status: 400, body })).cancelTask('1'));
    assert.is(error.message, `DELETE /v3/applicationInstance/task/1 was refused (400): ${said}`);
  });
}

for (const [status, body, hint] of [
  [
    404,
    '{"errorCode":1,"errorMessage":"there is nothing here"}',
    /right account\? Check FLEETFORM_API_URL: .*without \/v3/,
  ],
  [404, '<html>', /not come from the API itself.* Check FLEETFORM_API_URL/],
  [400, '<html>', /not come from the API itself/],
  [501, '{"errorMessage":"x"}', /The API is in trouble: try again later/],
  [501, '<html>', /something in front of it, is in trouble.* Check FLEETFORM_API_URL/],
  [200, '<!doctype html><title>Log in</title>', /no proxy or login page\? Check FLEETFORM_API_URL/],
] as const) {
  test(`${status} ${body} says what to check`, async () => {
    const error = (await failure(clientOn(scripted({ status, body })).listTemplates())) as ApiError;
    assert.match(error.hint ?? '', hint);
  });
}

test('a long reason is cut', async () => {
  const body = JSON.stringify({ errorMessage: 'x'.repeat(100_000) });
  const error = await failure(clientOn(scripted({ status: 400, body })).cancelTask('1'));
  assert.ok(error.message.length < 400, String(error.message.length));
});

for (const [location, said] of [
  ['https://evil.example/x?token=1', 'https://evil.example'],
  ['/elsewhere', 'another path on the same server'],
  ['javascript:alert(1)', 'a javascript: address'],
  ['http://[', 'an address that cannot be read'],
  [undefined, 'an unnamed location'],
] as const) {
  test(`a redirect to ${location}`, async () => {
    const headers: Record<string, string> = location === undefined ? {} : { location };
    const error = await failure(clientOn(scripted({ status: 302, headers })).listTasks());
    assert.is(error.message, `GET /v3/applicationInstance/task was redirected (302) to ${said}`);
  });
}

test('a bug in a transport stays a bug', async () => {
  const bug = new RangeError('bug');
  assert.is(await failure(clientOn(scripted(bug)).listTasks()), bug);
});

const ROWS: readonly (readonly [string, (api: FleetApi) => Promise<unknown>, object])[] = [
  ['listTemplates', (api) => api.listTemplates(), { id: 1, name: 'Restart' }],
  ['listBatches', (api) => api.listBatches(), BATCH],
  ['listTasks', (api) => api.listTasks(), { id: 1, batchId: 2, entityId: 3, resultCode: 0 }],
  ['listServerTasks', (api) => api.listServerTasks('3'), { id: 1, batchId: 2, entityId: 3, resultCode: 0 }],
  ['listInstances', (api) => api.listInstances({}), { id: 1 }],
];

for (const [name, call, row] of ROWS) {
  test(`${name}: a row that comes twice is one, however its id is written`, async () => {
    const body = JSON.stringify([
      { ...row, id: 9 },
      { ...row, id: 8 },
      { ...row, id: '9' },
      { ...row, id: 9 },
    ]);
    const rows = (await call(clientOn(scripted(json(body))))) as { id: string }[];
    assert.equal(
      rows.map(({ id }) => id),
      ['9', '8'],
    );
  });
}

test('of the same row, the last counts', async () => {
  const body = JSON.stringify([
    { ...BATCH, numTasksOk: 1 },
    { ...BATCH, numTasksOk: 2 },
  ]);
  assert.is((await clientOn(scripted(json(body))).listBatches())[0]?.numTasksOk, 2);
});

test('a list is full by the rows of the answer, also when some of them are the same', async () => {
  const rows = Array.from({ length: 99 }, (_, i) => ({ ...BATCH, id: i + 1 }));
  const listed = async (answer: readonly object[]) =>
    clientOn(scripted(json(JSON.stringify(answer)))).listBatches();
  assert.is(isFullList(await listed(rows)), false);
  const repeated = await listed([...rows, rows[0]!]);
  assert.is(repeated.length, 99);
  assert.is(isFullList(repeated), true);
  assert.is(isFullList(rows), false);
  assert.is(isFullList([...rows, {}]), true, 'without the word of an answer its length tells');
});

test('two objects in place of one are no answer, be they the same', async () => {
  const error = await failure(clientOn(scripted(json([BATCH, BATCH]))).getBatch('7'));
  assert.match(error.message, 'found 2 objects, expected one');
});

test.run();
