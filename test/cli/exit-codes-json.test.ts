/** As exit-codes.test.ts, with --json: the same exit codes, and stdout is JSON alone. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform } from '../support/cli.ts';
import { copyOf, fillPlaces, ROWS, wordsOf } from './exit-code-rows.ts';

const it = suite('exit codes and streams, with --json');

it.before(fillPlaces);

/** What is asked for is a text; stdout can hold one of them only. */
const WITHOUT_JSON = /^(help|--help|plan --(out|markdown|html) -|status --html)/;

for (const [place, args, code, , stderr] of ROWS.filter(([, args]) => !WITHOUT_JSON.test(args))) {
  it(`${place}: fleetform ${args} --json: stdout is JSON alone`, async () => {
    const ended = await fleetform([...wordsOf(args), '--json'], copyOf(place));
    assert.is(ended.code, code, `${ended.stdout}${ended.stderr}`);
    for (const document of documents(args, ended.stdout)) JSON.parse(document);
    if (code === 1) assert.match(ended.stdout, /"severity": ?"error"|"code":|"changed":/);
    if (stderr === null) assert.not.match(ended.stderr, /error/);
  });
}

/** apply and destroy write lines, everything else one document. */
function documents(args: string, stdout: string): string[] {
  return /^(apply|destroy)/.test(args) ? stdout.trimEnd().split('\n') : [stdout];
}

it.run();
