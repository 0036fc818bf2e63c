import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandText as textOf } from '../../src/cli/command-text.ts';
import { createRedactor } from '../../src/model/redactor.ts';

const it = suite('commandText');

const { redact } = createRedactor(["it's-the-key"]);
const commandText = (flags: Parameters<typeof textOf>[0], words: readonly string[]) =>
  textOf(flags, words, redact);
const plain = { color: false, logLevel: 'info' } as const;
for (const [what, flags, words, expected] of [
  ['nothing else was given', plain, ['apply', 'live.plan.json'], 'fleetform apply live.plan.json'],
  [
    'the same files',
    { ...plain, chdir: 'live', file: ['a.yaml', 'b.yaml'], var: { build: '7' }, apiUrl: 'http://[::1]:8080' },
    ['apply', 'p.json'],
    "fleetform apply p.json --chdir live -f a.yaml -f b.yaml --var build=7 --api-url 'http://[::1]:8080'",
  ],
  [
    'what has to be quoted',
    { ...plain, file: ['my files'], var: { text: "it's $HOME" } },
    ['apply', 'a plan.json', '--destroy', '--replace', "a'; id; 'b"],
    "fleetform apply 'a plan.json' --destroy --replace 'a'\\''; id; '\\''b' -f 'my files' --var 'text=it'\\''s $HOME'",
  ],
] as const) {
  it(what, () => assert.is(commandText(flags, words), expected));
}

it('a shell reads it as it was given', () => {
  const given = ["it's", '=x.json', '~', 'two words', '$HOME', '`id`', '"', '!', '*', '', 'ü'];
  const text = commandText({ ...plain, file: given }, ['apply', 'p']);
  const read = execFileSync('sh', ['-c', (text ?? '').replace('fleetform', "printf '%s\\n'")], {
    encoding: 'utf8',
  });
  assert.equal(read.split('\n').slice(0, -1), ['apply', 'p', ...given.flatMap((one) => ['-f', one])]);
});

it('what cannot be printed as it is makes no command', () => {
  for (const name of ['a\nb', 'a\u200bb', 'a\u001b[2J']) {
    assert.is(commandText({ ...plain, file: [name] }, ['apply', 'p']), null);
  }
});

it('what has a credential makes no command, however a shell would quote it', () => {
  for (const key of ["it's-the-key", encodeURIComponent("it's-the-key"), btoa("it's-the-key")]) {
    assert.is(commandText({ ...plain, var: { build: `a ${key}` } }, ['apply', 'p']), null, key);
    assert.is(commandText({ ...plain, var: { [key]: 'a' } }, ['apply', 'p']), null, key);
    assert.is(commandText(plain, ['apply', `${key}.json`]), null, key);
  }
});

it.run();
