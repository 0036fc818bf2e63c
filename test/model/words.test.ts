import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { durationText, sentences, unended } from '../../src/model/words.ts';

const it = suite('words');

for (const [texts, expected] of [
  [
    ['the API answered 500: injected', 'Set FLEETFORM_TOKEN.'],
    'the API answered 500: injected. Set FLEETFORM_TOKEN.',
  ],
  [['it said "Stop."', 'Try again.'], 'it said "Stop." Try again.'],
  [['the API answered 503 (Busy!)', 'Wait'], 'the API answered 503 (Busy!) Wait.'],
  [['no hint', undefined], 'no hint.'],
  [['no hint', ''], 'no hint.'],
  [['is it there?', 'Look…'], 'is it there? Look…'],
  [[undefined], ''],
] as const) {
  it(`sentences: ${expected}`, () => assert.is(sentences(...texts), expected));
}

it('a text that is gone on with loses its full stop, and nothing else', () => {
  for (const [text, expected] of [
    ['slow down.', 'slow down'],
    ['and so on...', 'and so on...'],
    ['why?', 'why?'],
    ['v1.2', 'v1.2'],
  ] as const)
    assert.is(unended(text), expected);
});

for (const [seconds, text] of [
  [0, '0s'],
  [0.4, '0s'],
  [59.7, '1m'],
  [5400, '1h30m'],
  [90_061, '1d1h1m1s'],
] as const) {
  it(`a duration of ${seconds}`, () => assert.is(durationText(seconds), text));
}

it.run();
