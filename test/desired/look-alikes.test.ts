/** What a reader of the file does not see is named with its place. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEAD, load, refusal } from './scratch.ts';

const it = suite('desired: look-alikes');
const file = (key: string, fleet: string) =>
  `${HEAD}fleets: { eu: "1" }\nbatches:\n  a:\n    ${key}T\n    target: { fleet: ${fleet} }\n`;

for (const [what, text, words] of [
  ['a blank behind a colon', file('template:\u00a0', 'eu'), 'U+00A0 no-break space at fleetform.yaml:6:14'],
  [
    'a blank in the indentation',
    file('\u3000template: ', 'eu'),
    'U+3000 ideographic space at fleetform.yaml:6:5',
  ],
  [
    'a letter of a key',
    file('templ\u0430te: ', 'eu'),
    'templ\\u{430}te" in batch "a"; did you mean "template"? (U+0430 Cyrillic',
  ],
  [
    'a letter of a value',
    file('template: ', '\u0435u'),
    'did you mean "eu"? (U+0435 Cyrillic letter that looks like "e" at fleetform.yaml:7:22)',
  ],
  [
    'a word that has no other letters',
    file('template: ', '\u0441\u043e\u0440'),
    'U+0441 Cyrillic letter that looks like "c" at fleetform.yaml:7:22, U+043E Cyrillic letter',
  ],
  ['a wide colon', file('template\uff1a', 'eu'), 'U+FF1A, which looks like ":" at fleetform.yaml:6:13'],
  ['wide letters', file('template: ', '\uff45\uff55'), 'did you mean "eu"? (U+FF45, which looks like "e"'],
  ['curled quotes', file('template: ', '\u201ceu\u201d'), `U+201C, which looks like '"'`],
] as const) {
  it(what, async () => {
    const told = (await refusal(load(text))).map(({ message }) => message);
    assert.ok(told.join('\n').includes(words), told.join('\n'));
  });
}

it('a misspelt key is one mistake: it is not missing as well', async () => {
  const told = await refusal(load(file('templ\u0430te: ', 'eu')));
  assert.is(told.length, 1);
  const { length } = await refusal(load(file('tmplate: ', 'eu')));
  assert.is(length, 1);
  const { length: targets } = await refusal(load(file('template: ', 'eu').replace('target:', 'targt:')));
  assert.is(targets, 1);
  const merged = await refusal(load(`${HEAD}x-a: &a { template: T }\nbatches:\n  a: { <<: *a }\n`));
  assert.is(merged.length, 1);
  const other = await refusal(load(file('colour: ', 'eu')));
  assert.equal(
    other.map(({ code }) => code),
    ['desired.missing-key', 'desired.unknown-key'],
  );
});

it('other languages are nothing to be named', async () => {
  const [told] = await refusal(load(file('template: ', '東京 é Деплой')));
  assert.is(told?.message, 'unknown fleet "東京 é Деплой"');
});

it.run();
