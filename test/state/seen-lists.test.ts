import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../src/model/recorded.ts';
import { Ledger } from '../../src/state/ledger.ts';
import { parseState, stateToJson } from '../../src/state/state-json.ts';
import { intentFor } from './records.ts';

const it = suite('seen lists');

const START = emptyState({ lineage: 'l', name: 'live', api: 'sandbox' });
const ids = (from: number) => Array.from({ length: 100 }, (_, i) => `${from + i}`);

it('a thousand intents with the same list have it once, in memory and in the text', () => {
  const intents = Array.from({ length: 1000 }, (_, i) => ({
    ...intentFor(`a${i}`),
    seen: ids((i % 3) * 50),
  }));
  const ledger = new Ledger(START);
  ledger.edit([{ kind: 'intend', intents }]);
  const state = ledger.state();
  const text = stateToJson(state);
  const read = parseState(text, 'x');
  assert.equal(read, { ...state, intents });
  for (const one of [state, read]) assert.is(new Set(one.intents.map(({ seen }) => seen)).size, 3);
  assert.is(text.split('"149"').length - 1, 2, 'the last of one, and within another');
  assert.is(JSON.parse(text).version, 2);
});

it('what nobody shares is version 1, as an older fleetform reads it', () => {
  const intents = [
    { ...intentFor('a'), seen: ids(0) },
    { ...intentFor('b'), seen: ids(1) },
    intentFor('c'),
    intentFor('d'),
  ];
  const text = stateToJson({ ...START, intents });
  assert.equal(JSON.parse(text).intents, intents);
  assert.is(JSON.parse(text).version, 1);
});

it('the older form of the text is read, and becomes one list, too', () => {
  const intents = ['a', 'b'].map((name) => ({ ...intentFor(name), seen: ids(0) }));
  const read = parseState(JSON.stringify({ ...START, intents }, null, 2), 'x');
  assert.equal(read.intents, intents);
  assert.is(read.intents[0]!.seen, read.intents[1]!.seen);
});

it('a list that is not there is no state', () => {
  const wrong = { ...START, version: 2, sights: [['1', '2']], intents: [{ ...intentFor('a'), seen: 1 }] };
  assert.throws(
    () => parseState(JSON.stringify(wrong), 'x'),
    (error: { code: string }) => error.code === 'state.invalid',
  );
});

it.run();
