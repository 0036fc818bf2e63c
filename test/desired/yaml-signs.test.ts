import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { load, refusal } from './scratch.ts';

const signs = suite('desired: values that begin with a sign of YAML');

const KEY = '    template: ';

/** What a batch's template is refused with, and where, counted from where the value begins. */
async function told(value: string, words = '') {
  const text = `version: 1\nname: live-ops\nbatches:\n  nightly:\n${KEY}${value}\n    target: { instances: [1] }\n`;
  const found = (await refusal(load(text))).find((one) => one.message.includes(words));
  assert.ok(found, `nothing says: ${words}`);
  const { message, hint = '', range } = found;
  return { message, hint, at: `${range?.line}:${(range?.column ?? 0) - KEY.length - 1}` };
}

for (const value of [
  '*/15 * * * *',
  '* 4 * * *',
  '*/15,20 * * * *',
  '*',
  '& a',
  '!<x',
  '%a',
  '@daily',
  '`x`',
  '}',
  ']',
  ',a',
  '>x',
  '> x',
  '|x',
  '| x',
  '? a',
  ': a',
]) {
  signs(`${value} is to be quoted`, async () => {
    const { message, hint, at } = await told(value);
    assert.ok(message.startsWith(`a value cannot begin with "${value[0]}" unless it is quoted`), message);
    assert.is(hint, `Put the value in quotes: "${value}".`);
    assert.is(at, '5:0');
  });
}

signs('a comment behind it, and what follows it in { }, are no part of it', async () => {
  assert.is((await told('* 4 * * *  # nightly')).hint, 'Put the value in quotes: "* 4 * * *".');
  const flow = await told('{ b: 1, cron: * 4 * * *, timezone: UTC }');
  assert.is(flow.hint, 'Put the value in quotes: "* 4 * * *".');
  assert.is(flow.at, '5:14');
  assert.is((await told('{ cron: */15 * * * * }')).hint, 'Put the value in quotes: "*/15 * * * *".');
  assert.is((await told('[ b, @x ]')).hint, 'Put the value in quotes: "@x".');
});

signs('in each item of a list', async () => {
  const text = 'version: 1\nname: a\nx-crons:\n  - "0 4 * * *"\n  - * 4 * * *\nbatches: {}\n';
  const [first] = await refusal(load(text));
  assert.is(`${first?.range?.line}:${first?.range?.column}`, '5:5');
  assert.is(first?.hint, 'Put the value in quotes: "* 4 * * *".');
});

signs('what cannot be shown as it is to be written is not shown', async () => {
  assert.is((await told('* "a"')).hint, 'Put the value in quotes.');
});

signs('an alias without its anchor may be a text', async () => {
  const { message, hint } = await told('*hourly');
  assert.match(message, 'has no anchor before it');
  assert.is(hint, 'If it is a text, put it in quotes: "*hourly".');
});

for (const [value, message, hint] of [
  ['- a', 'a list cannot begin on the line of its key', 'Begin it on a new line'],
  ['{ a: b }}', 'this "}" closes nothing', 'Remove it'],
  ['{a', 'is not closed', 'Close it with }'],
  ['[1, 2', 'is not closed', 'Close it with ]'],
  ['{{ x }}', 'a key must be a text', 'must be in quotes'],
  ['a: b', 'a mapping cannot begin inside a value', 'Quote a text that has ": " in it'],
  ['[a: b: c]', 'a mapping cannot begin inside a value', 'Quote a text that has ": " in it'],
  ['"a" b', 'there is more behind a text in quotes', 'one pair of quotes'],
  ["'it's'", 'there is more behind a text in quotes', 'one pair of quotes'],
  ['!x', 'tags are not supported', 'quotes make a string of it'],
] as const) {
  signs(`${value} is told with a way out`, async () => {
    const found = await told(value, message);
    assert.match(found.hint, hint);
  });
}

signs.run();
