/** README and the pages behind it: their links lead somewhere, and what they tell a new user to type works. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  const steps = ['First use', 'A pull request, from start to end'].flatMap(stepsOf);
  assert.ok(steps.length > 12, steps.map(({ command }) => command).join('\n'));
  const commands = steps.map(({ command, printed }, index) =>
    printed === null
      ? command
      : `{ ${command}; } > ../printed/${index}.txt 2>&1; cat ../printed/${index}.txt`,
  );
  const home = folder();
  const [cwd, printed] = ['live', 'printed'].map((name) => join(home, name)) as [string, string];
  for (const path of [cwd, printed]) mkdirSync(path);
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
      HOME: home,
      ...who,
      GIT_COMMITTER_NAME: who.GIT_AUTHOR_NAME,
      GIT_COMMITTER_EMAIL: who.GIT_AUTHOR_EMAIL,
    },
  });
  assert.is(status, 0, stderr);
  assert.match(stdout, /nightly-restart {2}\d batches will be created/);
  assert.match(stdout, 'No changes. The batches match the desired state.\nthe end');
  const samples = steps.flatMap((step, index) => (step.printed === null ? [] : { ...step, index }));
  assert.ok(samples.length > 2);
  for (const { command, printed: sample, index } of samples)
    assert.is(timeless(sample!), timeless(readFileSync(join(printed, `${index}.txt`), 'utf8')), command);
});

/** What is printed at another time differs in its numbers, dates, durations and digests, and in nothing else. */
function timeless(text: string): string {
  return text
    .trimEnd()
    .replace(/sha256:[0-9a-f]+…?/g, 'sha256:#')
    .replace(/^( +time +)\d.*(?=, 04:30)/gm, '$1#')
    .replace(/^planned .* UTC/gm, 'planned #')
    .replace(/first in .*/g, 'first in #')
    .replace(/\d+/g, '#');
}

it('the errors of a file are those that are shown', () => {
  let seen = 0;
  for (const page of PAGES) {
    const text = readFileSync(page, 'utf8');
    for (const [, sample] of text.matchAll(/^```console\n\$ fleetform validate\n([\s\S]*?)^```/gm)) {
      const cwd = folder({ 'fleetform.yaml': MISSPELT });
      const { stderr } = spawnSync(process.execPath, [resolve(CLI), 'validate'], { cwd, encoding: 'utf8' });
      assert.is(stderr, sample, page);
      seen += 1;
    }
  }
  assert.is(seen, 2);
});

const MISSPELT = `version: 1
name: live-ops
api: sandbox
fleets: { eu: "1394296486561117717" }

batches:
  hotfix:
    template: Deploy build
    target: { fleet: eu }
    params:
      buildId: "8812"
    executAt: 2026-12-01T03:00:00Z
`;

interface Step {
  readonly command: string;
  /** What README shows of its output; null: nothing. */
  readonly printed: string | null;
}

/** What stands in blocks of `sh`, and behind the `$` of a `console`. */
function stepsOf(title: string): Step[] {
  const readme = readFileSync('README.md', 'utf8');
  const from = readme.indexOf(`\n## ${title}\n`);
  assert.ok(from > 0, title);
  const section = readme.slice(from, readme.indexOf('\n## ', from + 1));
  return [...section.matchAll(/^```(sh|console)\n([\s\S]*?)^```/gm)].flatMap(([, kind, text]): Step[] => {
    if (kind === 'sh') {
      return text!
        .trimEnd()
        .split('\n')
        .map((command) => ({ command, printed: null }));
    }
    return text!
      .split(/^\$ /m)
      .slice(1)
      .map((one) => {
        const end = one.indexOf('\n');
        return { command: one.slice(0, end), printed: one.slice(end + 1) };
      });
  });
}

it.run();
