import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NoWish } from '../../src/desired/no-wish.ts';

const it = suite('no wish');

for (const [kind, name, hint] of [
  ['plan', 'saved.json', 'To apply it: fleetform apply saved.json. To read it: fleetform show saved.json.'],
  [
    'plan',
    "it's mine.json",
    "To apply it: fleetform apply 'it'\\''s mine.json'. To read it: fleetform show 'it'\\''s mine.json'.",
  ],
  ['state', 'a;b.json', "To make it the recorded state: fleetform state push 'a;b.json'."],
] as const) {
  it(`the command for ${name}, a ${kind}, can be pasted`, () => {
    const { message, hint: told } = new NoWish({ kind, what: 'a record' }).as(name);
    assert.is(message, `${name} is a record, not a desired-state file`);
    assert.is(told, hint);
  });
}

it.run();
