/** Completion beyond the plain line: all of --help, cursors and quotes in odd places, hostile addresses, installs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours } from '../support/cli.ts';
import { run, SHELLS, type Shell, shellEnvironment } from '../support/shells.ts';
import { terminal } from '../support/terminal.ts';
import { needs } from '../support/tools.ts';
import { askAll, type Offered } from './completion/ask.ts';

const it = suite('completion of odd lines');
const inBash = needs(it, 'bash');
const inZsh = needs(it, 'zsh');

const BLOCK = `template: Collect logs, executeAt: ${inHours(24)}`;
const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'batches:',
  `  nightly: { ${BLOCK}, targets: [{ fleet: "1394296486561117717" }, { region: "42" }] }`,
  `  hotfix: { ${BLOCK}, target: { fleet: "1394296486561117719" } }`,
  '',
].join('\n');
const NIGHTLY = ['nightly[fleet:1394296486561117717]', 'nightly[region:42]'];
/** Would run a command, end a quote, split a word or a list, and be a pattern. */
const HOSTILE = 'hot$(touch ran)`touch ran`;a "b\' \\*&|é';

const env = shellEnvironment();
const cwd = folder({ 'fleetform.yaml': FILE });
const hostile = folder({ 'fleetform.yaml': FILE.replace(/ {2}hotfix.*\n/, '') });
const scripts = folder();
const script = (shell: Shell) => join(scripts, shell);

it.before(async () => {
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  mkdirSync(join(hostile, '.fleetform'));
  for (const name of ['live.state.json', 'sandbox.json']) {
    const text = readFileSync(join(cwd, '.fleetform', name), 'utf8');
    writeFileSync(
      join(hostile, '.fleetform', name),
      name === 'sandbox.json' ? text : text.replaceAll('"hotfix"', JSON.stringify(HOSTILE)),
    );
  }
  for (const shell of SHELLS) {
    const { code, stdout } = await fleetform(['completion', shell], cwd);
    assert.is(code, 0);
    writeFileSync(script(shell), stdout);
  }
});

interface Help {
  readonly path: readonly string[];
  readonly commands: readonly string[];
  readonly flags: readonly string[];
}

/** Of the program (`[]`) and all commands below. */
async function helps(path: readonly string[] = []): Promise<Help[]> {
  const { stdout } = await fleetform([...path, '--help'], cwd);
  const section = (title: string) =>
    (new RegExp(`\\n${title}:\\n([\\s\\S]*?)(?:\\n\\n|$)`).exec(stdout)?.[1] ?? '').split('\n');
  const commands = section('Commands').flatMap((line) => /^ {2}([a-z][a-z-]*)/.exec(line)?.[1] ?? []);
  const flags = ['Options', 'Planning', 'For every command']
    .flatMap(section)
    .flatMap((line) =>
      (/^ {2}(-.*?)(?: {2}| [<[]|$)/.exec(line)?.[1] ?? '').split(', ').filter((flag) => flag !== ''),
    );
  const below = commands.filter((name) => name !== 'help').map((name) => helps([...path, name]));
  return [{ path, commands: commands.sort(), flags: flags.sort() }, ...(await Promise.all(below)).flat()];
}

const helped = helps();

for (const shell of SHELLS) {
  needs(it, shell)(
    `${shell}: each command offers the commands and flags of its own --help, and no others`,
    async () => {
      const all = await helped;
      assert.ok(all.length > 20, `${all.length} commands`);
      const line = ({ path }: Help, word: string) => ['fleetform', ...path, word].join(' ');
      const groups = all.filter(({ commands }) => commands.length > 0);
      const lines = [
        ...groups.flatMap((help) => [line(help, ''), line(help, 'help ')]),
        ...all.map((help) => line(help, '-')),
      ];
      const answers = await askAll(shell, script(shell), lines, cwd, env);
      for (const help of groups) {
        const words = answers.get(line(help, ''))!.words.filter((word) => !word.startsWith('-'));
        assert.equal(words, help.commands, line(help, ''));
        const others = help.commands.filter((name) => name !== 'help');
        assert.equal(answers.get(line(help, 'help '))!.words, others, line(help, 'help '));
      }
      for (const help of all) {
        assert.ok(help.flags.includes('--help'));
        assert.equal(answers.get(line(help, '-'))!.words, help.flags, line(help, '-'));
      }
    },
  );
}

async function ask(shell: Shell, lines: readonly string[], more: Record<string, string> = {}) {
  return [...(await askAll(shell, script(shell), lines, cwd, { ...env, ...more })).values()];
}
const wordsOf = (answers: readonly Offered[]) => answers.map(({ words }) => words);

inBash('bash: the cursor within the line, and quotes that are open', async () => {
  const answers = await ask('bash', [
    'fleetform plan --target ho| --json',
    'fleetform pl| --target hotfix',
    'fleetform plan --target "ni',
    "fleetform plan --target='nightly[r",
    'fleetform plan --target nightly[region:',
    'fleetform plan --target=nightly\\[re',
    'fleetform import hotfix ',
  ]);
  assert.equal(wordsOf(answers), [
    ['hotfix'],
    ['plan'],
    NIGHTLY,
    ['nightly[region:42]'],
    ['42\\]'],
    ['nightly\\[region:42\\]'],
    [],
  ]);
});

inBash(
  'bash: where people have taken : and = out of what breaks words, the whole word is offered',
  async () => {
    const answers = await ask(
      'bash',
      ['fleetform plan --target=nightly[re', 'fleetform plan --log-level=w'],
      {
        BREAKS: ' \t\n',
      },
    );
    assert.equal(wordsOf(answers), [['--target=nightly\\[region:42\\]'], ['--log-level=warn']]);
  },
);

inZsh('zsh: what its own completion system lists and inserts', async () => {
  const answers = await ask('zsh', [
    'fleetform plan --target=ho',
    'fleetform plan --target ho| --json',
    'fleetform plan --target="nightly[r',
    'fleetform state show nightly\\[r',
    'fleetform plan --log-level=w',
    'fleetform plan --out=fl',
    'fleetform apply fl',
    'fleetform plan -- fl',
    'fleetform --chdir fl',
    'fleetform version extra ',
  ]);
  assert.equal(
    answers.map(({ words, inserted }) => [words.filter((word) => word !== ''), inserted]),
    [
      [['--target=hotfix'], 'fleetform plan --target=hotfix '],
      [['hotfix'], 'fleetform plan --target hotfix  --json'],
      [['--target=nightly[region:42]'], 'fleetform plan --target=nightly\\[region:42\\] '],
      [['nightly[region:42]'], 'fleetform state show nightly\\[region:42\\] '],
      [['--log-level=warn'], 'fleetform plan --log-level=warn '],
      [['--out=fleetform.yaml'], 'fleetform plan --out=fleetform.yaml '],
      [['fleetform.yaml'], 'fleetform apply fleetform.yaml '],
      [['fleetform.yaml'], 'fleetform plan -- fleetform.yaml '],
      [[], 'fleetform --chdir fl'],
      [[], 'fleetform version extra '],
    ],
  );
});

/** What a shell makes of a line: its last word. */
async function lastWord(shell: 'bash' | 'zsh', line: string): Promise<string> {
  const read = 'fleetform() { while [ $# -gt 1 ]; do shift; done; printf %s "$1"; }; eval "$1"';
  const flags = shell === 'bash' ? ['--norc'] : ['-f'];
  const { stdout, stderr } = await run(shell, [...flags, '-c', read, shell, line], hostile, env);
  assert.is(stderr, '', line);
  return stdout;
}

needs(
  it,
  'bash',
  'zsh',
)(
  'bash and zsh: an address that would run commands is inserted as one harmless word, in any quotes',
  async () => {
    const quotes = ['', '"', "'"];
    const typed = quotes.map((quote) => `fleetform state show ${quote}hot`);
    const bash = [...(await askAll('bash', script('bash'), typed, hostile, env)).values()];
    const zsh = [...(await askAll('zsh', script('zsh'), typed, hostile, env)).values()];
    for (const [index, quote] of quotes.entries()) {
      const { words } = bash[index]!;
      assert.is(words.length, 1, typed[index]);
      const line = `fleetform state show ${quote}${words[0]}${quote}`;
      assert.is(await lastWord('bash', line), HOSTILE, line);
      const { inserted } = zsh[index]!;
      assert.is(await lastWord('zsh', inserted!), HOSTILE, inserted);
    }
    assert.not.ok(existsSync(join(hostile, 'ran')));
  },
);

inBash(
  'bash: an address with ! is not offered between double quotes, where it would mean the history',
  async () => {
    const place = folder({ 'fleetform.yaml': FILE });
    mkdirSync(join(place, '.fleetform'));
    const state = readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8');
    writeFileSync(join(place, '.fleetform/live.state.json'), state.replaceAll('"hotfix"', '"hot!!"'));
    const lines = ['', '"', "'"].map((quote) => `fleetform state show ${quote}hot`);
    const answers = await askAll('bash', script('bash'), lines, place, env);
    assert.equal(wordsOf([...answers.values()]), [['hot\\!\\!', 'hotfix'], ['hotfix'], ['hot!!', 'hotfix']]);
  },
);

const TERMINALS = {
  bash: ['bash --norc -i', 'PS1="ready> "'],
  fish: ['fish --no-config', 'function fish_prompt; echo "ready> "; end'],
} as const;

for (const shell of ['bash', 'fish'] as const) {
  needs(
    it,
    'tmux',
    shell,
  )(`${shell}: on a terminal, too, nothing of such an address is run`, async () => {
    const [command, prompt] = TERMINALS[shell];
    await terminal(
      hostile,
      command,
      async ({ keys, shows }) => {
        keys(`${prompt}; source ${script(shell)}; clear`, 'Enter');
        await shows(/^ready>/);
        for (const quote of ['', '"', "'"]) {
          keys(`fleetform state show ${quote}hot`, 'Tab');
          await shows(/hot.*touch[\s\S]*ran[\s\S]*é/);
          keys('Enter');
          await shows(/Collect logs/);
          keys('clear', 'Enter');
          await shows(/^ready>\s*$/);
        }
      },
      { env },
    );
    assert.not.ok(existsSync(join(hostile, 'ran')));
  });
}

it('a broken state hides what it held, not what the file says', async () => {
  const place = folder({ 'fleetform.yaml': FILE });
  mkdirSync(join(place, '.fleetform'));
  writeFileSync(join(place, '.fleetform/live.state.json'), '{');
  const { code, stdout, stderr } = await fleetform(['__complete', 'addresses', '--'], place);
  assert.equal([code, stdout.split('\n').sort(), stderr], [0, ['', 'hotfix', ...NIGHTLY], '']);
});

inZsh('zsh: as a file in a folder of $fpath; and a hint where compinit is missing', async () => {
  const place = folder({ _fleetform: readFileSync(script('zsh'), 'utf8') });
  const autoload = join(place, 'autoload.zsh');
  writeFileSync(autoload, `fpath=('${place}' $fpath); compinit -D -u`);
  const lines = ['fleetform plan --target ho', 'fleetform plan --target ni'];
  const answers = await askAll('zsh', autoload, lines, cwd, env);
  assert.equal(wordsOf([...answers.values()]), [['hotfix'], NIGHTLY]);
  const bare = await run('zsh', ['-f', script('zsh')], cwd, env);
  assert.is(bare.stdout, '');
  assert.match(bare.stderr, 'completion needs compinit first');
});

needs(it, 'fish')('fish: as a file in its folder of completions', async () => {
  const completions = join(env.XDG_CONFIG_HOME!, 'fish/completions');
  mkdirSync(completions, { recursive: true });
  writeFileSync(join(completions, 'fleetform.fish'), readFileSync(script('fish'), 'utf8'));
  const asked = await run('fish', ['-c', 'complete -C "fleetform plan --target ni"'], cwd, env);
  const words = asked.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/\t.*/, ''));
  assert.equal([words, asked.stderr], [NIGHTLY, '']);
});

inBash('bash: a program that is called by its path completes its own addresses', async () => {
  const place = folder();
  const program = join(env.HOME!, 'bin/fleetform');
  const line = `${program} plan --chdir ${cwd} --target ho`;
  const answers = await askAll('bash', script('bash'), [line], place, {
    ...env,
    PATH: process.env.PATH ?? '',
  });
  assert.equal(answers.get(line)!.words, ['hotfix']);
});

it.run();
