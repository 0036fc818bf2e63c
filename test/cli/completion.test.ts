/** Completion as the shells do it: one table of half-typed lines, asked of bash, zsh and fish; and real terminals. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours } from '../support/cli.ts';
import { complete, FILES, FOLDERS, run, SHELLS, type Shell, shellEnvironment } from '../support/shells.ts';
import { terminal } from '../support/terminal.ts';
import { needs } from '../support/tools.ts';

const it = suite('completion');

function fileOf(...batches: string[]): string {
  return ['version: 1', 'name: live', 'api: sandbox', 'batches:', ...batches, ''].join('\n');
}
const BLOCK = `template: Collect logs, executeAt: ${inHours(24)}`;
const NIGHTLY = `  nightly: { ${BLOCK}, targets: [{ fleet: "1394296486561117717" }, { region: "42" }] }`;
const HOTFIX = `  hotfix: { ${BLOCK}, target: { fleet: "1394296486561117719" } }`;
const ADDRESSES = ['hotfix', 'nightly[fleet:1394296486561117717]', 'nightly[region:42]'];

const env = shellEnvironment();
const cwd = folder({ 'other.yaml': fileOf(`  elsewhere: { ${BLOCK}, target: { region: "42" } }`) });
const broken = folder({ 'fleetform.yaml': 'version: [\n' });
const scripts = new Map<Shell, string>();

it.before(async () => {
  writeFileSync(join(cwd, 'fleetform.yaml'), fileOf(NIGHTLY, HOTFIX));
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  // hotfix is now in the state alone.
  writeFileSync(join(cwd, 'fleetform.yaml'), fileOf(NIGHTLY));
  mkdirSync(join(cwd, 'with space'));
  writeFileSync(
    join(cwd, 'with space', 'fleetform.yaml'),
    fileOf(`  spaced: { ${BLOCK}, target: { region: "42" } }`),
  );
  for (const shell of SHELLS) {
    const { code, stdout } = await fleetform(['completion', shell], cwd);
    assert.is(code, 0);
    const file = join(cwd, `completion.${shell}`);
    writeFileSync(file, stdout);
    scripts.set(shell, file);
  }
});

/** How the shell looks at a script, and how it reads one. */
const READING: Readonly<Record<Shell, readonly (readonly string[])[]>> = {
  bash: [['-n'], ['--norc', '-u', '-c', 'set -e; source "$0"']],
  zsh: [['-n'], ['-f', '-c', 'autoload -Uz compinit && compinit -D -u; source "$0"']],
  fish: [['--no-execute'], ['--no-config', '-c', 'source $argv[1]']],
};

for (const shell of SHELLS) {
  needs(it, shell)(`${shell}: the script is what it can read, and says nothing when it is read`, async () => {
    for (const args of READING[shell]) {
      const ran = await run(shell, [...args, scripts.get(shell)!], cwd, env);
      assert.equal(ran, { stdout: '', stderr: '', code: 0 });
    }
  });
}

/** The line after `fleetform `; whole words that are offered, and nothing else. */
const ROWS: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['stat', ['state', 'status']],
  ['__comp', []],
  [
    'state ',
    ['list', 'mv', 'prune', 'pull', 'push', 'replace-api', 'rm', 'show', 'history', 'migrate', 'help'],
  ],
  ['lock ', ['list', 'help']],
  ['state migrate --to ', ['local', 'git', 'http', 'postgres']],
  ['sandbox ser', ['serve']],
  ['plan --ref', ['--refresh', '--refresh-only']],
  ['apply --mark', []],
  ['--chdir x plan --mark', ['--markdown']],
  ['--js', ['--json']],
  ['plan --log-level ', ['debug', 'info', 'warn', 'error']],
  ['plan --log-level=w', ['--log-level=warn']],
  ['plan --refresh=', ['--refresh=true', '--refresh=false']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['completion z', ['zsh']],
  ['schema st', ['state']],
  ['plan --target ', ADDRESSES],
  ['plan --target ni', ADDRESSES.slice(1)],
  ['plan --target=', ADDRESSES.map((address) => `--target=${address}`)],
  ['plan --json --target ho', ['hotfix']],
  ['state show ', ADDRESSES],
  ['state rm hotfix ni', ADDRESSES.slice(1)],
  ['state mv hotfix ho', ['hotfix']],
  ['import ho', ['hotfix']],
  ['-f other.yaml plan --target ', [...ADDRESSES, 'elsewhere']],
  ['plan --file=other.yaml --target el', ['elsewhere']],
  ["--chdir 'with space' plan --target ", ['spaced']],
  ['plan --chdir with\\ space --target ', ['spaced']],
  [`plan --chdir ${broken} --target `, []],
  ['plan --chdir nowhere --target ', []],
];

for (const shell of SHELLS) {
  const inShell = needs(it, shell);
  for (const [line, words] of ROWS) {
    inShell(`${shell}: fleetform ${line.replace(broken, 'BROKEN')}`, async () => {
      const { candidates, stderr } = await complete(shell, scripts.get(shell)!, line, cwd, env);
      assert.is(stderr, '');
      // bash and zsh leave the part that stands in the line already.
      const wanted = words.map((word) => candidates.find((one) => word.endsWith(one) && one !== '') ?? word);
      assert.equal(candidates, [...wanted].sort());
    });
  }

  inShell(`${shell}: files and folders where they belong`, async () => {
    const asked = (line: string) =>
      complete(shell, scripts.get(shell)!, line, cwd, env).then(({ candidates }) => candidates);
    for (const line of ['plan --out ', 'apply ', 'apply --wait=5m ', 'apply --json ', 'fmt a ', 'plan -- ']) {
      const candidates = await asked(line);
      assert.ok(candidates.includes(FILES) || candidates.includes('other.yaml'), `${line}: ${candidates}`);
      assert.not.ok(candidates.includes('hotfix'), line);
    }
    const folders = await asked('--chdir ');
    assert.ok(folders.includes(FOLDERS) || folders.includes('with space/'), `${folders}`);
    assert.not.ok(folders.includes('other.yaml'));
    assert.equal(await asked('version extra '), (await asked('version ')).filter(isFlag));
  });
}

function isFlag(word: string): boolean {
  return word.startsWith('-');
}

needs(it, 'bash')('all commands and flags of --help are completed', async () => {
  const seen = new Set<string>();
  for (const path of await everyCommand()) {
    const { stdout } = await fleetform([...path, '--help'], cwd);
    const flags = [...stdout.matchAll(/^ {2,6}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag!);
    assert.ok(flags.length > 0, path.join(' '));
    const line = [...path, '--'].join(' ');
    const { candidates } = await complete('bash', scripts.get('bash')!, line, cwd, env);
    for (const flag of flags) {
      assert.ok(candidates.includes(flag), `${line}: ${flag} is not in ${candidates}`);
      seen.add(flag);
    }
  }
  assert.ok(seen.size > 30, [...seen].join());
});

/** The root is []. */
async function everyCommand(path: readonly string[] = []): Promise<string[][]> {
  const { stdout } = await fleetform([...path, '--help'], cwd);
  const [, listed = ''] = /\nCommands:\n([\s\S]*?)(?:\n\n|$)/.exec(stdout) ?? [];
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name!);
  const below = names.filter((name) => name !== 'help').map((name) => everyCommand([...path, name]));
  return [[...path], ...(await Promise.all(below)).flat()];
}

const TERMINALS: Readonly<Record<Shell, readonly [command: string, inserted: RegExp]>> = {
  bash: ['bash --norc -i', /state show nightly\\\[region:42\\\]/],
  zsh: ['zsh -f -i', /state show nightly\\\[region:42\\\]/],
  fish: ['fish --no-config', /state show 'nightly\[region:42\]'|state show nightly\\\[region:42\\\]/],
};
const READ: Readonly<Record<Shell, string>> = {
  bash: 'PS1="ready> "; source completion.bash',
  zsh: 'PS1="ready> "; autoload -Uz compinit && compinit -D -u; source completion.zsh',
  fish: 'function fish_prompt; echo "ready> "; end; source completion.fish',
};

for (const shell of SHELLS) {
  needs(
    it,
    'tmux',
    shell,
  )(`${shell}: what Tab inserts is what the command takes`, async () => {
    const [command, inserted] = TERMINALS[shell];
    const work = async ({
      keys,
      shows,
    }: {
      keys(...keys: string[]): void;
      shows(wanted: RegExp): Promise<string>;
    }) => {
      keys(READ[shell], 'Enter');
      await shows(/^ready>/m);
      keys('clear', 'Enter');
      keys('fleetform state show nightly', 'Tab');
      // What all candidates begin with.
      await shows(/state show '?nightly\\?\[/);
      keys('r', 'Tab');
      await shows(inserted);
      keys('Enter');
      await shows(/Collect logs/);
      keys('clear', 'Enter');
      keys('fleetform plan --target=ho', 'Tab');
      await shows(/--target=hotfix/);
      keys('Enter');
      await shows(/Plan: 0 to create, 0 to replace, 1 to cancel/);
    };
    await terminal(cwd, command, work, { env });
  });
}

it('__complete is no command for people, prints one address a line, and never fails', async () => {
  const { stdout: help } = await fleetform(['--help'], cwd);
  assert.not.match(help, '__complete');
  const asked = await fleetform(['__complete', 'addresses', '--', 'plan', '--target'], cwd);
  assert.equal([asked.code, asked.stdout.split('\n').sort(), asked.stderr], [0, ['', ...ADDRESSES], '']);
  for (const place of [broken, folder()]) {
    assert.equal(await fleetform(['__complete', 'addresses', '--'], place), {
      code: 0,
      stdout: '',
      stderr: '',
    });
  }
  const state = join(cwd, '.fleetform/live.state.json');
  const kept = readFileSync(state, 'utf8');
  writeFileSync(state, kept.replaceAll('"hotfix"', '"hot\\u001b[31m\\nfix"'));
  const hostile = await fleetform(['__complete', 'addresses', '--'], cwd);
  writeFileSync(state, kept);
  assert.equal(hostile.stdout.split('\n').sort(), ['', ...ADDRESSES.slice(1)]);
});

it('other shells are told which there are', async () => {
  const { code, stdout, stderr } = await fleetform(['completion', 'tcsh'], cwd);
  assert.equal([code, stdout], [1, '']);
  assert.match(stderr, /bash, zsh, fish/);
});

it.run();
