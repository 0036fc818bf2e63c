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
  [
    'a digit of another script',
    file('template: ', '\u0663'),
    'unknown fleet "\u0663" (U+0663 digit of another script, which stands for "3" at fleetform.yaml:7:22)',
  ],
  [
    'a digit in a name',
    file('template: ', '"e\u{1d7d7}"'),
    'U+1D7D7 digit of another script, which stands for "9"',
  ],
  [
    'more than three',
    file('template: ', '"\u0663\u0664\u0665\u0666\u0667"'),
    'U+0665 digit of another script, which stands for "5" at fleetform.yaml:7:25 and 2 more)',
  ],
  ['curled quotes', file('template: ', '\u201ceu\u201d'), `U+201C, which looks like '"'`],
] as const) {
  it(what, async () => {
    const told = (await refusal(load(text))).map(({ message }) => message);
    assert.ok(told.join('\n').includes(words), told.join('\n'));
  });
}

const INDENTS: readonly (readonly [string, string, string])[] = [
  ['of a key that is too far left', '    template: T\n \u00a0  target: { fleet: eu }\n', '7:2'],
  [
    'of a key that then continues the value above',
    '    template: T\n\u00a0   target: { fleet: eu }\n    revision: 1\n',
    '7:1',
  ],
  ['of the first key', '\u2003   template: T\n    target: { fleet: eu }\n', '6:1'],
  ['below a key alone', '    template: T\n    target:\n  # one\n\n \u00a0    fleet: eu\n', '10:2'],
  ['below a key of a list', '    template: T\n    targets:\n \u00a0    - fleet: eu\n', '8:2'],
];
for (const [what, batch, place] of INDENTS) {
  it(`a blank in the indentation ${what} is shown where it stands`, async () => {
    const [told, ...more] = await refusal(load(`${HEAD}fleets: { eu: "1" }\nbatches:\n  a:\n${batch}`));
    assert.is(more.length, 0);
    assert.match(told?.message ?? '', 'the indentation has characters that are no spaces');
    assert.is(`${told?.range?.line}:${told?.range?.column}`, place);
  });
}

it('a blank in a text is not blamed for what is wrong below it', async () => {
  const text = `${HEAD}batches:\n  a:\n    template: |\n      x\n      \u00a0x\n    target: { fleet: eu\n    revision: 1\n`;
  const [told] = await refusal(load(text));
  assert.match(told?.message ?? '', 'is not closed');
  assert.is(told?.range?.line, 9);
});

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
  const [told] = await refusal(load(file('template: ', '東京 é Деплой خادم٣')));
  assert.is(told?.message, 'unknown fleet "東京 é Деплой خادم٣"');
});

it.run();
