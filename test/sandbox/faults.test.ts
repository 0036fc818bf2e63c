import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TransportError } from '../../src/api/errors.ts';
import { createHttpTransport } from '../../src/api/http.ts';
import type { ApiRequest, ApiResponse, Transport } from '../../src/api/port.ts';
import { type FaultRule, faultRules } from '../support/sandbox/fault-rules.ts';
import { type Fault, type FaultyOptions, faultyTransport } from '../support/sandbox/faults.ts';
import { createSandbox } from '../support/sandbox/memory.ts';
import { serveSandbox } from '../support/sandbox/server.ts';
import { BATCHES, first, request, STAGING, TASKS } from './calls.ts';

const it = suite('sandbox faults');

const NOW = 1_800_000_000;
const post = request('POST', TASKS, { taskTemplateId: '7', fleetId: STAGING, executeAt: NOW + 60 });
const never = new AbortController().signal;

/** The answer, or how the transport failed, as plain data. */
async function outcome(transport: Transport, signal = never): Promise<ApiResponse | { failed: string }> {
  try {
    return await transport(post, signal);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { failed: `${error.kind}, may have been sent: ${error.mayHaveBeenSent}` };
  }
}

interface Setup {
  readonly transport: Transport;
  readonly made: () => number;
  readonly end: () => Promise<void>;
}

type SetUp = (fault: Fault, faulty?: FaultyOptions) => Promise<Setup>;

const overHttp: SetUp = async (fault) => {
  const sandbox = createSandbox();
  const server = await serveSandbox({ sandbox, faultFor: () => fault });
  const transport = createHttpTransport({ baseUrl: server.url, env: {} });
  return {
    transport,
    made: () => sandbox.batches().length,
    end: async () => {
      transport.close();
      await server.close();
    },
  };
};

const asTransport: SetUp = async (fault, faulty) => {
  const sandbox = createSandbox();
  return {
    transport: faultyTransport(sandbox.transport, () => fault, { clock: sandbox.now, ...faulty }),
    made: () => sandbox.batches().length,
    end: async () => {},
  };
};

const error = (status: number, errorMessage: string) =>
  JSON.stringify({ errorCode: 10_000 + status, errorMessage, errors: [] });
const page = (title: string, text: string) =>
  `<html><head><title>${title}</title></head><body><h1>${text}</h1></body></html>`;
const JSON_TYPE = 'application/json';
const RIGHT = createSandbox().handle(post).body;
const WELCOME = '<html><head><title>Welcome</title></head></html>';

/** What a client gets: status, content type and body; for a fault that keeps some of the right answer, of `RIGHT`. */
const ANSWERS: readonly [Omit<Fault, 'when'>, [number, string | undefined, string]][] = [
  [{ kind: '500' }, [500, JSON_TYPE, error(500, 'internal error')]],
  [{ kind: '502-html' }, [502, 'text/html', page('502 Bad Gateway', 'Bad Gateway')]],
  [{ kind: '503-empty' }, [503, undefined, '']],
  [{ kind: '504-error' }, [504, JSON_TYPE, error(504, 'gateway timeout')]],
  ...([500, 502, 503, 504] as const).flatMap(
    (status): [Omit<Fault, 'when'>, [number, string | undefined, string]][] => {
      const text = {
        500: 'Internal Error',
        502: 'Bad Gateway',
        503: 'Service Unavailable',
        504: 'Gateway Timeout',
      }[status];
      return [
        [{ kind: 'status', status }, [status, JSON_TYPE, error(status, text.toLowerCase())]],
        [{ kind: 'status', status, content: 'html' }, [status, 'text/html', page(`${status} ${text}`, text)]],
        [{ kind: 'status', status, content: 'empty' }, [status, undefined, '']],
      ];
    },
  ),
  [{ kind: '401' }, [401, JSON_TYPE, error(401, 'bad key')]],
  [{ kind: '429' }, [429, JSON_TYPE, error(429, 'slow down')]],
  [{ kind: '429-seconds' }, [429, undefined, '']],
  [{ kind: '429-date' }, [429, undefined, '']],
  [{ kind: 'html' }, [200, 'text/html', WELCOME]],
  [{ kind: 'html-as-json' }, [200, JSON_TYPE, WELCOME]],
  [{ kind: 'cut' }, [200, JSON_TYPE, RIGHT.slice(0, 19)]],
  [{ kind: 'malformed' }, [200, JSON_TYPE, `${RIGHT}}]]}`]],
  [{ kind: 'wrong-type' }, [200, 'text/plain', RIGHT]],
  [{ kind: 'empty-array' }, [200, JSON_TYPE, '[]']],
  [{ kind: 'delay', delayMs: 1 }, [200, JSON_TYPE, RIGHT]],
  [{ kind: 'drip', delayMs: 1, pieces: 4 }, [200, JSON_TYPE, RIGHT]],
  ...[301, 302, 303, 307, 308].map((status): [Omit<Fault, 'when'>, [number, string | undefined, string]] => [
    { kind: 'redirect', status, location: 'http://127.0.0.1:9/x' },
    [status, undefined, ''],
  ]),
];

for (const [name, setUp] of [
  ['over HTTP', overHttp],
  ['as a transport', asTransport],
] as const) {
  for (const [fault, expected] of ANSWERS) {
    const label = [fault.kind, fault.status, fault.content].filter((part) => part !== undefined).join(' ');
    it(`${name}, ${label}: before nothing is done, after it is`, async () => {
      for (const when of ['before', 'after'] as const) {
        const { transport, made, end } = await setUp({ ...fault, when });
        try {
          const found = await outcome(transport);
          assert.is(made(), when === 'after' ? 1 : 0);
          if ('failed' in found) throw new Error(found.failed);
          assert.is(found.status, expected[0]);
          assert.is(found.headers['content-type'], expected[1]);
          // Before, the right answer is an empty array.
          const cut = fault.kind === 'cut' ? '[' : expected[2].replace(RIGHT, '[]');
          assert.is(found.body, when === 'after' ? expected[2] : cut);
          if (fault.kind === 'redirect') assert.is(found.headers.location, 'http://127.0.0.1:9/x');
        } finally {
          await end();
        }
      }
    });
  }

  for (const [fault, failed] of [
    [{ kind: 'reset' }, 'reset, may have been sent: true'],
    [{ kind: 'broken-off' }, 'reset, may have been sent: true'],
    [{ kind: 'oversized' }, 'too-large, may have been sent: true'],
  ] as const) {
    it(`${name}, ${fault.kind}: no whole answer`, async () => {
      for (const when of ['before', 'after'] as const) {
        const { transport, made, end } = await setUp({ ...fault, when });
        try {
          assert.equal(await outcome(transport), { failed });
          assert.is(made(), when === 'after' ? 1 : 0);
        } finally {
          await end();
        }
      }
    });
  }
}

it('over HTTP, hang: no answer until the client gives up', async () => {
  for (const when of ['before', 'after'] as const) {
    const stop = new AbortController();
    const sandbox = createSandbox();
    const server = await serveSandbox({
      sandbox,
      faultFor: () => {
        // The client gives up when its request has certainly arrived.
        setTimeout(() => stop.abort(), 20);
        return { when, kind: 'hang' };
      },
    });
    const transport = createHttpTransport({ baseUrl: server.url, env: {} });
    assert.equal(await outcome(transport, stop.signal), { failed: 'aborted, may have been sent: true' });
    assert.is(sandbox.batches().length, when === 'after' ? 1 : 0);
    transport.close();
    await server.close();
  }
});

it('as a transport, hang ends at once, or when the client gives up', async () => {
  const timeout = { failed: 'timeout, may have been sent: true' };
  const atOnce = await asTransport({ when: 'after', kind: 'hang' });
  assert.equal([await outcome(atOnce.transport), atOnce.made()], [timeout, 1]);
  const patient = await asTransport({ when: 'after', kind: 'hang' }, { hang: 'until-aborted' });
  const stop = new AbortController();
  let isOver = false;
  const waiting = outcome(patient.transport, stop.signal).finally(() => {
    isOver = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.is(isOver, false);
  stop.abort();
  assert.equal([await waiting, patient.made()], [timeout, 1]);
});

it('as a transport, a delay takes the time that it is given, and ends with the client', async () => {
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  for (const fault of [
    { kind: 'delay', delayMs: 70 },
    { kind: 'drip', delayMs: 20, pieces: 5 },
  ] as const) {
    const { transport } = await asTransport({ when: 'after', ...fault }, { sleep });
    await outcome(transport);
  }
  assert.equal(slept, [70, 100]);
  const stop = new AbortController();
  const { transport, made } = await asTransport({ when: 'after', kind: 'delay', delayMs: 600_000 });
  const waiting = outcome(transport, stop.signal);
  setImmediate(() => stop.abort());
  assert.equal([await waiting, made()], [{ failed: 'timeout, may have been sent: true' }, 1]);
});

it('an oversized body can be of any size', async () => {
  const { transport, end } = await overHttp({ when: 'after', kind: 'oversized', bytes: 100_000 });
  const answer = (await outcome(transport)) as ApiResponse;
  assert.equal([answer.body.length, first(answer).numTasks], [100_000, 6]);
  await end();
});

it('says in seconds or as a date how long to wait', async () => {
  const headerOf = async (fault: Omit<Fault, 'when'>) =>
    ((await outcome((await asTransport({ when: 'before', ...fault })).transport)) as ApiResponse).headers[
      'retry-after'
    ];
  assert.is(await headerOf({ kind: '429' }), undefined);
  assert.is(await headerOf({ kind: '429-seconds' }), '1');
  assert.is(await headerOf({ kind: '429-seconds', retryAfter: 30 }), '30');
  assert.is(await headerOf({ kind: '429-date', retryAfter: 30 }), new Date((NOW + 30) * 1000).toUTCString());
  assert.is(await headerOf({ kind: 'status', status: 503 }), undefined);
  assert.is(await headerOf({ kind: 'status', status: 503, retryAfter: 7 }), '7');
});

const FAULT: Fault = { when: 'before', kind: '500' };

/** Which of these requests a rule strikes, counted from 1. */
function struckBy(rule: Omit<FaultRule, 'fault'>, requests: readonly ApiRequest[]): number[] {
  const rules = faultRules([{ ...rule, fault: FAULT }]);
  const found = requests.flatMap((one, i) => (rules.faultFor(one) === undefined ? [] : [i + 1]));
  assert.is(rules.struck[0], found.length);
  assert.equal(
    rules.strikes.map((strike) => strike.request),
    found.map((i) => requests[i - 1]),
  );
  return found;
}

it('a rule fits by method, path, predicate and count', () => {
  const mixed = [
    post,
    request('GET', TASKS),
    request('GET', `${BATCHES}?x=1`),
    post,
    request('DELETE', `${TASKS}/7`),
    post,
  ];
  assert.equal(struckBy({}, mixed), [1, 2, 3, 4, 5, 6]);
  assert.equal(struckBy({ method: 'POST' }, mixed), [1, 4, 6]);
  assert.equal(struckBy({ method: ['GET', 'DELETE'] }, mixed), [2, 3, 5]);
  assert.equal(struckBy({ path: TASKS }, mixed), [1, 2, 4, 6]);
  assert.equal(struckBy({ path: BATCHES }, mixed), [3]);
  assert.equal(struckBy({ path: /task\/\d+$|x=1/g }, mixed), [3, 5]);
  assert.equal(struckBy({ matches: (one) => one.body !== undefined }, mixed), [1, 4, 6]);
  assert.equal(struckBy({ method: 'POST', nth: 2 }, mixed), [4]);
  assert.equal(struckBy({ method: 'POST', nth: [1, 3] }, mixed), [1, 6]);
  assert.equal(struckBy({ every: 2 }, mixed), [2, 4, 6]);
  assert.equal(struckBy({ every: 2, times: 2 }, mixed), [2, 4]);
  assert.equal(struckBy({ method: 'PUT' }, mixed), []);
});

it('the first rule that strikes decides, and all count', () => {
  const late: Fault = { when: 'after', kind: 'reset' };
  const rules = faultRules([
    { method: 'POST', nth: 2, fault: FAULT },
    { method: 'POST', nth: [2, 3], fault: late },
    { method: 'DELETE', fault: late },
  ]);
  assert.equal(
    [1, 2, 3, 4].map(() => rules.faultFor(post)),
    [undefined, FAULT, late, undefined],
  );
  assert.equal(
    [rules.fitted, rules.struck],
    [
      [4, 4, 0],
      [1, 1, 0],
    ],
  );
  assert.equal(
    rules.strikes.map((strike) => strike.rule),
    [0, 1],
  );
});

it('rules strike over HTTP too', async () => {
  const sandbox = createSandbox();
  const rules = faultRules([{ method: 'POST', nth: 1, fault: { when: 'after', kind: 'reset' } }]);
  const server = await serveSandbox({ sandbox, faultFor: rules.faultFor });
  const transport = createHttpTransport({ baseUrl: server.url, env: {} });
  assert.equal(await outcome(transport), { failed: 'reset, may have been sent: true' });
  assert.is(((await outcome(transport)) as ApiResponse).status, 200);
  assert.equal([sandbox.batches().length, rules.struck], [2, [1]]);
  transport.close();
  await server.close();
});

for (const [where, setUp] of [
  ['over HTTP', overHttp],
  ['as a transport', asTransport],
] as const) {
  it(`an answer bears the time of the sandbox or none, never this machine's, ${where}`, async () => {
    for (const kind of ['401', '502-html', '503-empty', 'html', 'empty-array'] as const) {
      for (const when of ['before', 'after'] as const) {
        const { transport, end } = await setUp({ when, kind });
        const found = await outcome(transport).finally(end);
        assert.is(
          (found as ApiResponse).headers.date,
          when === 'after' ? new Date(NOW * 1000).toUTCString() : undefined,
          kind,
        );
      }
    }
  });
}

it.run();
