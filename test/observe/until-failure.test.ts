/** Nothing is sent for a look that has failed, and nothing of a look outlives it. */
import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { look } from '../../src/observe/observe.ts';
import { lookAtStatus } from '../../src/observe/status.ts';
import { clientOn, failure, fakeTime, json, type Step, scripted } from '../api/fake-transport.ts';

const it = suite('until the first failure');

const IDS = Array.from({ length: 300 }, (_, i) => String(i + 1));
const NOTHING = {
  batches: new Set<string>(),
  tasks: new Map(),
  fleets: new Set<string>(),
  regions: new Set<string>(),
  homes: false,
  histories: new Set<string>(),
};
const now = () => fakeTime().now / 1000;
const turns = async () => {
  for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
};

for (const [what, asked] of [
  ['batches', { ...NOTHING, batches: new Set(IDS) }],
  ['all kinds', { ...NOTHING, batches: new Set(IDS), fleets: new Set(IDS), histories: new Set(IDS) }],
] as const) {
  for (const [how, others] of [
    ['all at once', { status: 401 }],
    ['while the others hang', () => new Promise<never>(() => {})],
  ] as const) {
    it(`a refused key, ${how}: of ${what} no more is sent than was in flight`, async () => {
      const lists: Step[] = [json('[]'), json('[]'), json('[]')];
      const transport = scripted(...lists, { status: 401 }, others);
      await failure(look(clientOn(transport, fakeTime()), now, () => asked));
      await turns();
      assert.is(transport.requests.length, 3 + 10);
    });
  }
}

it('a list that is refused ends the others, although the state is still being read', async () => {
  let isAborted = false;
  const hanging = (_: unknown, signal: AbortSignal) =>
    new Promise<never>(() => {
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
    });
  const transport = scripted({ status: 401 }, hanging);
  let give = (_: null) => {};
  const state = new Promise<null>((resolve) => {
    give = resolve;
  });
  const looking = failure(look(clientOn(transport, fakeTime()), now, () => NOTHING, 1000, state));
  await turns();
  assert.ok(isAborted);
  give(null);
  assert.match(String(await looking), '401');
});

it('a state that cannot be read ends the lists', async () => {
  const transport = scripted({ status: 503 });
  const error = new Error('no state');
  const sleep = () => new Promise<void>(() => {});
  const api = clientOn(transport, { ...fakeTime(), sleep });
  assert.is(await failure(look(api, now, () => NOTHING, 1000, Promise.reject(error))), error);
  await turns();
  assert.is(transport.requests.length, 3);
});

it('a thousand looks leave no listener on the signal of the command', async () => {
  const [stop, other] = [new AbortController(), new AbortController()];
  let added = 0;
  for (const { signal } of [stop, other]) {
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      added += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      added -= 1;
      remove(...args);
    };
  }
  const client = clientOn(scripted(json('[]')), { ...fakeTime(), signal: other.signal });
  const api = client.stoppedBy(stop.signal);
  for (let i = 0; i < 1000; i += 1) await lookAtStatus(api, { state: null, now });
  assert.is(added, 0);
  for (const { signal } of [stop, other]) assert.is(getEventListeners(signal, 'abort').length, 0);
});

it.run();
