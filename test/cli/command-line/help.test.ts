/** What each command's help looks like, from the definition of the commands. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answers } from '../../../src/cli/command-line/answers.ts';
import { displayWidth } from '../../../src/render/display-width.ts';

const it = suite('help');
const helps = [...answers()].filter(([words]) => words.endsWith('--help'));
const SHARED = 'For every command:';

it('there is one for every command, and for help itself', () => {
  const words = new Set(helps.map(([name]) => name));
  for (const one of ['plan', 'state.mv', 'help', 'state.help', 'lock.list'])
    assert.ok(words.has(`${one}.--help`));
});

for (const [name, text] of helps) {
  it(`${name}: 80 columns, the own flags first, each with a description`, () => {
    for (const line of text.split('\n')) assert.ok(displayWidth(line) <= 80, line);
    const at = (heading: string) => text.indexOf(`\n${heading}\n`);
    const found = ['Options:', 'Planning:', SHARED].map(at).filter((index) => index !== -1);
    assert.equal(
      found,
      [...found].sort((a, b) => a - b),
    );
    for (const line of text.match(/^ {2}-.*$/gm) ?? []) assert.match(line, /^ {2}-\S.*? {2,}\S/);
    assert.match(text.slice(at(SHARED)), '--help');
  });
}

it('what only plan has stands above what apply has, too, and what all have', () => {
  const text = new Map(helps).get('plan.--help')!;
  const order = [
    'Options:',
    '--out',
    '--concise',
    'Planning:',
    '--target',
    '--allow-empty',
    SHARED,
    '--chdir',
  ];
  const found = order.map((word) => text.indexOf(word));
  assert.equal(
    found,
    [...found].sort((a, b) => a - b),
  );
  assert.ok(found.every((index) => index > 0));
});

it.run();
