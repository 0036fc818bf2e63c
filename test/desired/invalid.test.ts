/**
 * One mistake per file: each is told once, at its place, in words that help. A file's expectation is its first line,
 * or that of NAME.expect: `# LINE:COLUMN | words | more words`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDesired } from '../../src/desired/load.ts';
import { DiagnosticsError } from '../../src/model/errors.ts';

const FOLDER = 'test/desired/invalid';
const invalid = suite('desired: invalid files');
const files = readdirSync(FOLDER).filter((name) => !name.endsWith('.expect'));

for (const name of files) {
  invalid(name, async () => {
    const [place, ...words] = expectation(name);
    const error = await loadDesired({ cwd: FOLDER, files: [name], env: {} }).then(
      () => assert.unreachable('it loaded'),
      (thrown: unknown) => thrown,
    );
    assert.instance(error, DiagnosticsError);
    const { code, diagnostics } = error as DiagnosticsError;
    assert.is(code, 'desired.invalid');
    const told = diagnostics.map(({ range, message }) => `${range?.line}:${range?.column} ${message}`);
    assert.is(diagnostics.length, 1, `told ${told.length} times:\n${told.join('\n')}`);
    const [diagnostic] = diagnostics;
    assert.is(`${diagnostic?.range?.line}:${diagnostic?.range?.column}`, place, told.join());
    for (const word of words)
      assert.ok(diagnostic?.message.includes(word), `${told.join()}\nhas no: ${word}`);
    assert.is(diagnostic?.range?.file, name);
    assert.is(diagnostic?.severity, 'error');
    assert.ok((diagnostic?.message.length ?? 0) <= 320, 'the message is too long');
    assert.ok((diagnostic?.snippet?.length ?? 999) <= 160, 'the snippet is too long');
    assert.not.match(
      `${diagnostic?.message} ${diagnostic?.hint}`,
      /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
    );
    assert.not.match(`${diagnostic?.message}`, /\n\s+at /);
  });
}

invalid('there are many of them', () => {
  assert.ok(files.length >= 70, `${files.length} files`);
});

invalid.run();

function expectation(name: string): string[] {
  const beside = join(FOLDER, `${name}.expect`);
  const text = readFileSync(existsSync(beside) ? beside : join(FOLDER, name), 'utf8');
  const [line = ''] = text.split('\n');
  return line
    .replace(/^# /, '')
    .split(' | ')
    .map((part) => part.trim());
}
