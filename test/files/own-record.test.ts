/** Its own records fleetform knows by what stands in them; a wish it never takes for one. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownRecordIn } from '../../src/files/own-record.ts';

const it = suite('own record');
const what = (text: string, encoding: BufferEncoding = 'utf8') =>
  ownRecordIn(Buffer.from(text, encoding))?.what;
const PLAN = '{"formatVersion":"1.0","digest":"x","fleetformVersion":"1","name":"x"}';

it('each kind, whoever saved it, and however much of it is there', () => {
  assert.is(what(PLAN), 'a saved plan');
  assert.is(what(`\ufeff\r\n${PLAN}`), 'a saved plan');
  assert.is(what(`\ufeff${PLAN}`, 'utf16le'), 'a saved plan');
  assert.is(what(PLAN.slice(0, -10)), 'a saved plan');
  assert.is(
    what('{"entries":{"a":[{}]},"intents":[],"lineage":"x","serial":1,"version":1}'),
    'a recorded state',
  );
  assert.is(what('{"id":"x","who":"x","host":"x","pid":1,"operation":"apply"}'), 'a lock');
  assert.is(
    what('{"type":"version","fleetform":"1","ui":"1.0","@timestamp":"x"}\n{"type":"x"}\n'),
    'a list of events',
  );
  assert.match(what('{"version":1,"generation":1,"seed":1,"clockOffset":0,"batches":[]}') ?? '', 'sandbox');
  assert.match(what('{"valid":true,"name":"x","batches":1,"files":[]}') ?? '', '--json');
  assert.match(what('{"valid":false,"diagnostics":[]}') ?? '', '--json');
  assert.match(what('{"diagnostics":[]}') ?? '', '--json');
});

it('a wish, however odd, and what is others’', () => {
  for (const text of [
    '',
    '[]',
    '{',
    '{"version":1,"name":"x","batches":{}}',
    '{"batches":{"formatVersion":{}},"x":{"formatVersion":1,"fleetformVersion":1}}',
    '{"formatVersion":"1.0","fleetformVersion":"1","batches":{}}',
    '{"diagnostics":[],"batches":{}}',
    '{"x":"\\"formatVersion\\": 1, \\"fleetformVersion\\": 1"}',
    'version: 1\nlineage: x\nserial: 1\n',
    '{"name":"x","version":"1.0.0"}',
    '{"valid":true,"version":1,"name":"live","batches":{"y":{}}}',
    '{"valid":true,"name":"live","batches":0,"version":1}',
    '{"diagnostics":[],"version":1,"b\\u0061tches" : {}}',
    '{"diagnostics":[],"version":1}',
    '{"version":1,"seed":1,"clockOffset":0,"batches":{}}',
  ]) {
    assert.is(what(text), undefined, text);
  }
});

it('a text that never ends is read once', () => {
  assert.is(what(`{"${'\\"'.repeat(2_500_000)}`), undefined);
  assert.is(what('{"a":'.repeat(1_000_000)), undefined);
});

it('a schema is for editors', () => {
  assert.is(what('{"$schema":"https://x","$id":"https://y","title":"fleetform plan"}'), 'a JSON Schema');
});

it.run();
