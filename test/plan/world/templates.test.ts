import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { taskNameOf, templateNames, templateVerdict } from '../../../src/plan/world/templates.ts';
import { COLLECT, entry, intent, RESTART, spec, state, TEMPLATES, task } from '../../support/builders.ts';

const it = suite('templates');
const named = (...names: string[]) => names.map((name) => task({ name }));

it('the name that all tasks share; none where they disagree or tell nothing', () => {
  assert.is(taskNameOf(named('a', 'a')), 'a');
  assert.is(taskNameOf(named('a', 'b')), null);
  assert.is(taskNameOf(named('')), null);
  assert.is(taskNameOf([]), null);
});

const old = (id: string, name: string) => spec({ template: { id, name } });
const names = templateNames(TEMPLATES, null);
const shared = templateNames([RESTART, { ...RESTART, id: '9' }], null);
const renamed = templateNames(TEMPLATES, state({ a: entry(['41'], old('1', 'Old')) }));
const intended = templateNames(TEMPLATES, state({}, { intents: [intent('a', old('1', 'Old'))] }));
/** 1 was called so when it was bound, and 3 is today. */
const swapped = templateNames(TEMPLATES, state({ a: entry(['41'], old('1', COLLECT.name)) }));
for (const [what, tasks, known, expected] of [
  ['its name', named(RESTART.name), names, 'yes'],
  ['no tasks', [], names, 'maybe'],
  ['tasks that disagree', named(RESTART.name, COLLECT.name), names, 'maybe'],
  ["another template's name", named(COLLECT.name), names, 'no'],
  ['a name that nobody bears', named('Old'), names, 'maybe'],
  ['a name that two bear', named(RESTART.name), shared, 'maybe'],
  ['its former name, as it is recorded', named('Old'), renamed, 'yes'],
  ['its former name, as a create tells', named('Old'), intended, 'yes'],
  ["its former name, which is another one's today", named(COLLECT.name), swapped, 'maybe'],
] as const) {
  it(`${what}: ${expected}`, () => assert.is(templateVerdict('1', tasks, known), expected));
}

it("another one's former name, which nobody bears today, says nothing", () => {
  const other = templateNames(TEMPLATES, state({ a: entry(['41'], old('2', 'Old')) }));
  assert.is(templateVerdict('1', named('Old'), other), 'maybe');
});

it('names from elsewhere count as former ones', () => {
  const { today, ever } = templateNames(TEMPLATES, null, [{ id: '1', name: 'Old' }]);
  assert.not(today.has('Old'));
  assert.equal([...(ever.get('Old') ?? [])], ['1']);
});

it.run();
