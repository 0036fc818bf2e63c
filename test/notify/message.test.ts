/** What a notification says: bounded, redacted, and no mention in Slack. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Drift } from '../../src/model/plan.ts';
import { createRedactor } from '../../src/model/redactor.ts';
import { driftIn, errorsIn, happeningOf } from '../../src/notify/message.ts';
import { slackEscaped, textOf } from '../../src/notify/text.ts';

const it = suite('notify: message');
const KEY = 'k3y-that-nobody-may-see';
const { redact } = createRedactor([KEY]);

const failed = (message: string) =>
  happeningOf(
    { type: 'failed', address: 'a', action: 'create', error: { code: 'api.server', message }, unknown: true },
    redact,
  )!;

it('a text is rid of the key before it is cut, and what a terminal obeys', () => {
  const message = `${'x'.repeat(590)}${KEY} \u001b[31m`;
  const text = JSON.stringify(failed(message));
  assert.not.match(text, 'k3y');
  assert.ok(text.length < 1000);
});

it('lists have a bound, and say how many there are', () => {
  const one: Drift = {
    address: 'a',
    kind: 'failed',
    batchIds: ['1'],
    count: 1,
    total: 2,
    servers: [],
    texts: [],
  };
  const drift = driftIn({ drift: Array.from({ length: 1000 }, () => one) }, redact);
  assert.is(drift.type === 'drift' && drift.drift.length, 20);
  assert.match(textOf(drift, 0), /… and 995 more$/);
  const errors = errorsIn(
    Array.from(
      { length: 30 },
      () => ({ severity: 'error', code: 'x', message: 'y'.repeat(10_000) }) as const,
    ),
    redact,
  );
  assert.ok(JSON.stringify(errors).length < 16_000);
});

it('only errors are told of what is to be minded', () => {
  const { count } = errorsIn([{ severity: 'warning', code: 'x', message: 'y' }], redact) as { count: number };
  assert.is(count, 0);
});

it('of what happens, only what fails and the end are worth a notification', () => {
  assert.is(happeningOf({ type: 'note', message: 'x' }, redact), null);
  assert.is(happeningOf({ type: 'start', address: 'a', action: 'create', batchIds: [] }, redact), null);
});

it('in Slack nothing is a mention or a link', () => {
  assert.is(slackEscaped(textOf(failed('<!channel> & <http://x|y>'), 0)).match(/[<>]/), null);
  assert.is(slackEscaped('&lt;'), '&amp;lt;');
});

it.run();
