/** What each command's help looks like, from the definition of the commands. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answers } from '../../../src/cli/command-line/answers.ts';
import { describe } from '../../../src/cli/command-line/commands.ts';
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

/** As a terminal of that width has it. */
function helpAt(name: string, width: number): string {
  const command = describe(() => async () => {}).commands.find((one) => one.name() === name)!;
  let text = '';
  command.configureOutput({
    getOutHelpWidth: () => width,
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

it('on a narrow terminal what a flag does stands below it, on a wider one beside it', () => {
  assert.match(helpAt('init', 40), /^ {2}-\S+.*\n {6}\S/m);
  for (const line of helpAt('init', 40).match(/^ {6}.*$/gm) ?? []) assert.ok(displayWidth(line) <= 40, line);
  assert.not.match(helpAt('init', 40), /^ {2}-.*\S {2,}\S/m);
  assert.match(helpAt('init', 60), /^ {2}-\S.*? {2,}\S/m);
});

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
