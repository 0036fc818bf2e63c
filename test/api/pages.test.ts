import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiError } from '../../src/api/errors.ts';
import { clientOn, failure, json, KEY, scripted } from './fake-transport.ts';

const test = suite('pages');

const rows = (...ids: number[]) => json(ids.map((id) => ({ id: String(id), fleetId: '1', regionId: '2' })));
const page = (token: string | null, ...ids: number[]) => ({
  ...rows(...ids),
  headers: { 'content-type': 'application/json', ...(token === null ? {} : { 'page-token': token }) },
});
const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => Number(id));

test('instances: page after page, each token sent back, each row once', async () => {
  const transport = scripted(page('a', 1, 2), page('b', 2, 3), page('c'), page(null, 4));
  assert.equal(ids(await clientOn(transport).listInstances({ fleetId: '1' })), [1, 2, 3, 4]);
  assert.equal(
    transport.requests.map(({ headers }) => headers['PAGE-TOKEN']),
    [undefined, 'a', 'b', 'c'],
  );
  for (const request of transport.requests) {
    assert.is(request.headers['RANGED-DATA'], 'results=1000');
    assert.is(request.headers['PRIVATE-TOKEN'], KEY);
    assert.is(request.path, '/v3/applicationInstance?filters=fleetId%3D1');
  }
});

for (const [filter, path] of [
  [{}, '/v3/applicationInstance'],
  [{ regionId: '2' }, '/v3/applicationInstance?filters=regionId%3D2'],
  [{ fleetId: '1', regionId: '2' }, '/v3/applicationInstance?filters=fleetId%3D1%20and%20regionId%3D2'],
] as const) {
  test(`instances: filter ${JSON.stringify(filter)}`, async () => {
    const transport = scripted(page(null, 1));
    await clientOn(transport).listInstances(filter);
    assert.is(transport.requests[0]!.path, path);
  });
}

test('instances: a server that ignores the filter does not make all of them ours', async () => {
  const body = [{ id: 1, fleetId: '1' }, { id: 2, fleetId: '9' }, { id: 3 }];
  assert.equal(ids(await clientOn(scripted(json(body))).listInstances({ fleetId: '1' })), [1, 3]);
  assert.equal(ids(await clientOn(scripted(json(body))).listInstances({})), [1, 2, 3]);
});

test('instances: an expired token starts over, and what was seen before does not count', async () => {
  const transport = scripted(page('a', 1, 2), { status: 410 }, page('b', 2, 3), page(null, 4));
  assert.equal(ids(await clientOn(transport).listInstances({})), [2, 3, 4]);
  assert.equal(
    transport.requests.map(({ headers }) => headers['PAGE-TOKEN']),
    [undefined, 'a', undefined, 'b'],
  );
});

test('instances: tokens that always expire are an error in the end', async () => {
  const transport = scripted((request) => (request.headers['PAGE-TOKEN'] ? { status: 410 } : page('a', 1)));
  assert.is(((await failure(clientOn(transport).listInstances({}))) as ApiError).status, 410);
  assert.is(transport.requests.length, 6);
});

test('instances: a token that comes twice is an error', async () => {
  const transport = scripted(page('a', 1), page('b', 2), page('a', 3));
  const error = (await failure(clientOn(transport).listInstances({}))) as ApiError;
  assert.is(error.code, 'api.unreadable');
  assert.is(
    error.message,
    'GET /v3/applicationInstance returned an answer (200) that cannot be used: ' +
      'the same PAGE-TOKEN twice, its pages would never end',
  );
});

test('instances: new tokens for ever end too', async () => {
  let count = 0;
  const transport = scripted(() => {
    count += 1;
    return page(String(count), 1);
  });
  assert.match((await failure(clientOn(transport).listInstances({}))).message, 'more than 1000 pages');
});

test('instances: a failing page is tried again by itself; a wrong row fails the whole list', async () => {
  const again = scripted(page('a', 1), { status: 502 }, page(null, 2));
  assert.equal(ids(await clientOn(again).listInstances({})), [1, 2]);
  const wrong = scripted(page('a', 1), json('[{"id":"2"},{"id":"x"}]'));
  assert.match((await failure(clientOn(wrong).listInstances({}))).message, '[1].id: found "x"');
});

test('fleets: page after page, by where it starts, until one brings nothing new', async () => {
  const named = (...of: number[]) => json(of.map((id) => ({ id, name: `f${id}` })));
  const transport = scripted(named(1, 2), named(2, 3), named(3));
  const fleets = await clientOn(transport).listFleets();
  assert.equal(
    fleets,
    [1, 2, 3].map((id) => ({ id: String(id), name: `f${id}` })),
  );
  assert.equal(
    transport.requests.map(({ path, headers }) => `${path} ${headers['RANGED-DATA']}`),
    [0, 2, 3].map((start) => `/v3/fleet start=${start},results=100`),
  );
});

test.run();
