import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRedactor, redactJson } from '../../src/model/redactor.ts';
import { ECHOES, traceIn } from '../support/echoes.ts';

const test = suite('redactor');

const KEYS = [
  'k3y-that-nobody-may-see',
  'eight8ch',
  'a/b+c=d&e<f>"g\'h\\i~j',
  'aaaaaaaaaaaaaaaa',
  '.*+?^$$()|[]',
];

for (const key of KEYS) {
  for (const [name, echo] of Object.entries(ECHOES)) {
    test(`${key}, ${name}: nothing of it is left, and what surrounds it is`, () => {
      const { redact } = createRedactor([key]);
      const safe = redact(`before ${echo(key)} after`);
      assert.is(traceIn(safe, key), null);
      assert.match(safe, /^before .*\[key\].* after$/);
      const value = { id: 1, text: [`before ${echo(key)} after`], [echo(key)]: null };
      const json = redactJson(JSON.stringify(value), redact);
      assert.is(traceIn(json, key), null);
      assert.is(JSON.parse(json).id, 1);
    });
  }
}

test('what is wrapped, coloured or marked is found; what is cut off as well', () => {
  const { redact } = createRedactor(['k3y-that-nobody-may-see']);
  assert.is(redact('x k3y-that-\n  │ nobody-may-see.'), 'x [key].');
  assert.is(redact('k3y-\u001b[31mthat\u001b[0m-nobody-may-see'), '[key]');
  assert.is(redact('k3y-<mark>that</mark>-nobody-may-see'), '[key]');
  assert.is(redact('"k3y-that-nob…"'), '"[key]"');
  assert.is(redact('k3y-that-nob'), 'k3y-that-nob', 'where nothing is cut off, it is another word');
});

test('shorter than 8 is no credential; of several each is found, and more may come', () => {
  const redactor = createRedactor(['secret1', '', null, undefined]);
  assert.is(redactor.redact('secret1'), 'secret1');
  redactor.know('password');
  redactor.know('password-and-more');
  assert.is(redactor.redact('password-and-more, password!'), '[key], [key]!');
});

test('JSON stays JSON: an escape is not cut in two, lines stay lines', () => {
  const { redact } = createRedactor(['nobody-at-home', 'u0041bcdefgh']);
  for (const value of ['\nobody-at-home', 'x\\nobody-at-home', 'Abcdefgh', '\\u0041bcdefgh']) {
    const json = `[${JSON.stringify(value)},"nobody-at-home"]`;
    assert.is(JSON.parse(redactJson(json, redact))[1], '[key]');
  }
  assert.equal(JSON.parse(redactJson('["\\u0041bcdefgh","nobody-at-home"]', redact)), ['Abcdefgh', '[key]']);
  assert.is(redactJson('{"a":"nobody-at-home"}\n{"b":1}\n', redact), '{"a":"[key]"}\n{"b":1}\n');
  assert.is(redactJson('{"a":"nobody-at-home"', redact), '{"a":"[key]"');
});

test('a key of digits: ids win, other text loses it', () => {
  const { redact } = createRedactor(['1234567890']);
  const ids =
    '{"id":1234567890,"batchId":"1234567890","taskIds":[91234567890,12345678901],"x":-1234567890.5e3}';
  assert.is(redactJson(ids, redact), ids);
  assert.is(
    redactJson('{"id":1234567890,"name":"key 1234567890!"}', redact),
    '{"id":1234567890,"name":"key [key]!"}',
  );
  assert.is(redactJson('["\\u00411234567890"]', redact), '["A[key]"]');
  assert.is(redact('batch 91234567890, key 1234567890'), 'batch 91234567890, key [key]');
});

test('numbers keep every digit, and a text without the key every byte', () => {
  const { redact } = createRedactor(['k3y-that-nobody-may-see']);
  const text = '[ {"id":6268349608002583795.0, "a" : "k3y-that-nobody-may-see\\/" , "b":"\\/\\u00e9"} ]\n';
  assert.is(redactJson(text, redact), text.replace('k3y-that-nobody-may-see\\/', '[key]/'));
  const without = '[ {"id":6268349608002583795, "b":"\\/\\u00e9"} ]\n';
  assert.is(redactJson(without, redact), without);
});

test.run();
