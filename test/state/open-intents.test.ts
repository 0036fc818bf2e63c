import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OpenIntents } from '../../src/state/open-intents.ts';
import { intentFor } from './records.ts';

const it = suite('open intents');

const three = () => new OpenIntents([intentFor('a'), intentFor('x'), intentFor('y')]);
const told = (intents: OpenIntents) => intents.all().map(({ id, address }) => `${id} at ${address}`);

it('addresses swap and follow each other, and the order is still that of creation', () => {
  const intents = three();
  intents.move([
    ['a', 'x'],
    ['x', 'a'],
    ['y', 'z'],
    ['nobody', 'b'],
  ]);
  assert.equal(told(intents), ['i-a at x', 'i-x at a', 'i-y at z']);
  assert.equal(
    ['a', 'x', 'y', 'z', 'b'].map((address) => intents.isAt(address)),
    [true, true, false, true, false],
  );
  assert.is(intents.dropAt('x'), true);
  assert.equal(told(intents), ['i-x at a', 'i-y at z'], 'it is known by its new address');
});

it('what is gone is gone by its id and by its address, and is told once', () => {
  const intents = three();
  assert.equal([intents.drop('i-a'), intents.drop('i-a'), intents.isAt('a')], [true, false, false]);
  assert.equal([intents.dropAt('x'), intents.dropAt('x'), intents.get('i-x')], [true, false, undefined]);
  intents.add(intentFor('y', 'second'));
  intents.drop('second');
  assert.ok(intents.isAt('y'), 'the first is still there');
});

it('a sending is news once', () => {
  const intents = three();
  const sent = (at: number | null, follows?: string) =>
    intents.sent({
      kind: 'sent',
      intentIds: ['i-x', 'nobody'],
      at,
      ...(follows === undefined ? {} : { follows }),
    });
  assert.equal([sent(5), sent(5), sent(5, '7'), sent(null)], [true, false, true, true]);
  assert.is(intents.get('i-a')?.sentAt, undefined);
});

it.run();
