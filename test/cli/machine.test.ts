/** Trouble of the machine is told in words, with the place, and is never called a bug of ours. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, environment, fleetform, folder } from '../support/cli.ts';

const it = suite('machine');
const FILE =
  'version: 1\nname: live\napi: sandbox\nbatches: { a: { template: Collect logs, target: { fleet: "1394296486561117719" } } }\n';

/** A shell prepares the process: `$FLEETFORM plan`. */
function shell(script: string, cwd: string): { code: number | null; stdout: string; stderr: string } {
  const env = environment({ FLEETFORM: `${process.execPath} ${CLI}` });
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

it('a file where the folder of the state belongs', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE, '.fleetform': '' });
  for (const args of [
    ['plan'],
    ['apply', '--auto-approve'],
    ['status'],
    ['state', 'list'],
    ['import', 'a', '1'],
  ]) {
    const { code, stderr } = await fleetform(args, cwd);
    assert.is(code, 1, args.join(' '));
    assert.match(stderr, '.fleetform', args.join(' '));
    assert.match(stderr, 'hint:', args.join(' '));
    assert.not.match(stderr, 'bug in fleetform', args.join(' '));
  }
});

it('a folder where the lock belongs', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  mkdirSync(join(cwd, '.fleetform', 'live.lock.json'), { recursive: true });
  const { code, stderr } = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(code, 1, stderr);
  assert.match(stderr, 'live.lock.json');
  assert.not.match(stderr, 'bug in fleetform');
});

it('a working folder that is gone', () => {
  const { code, stderr } = shell('mkdir gone && cd gone && rmdir ../gone && $FLEETFORM plan', folder());
  assert.is(code, 1);
  assert.match(stderr, /^error: /);
  assert.not.match(stderr, /\n {4}at /);
});

it('a working folder that is gone is not needed where --chdir names another from the root', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const gone = (line: string) =>
    shell(`mkdir gone && cd gone && rmdir ../gone && $FLEETFORM ${line}`, folder());
  for (const command of ['validate', 'plan', 'apply --auto-approve']) {
    const { code, stderr } = gone(`--chdir ${cwd} ${command}`);
    assert.is(code, 0, stderr);
  }
  for (const command of ['validate', '--chdir x validate', 'plan --json']) {
    const { code, stderr } = gone(command);
    assert.is(code, 1);
    assert.match(stderr, /^error: the working folder is gone\n +hint: .*--chdir/);
  }
});

/** So few that Node cannot open the program itself is nothing that the program can tell of. */
it('too few open files', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  let least = 0;
  for (let limit = 12; limit <= 40; limit += 1) {
    for (const line of ['plan', '--version']) {
      const { code, stderr } = shell(`ulimit -n ${limit}; $FLEETFORM ${line}`, cwd);
      if (/binding\.readFileUtf8.*\n[\s\S]*dist\/cli\.js/.test(stderr) || (code ?? 134) > 130) continue;
      least ||= limit;
      assert.not.match(stderr, 'bug in fleetform', `${line}, ${limit}`);
      assert.not.match(stderr, /\n {4}at /, `${line}, ${limit}`);
    }
  }
  assert.ok(least > 0 && least < 30, `${least}`);
});

/** Some calls of the file system do as they are told here: a module that is loaded before the program. */
function preload(edit: string): string {
  const code = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module'; ${edit}; syncBuiltinESMExports();`;
  return `NODE_OPTIONS='--import=data:text/javascript,${encodeURIComponent(code).replaceAll("'", '%27')}'`;
}

const STUCK = preload(
  `const { rm } = fs; fs.rm = async (path, ...rest) => {
    if (!String(path).endsWith('lock.json')) return rm(path, ...rest);
    throw Object.assign(new Error("EROFS: read-only file system, unlink '" + path + "'"), { code: 'EROFS', syscall: 'unlink', path });
  }`,
);

it('a lock that cannot be released is told after all that was done, and is an error', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  for (const [line, result] of [
    ['apply --auto-approve', /Apply complete: 1 created/],
    ['state rm a', /Forgot a/],
  ] as const) {
    const { code, stderr, stdout } = shell(`${STUCK} $FLEETFORM ${line}`, cwd);
    assert.is(code, 1, stderr);
    assert.match(stdout, result);
    assert.match(
      stderr,
      /error: the lock could not be released: [\s\S]*EROFS[\s\S]*force-unlock [0-9a-f-]{36}/,
    );
    assert.not.match(stderr, 'bug in fleetform');
  }
});

it('nor does it hide the first error; and under --json lines stay lines, a document one document', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const failed = shell(`${STUCK} $FLEETFORM state rm none`, cwd);
  assert.match(failed.stderr, /^error: .*none[\s\S]*\nerror: the lock could not be released/);
  const applied = shell(`${STUCK} $FLEETFORM apply --auto-approve --json`, cwd).stdout.trim().split('\n');
  const types = applied
    .map((line) => JSON.parse(line))
    .map(({ type, diagnostic }) => diagnostic?.code ?? type);
  assert.equal(types.slice(-3), ['apply_complete', 'change_summary', 'state.lock-stuck']);
  const { removed } = JSON.parse(shell(`${STUCK} $FLEETFORM state rm a --json`, cwd).stdout);
  assert.is(removed[0].address, 'a');
});

it('a command that waits for what will never come says so, and gives its lock back', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const idle = preload(
    `const { rename } = fs; fs.rename = (from, to) => to.endsWith('state.json') ? new Promise(() => {}) : rename(from, to)`,
  );
  const { code, stderr } = shell(`${idle} $FLEETFORM apply --auto-approve`, cwd);
  assert.is(code, 1, stderr);
  assert.match(stderr, /bug in fleetform: the command is not over/);
  assert.equal(
    readdirSync(join(cwd, '.fleetform')).filter((name) => name.includes('lock')),
    [],
  );
});

/** A file may have so many blocks (of 512 or 1024 bytes): the write fails in the middle, as on a disk that is full. */
const SHORT_OF_ROOM = `trap '' XFSZ; ulimit -f 1;`;

it('a write that fails in the middle leaves nothing behind, and says where', () => {
  const cwd = folder({
    'fleetform.yaml': `${FILE}# ${'x'.repeat(2000)}\n`,
    'ugly.yaml': `${FILE.replace('name: ', 'name:   ')}#${'x'.repeat(2000)}\n`,
  });
  const before = readdirSync(cwd).sort();
  const [file, ugly] = before.map((name) => readFileSync(join(cwd, name), 'utf8'));
  for (const [line, place] of [
    ['plan --html page.html', 'page.html'],
    ['plan --markdown plan.md', 'plan.md'],
    ['plan --out saved.json', 'saved.json'],
    ['fmt ugly.yaml', 'ugly.yaml'],
  ] as const) {
    const { code, stderr } = shell(`${SHORT_OF_ROOM} $FLEETFORM ${line}`, cwd);
    assert.is(code, 1, `${line}: ${stderr}`);
    assert.match(stderr, place, line);
    assert.match(stderr, 'EFBIG', line);
    assert.not.match(stderr, 'bug in fleetform', line);
    assert.not.match(
      readdirSync(cwd, { recursive: true }).join('\n'),
      /\.tmp$|\.(?:html|md|new)$|saved/m,
      line,
    );
  }
  assert.is(readFileSync(join(cwd, 'fleetform.yaml'), 'utf8'), file);
  assert.is(readFileSync(join(cwd, 'ugly.yaml'), 'utf8'), ugly);
});

it('what cannot be written says why, and what to do', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  symlinkSync('b', join(cwd, 'a'));
  symlinkSync('a', join(cwd, 'b'));
  for (const [path, words] of [
    ['none/x', /\(ENOENT\)\n +hint: .* does not exist/],
    ['.', /\(EISDIR\)\n +hint: It is a folder/],
    ['fleetform.yaml/x', /\(ENOTDIR\)\n +hint: /],
    ['a', /\(ELOOP\)\n +hint: /],
    ['x'.repeat(300), /\(ENAMETOOLONG\)\n +hint: /],
  ] as const) {
    const { code, stderr } = shell(`$FLEETFORM plan --out ${path}`, cwd);
    assert.is(code, 1, path);
    assert.match(stderr, words, path);
  }
});

it('no stdin, stdout or stderr, no home, no folder for temporary files', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  for (const line of ['plan <&-', 'plan >&-', 'plan 2>&-', 'apply --auto-approve <&- >&- 2>&-']) {
    const { code, stderr } = shell(`unset HOME TERM; LANG=C TMPDIR=/none $FLEETFORM ${line}`, cwd);
    assert.is(code, 0, `${line}: ${stderr}`);
    assert.is(stderr, '', line);
  }
});

it.run();
