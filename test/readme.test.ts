/** README and the pages behind it: their links lead somewhere, and what they tell a new user to type works. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, folder } from './support/cli.ts';

const it = suite('README');

const PAGES = [
  'README.md',
  ...['.github', '.github/docs'].flatMap((path) =>
    readdirSync(path)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${path}/${name}`),
  ),
];

it('every link leads to a file that is there, and to a heading in it', () => {
  let seen = 0;
  for (const page of PAGES) {
    const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
    for (const [, target] of text.matchAll(/(?:\]\(|src="|srcset=")([^)"\s]+)/g)) {
      if (/^https?:/.test(target!)) continue;
      seen += 1;
      const [path = '', anchor] = target!.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      assert.ok(existsSync(file), `${page} links to ${target}, which is not there`);
      if (anchor !== undefined) assert.ok(anchorsOf(file).includes(anchor), `${page}: no heading #${anchor}`);
    }
  }
  assert.ok(seen > 20, `${seen} links`);
});

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('each page of the docs is linked from README', () => {
  const readme = readFileSync('README.md', 'utf8');
  for (const page of PAGES.filter((path) => path.startsWith('.github/docs/')))
    assert.ok(readme.includes(`](${page})`), page);
});

it('what a new user is told to type works: from nothing to an applied pull request', () => {
  const commands = ['First use', 'A pull request, from start to end'].flatMap(commandsOf);
  assert.ok(commands.length > 12, commands.join('\n'));
  const cwd = folder();
  const bin = folder({ fleetform: `#!/bin/sh\nexec "${process.execPath}" "${resolve(CLI)}" "$@"\n` });
  chmodSync(join(bin, 'fleetform'), 0o755);
  const script = join(bin, 'script.sh');
  writeFileSync(script, `set -eu -o pipefail\n${commands.join('\n')}\necho "the end"\n`);
  const who = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };
  const { status, stdout, stderr } = spawnSync('bash', [script], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: cwd,
      ...who,
      GIT_COMMITTER_NAME: who.GIT_AUTHOR_NAME,
      GIT_COMMITTER_EMAIL: who.GIT_AUTHOR_EMAIL,
    },
  });
  assert.is(status, 0, stderr);
  assert.match(stdout, /nightly-restart {2}\d batches will be created/);
  assert.match(stdout, 'No changes. The batches match the desired state.\nthe end');
});

/** What stands in blocks of `sh`, and behind the `$` of a `console`. */
function commandsOf(title: string): string[] {
  const readme = readFileSync('README.md', 'utf8');
  const from = readme.indexOf(`\n## ${title}\n`);
  assert.ok(from > 0, title);
  const section = readme.slice(from, readme.indexOf('\n## ', from + 1));
  return [...section.matchAll(/^```(sh|console)\n([\s\S]*?)^```/gm)].flatMap(([, kind, text]) => {
    const lines = text!.trimEnd().split('\n');
    if (kind === 'sh') return lines;
    return lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  });
}

it.run();
