/**
 * Exit codes and streams, command by command: 0 done, 1 error, 2 changes (--detailed-exitcode), 130 interrupted.
 * stdout carries results, stderr diagnostics and progress; under --json stdout is JSON alone. Interruptions are in
 * commands.test.ts and terminal.test.ts, which have a process to interrupt.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform } from '../support/cli.ts';
import { copyOf, fillPlaces, places, ROWS, wordsOf } from './exit-code-rows.ts';

const it = suite('exit codes and streams');

it.before(fillPlaces);

for (const [place, args, code, stdout, stderr] of ROWS) {
  it(`${place}: fleetform ${args} -> ${code}`, async () => {
    const ended = await fleetform(wordsOf(args), copyOf(place));
    assert.is(ended.code, code, `${ended.stdout}${ended.stderr}`);
    check('stdout', ended.stdout, stdout);
    check('stderr', ended.stderr, stderr);
    assert.not.match(`${ended.stdout}${ended.stderr}`, /this is a bug|\n {4}at /);
  });
}

it('every command of --help has rows here', async () => {
  const { stdout } = await fleetform(['--help'], places.empty!);
  const commands = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm)].map(
    ([, name]) => name!,
  );
  assert.ok(commands.length > 15, commands.join());
  for (const command of commands) {
    const isThere = ROWS.some(([, args]) => args === command || args.startsWith(`${command} `));
    assert.ok(isThere, `no row for ${command}`);
  }
});

it.run();

function check(stream: string, text: string, expected: RegExp | null): void {
  if (expected === null) assert.is(text, '', `${stream} is not empty`);
  else assert.match(text, expected, `${stream}: ${text}`);
}
