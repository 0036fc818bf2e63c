/**
 * As much of GitHub's command line as the action uses, over a folder: comments, issues, and runs with their artifacts. Filters are run by jq, which gh has built in.
 */
export const FAKE_GH = `#!/usr/bin/env node
const { execFileSync } = require('node:child_process');
const { cpSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const HUB = process.env.FAKE_GITHUB;
const read = (name, none) => (existsSync(join(HUB, name)) ? JSON.parse(readFileSync(join(HUB, name), 'utf8')) : none);
const args = process.argv.slice(2);
const flag = (...names) => {
  const at = args.findIndex((arg) => names.includes(arg));
  return at === -1 ? undefined : args[at + 1];
};
const print = (value) => {
  const filter = flag('--jq');
  const text = JSON.stringify(value);
  process.stdout.write(filter === undefined ? text : execFileSync('jq', ['-r', filter], { input: text }));
};
if (!process.env.GH_TOKEN) throw new Error('no GH_TOKEN');
if (args[0] === 'api') {
  const path = args.find((arg) => arg.startsWith('repos/'));
  const method = flag('--method') ?? 'GET';
  const comments = read('comments.json', []);
  const field = flag('--field');
  const body = field && readFileSync(field.replace('body=@', ''), 'utf8');
  const raw = Object.fromEntries(args.flatMap((arg, at) => (arg === '--raw-field' ? [args[at + 1].split(/=(.*)/s)] : [])));
  const issues = read('issues.json', []);
  const issue = issues.find(({ number }) => number === Number(/[/]issues[/](\\d+)$/.exec(path)?.[1]));
  const keep = () => writeFileSync(join(HUB, 'issues.json'), JSON.stringify(issues));
  const pull = Number(/[/]issues[/](\\d+)[/]comments$/.exec(path)?.[1]);
  const named = new URLSearchParams(path.split('?')[1]).get('name');
  if (path.includes('/actions/artifacts?')) print({ artifacts: read('artifacts.json', []).filter(({ name }) => name === named) });
  else if (/[/]actions[/]runs[/]\\d+$/.test(path)) print(read('runs.json', []).find(({ id }) => id === path.split('/').at(-1)));
  else if (/[/]pulls[/]\\d+$/.test(path)) print(read('heads.json', {})[path.split('/').at(-1)]);
  else if (/[/]commits[/]\\w+[/]pulls$/.test(path)) print(read('pulls.json', {})[path.split('/').at(-2)] ?? []);
  else if (/[/]issues[?]state=open&creator=/.test(path)) {
    const [, creator] = /creator=([^&]*)/.exec(path);
    print(issues.filter(({ state, user }) => state === 'open' && user.login === decodeURIComponent(creator)).reverse());
  } else if (/[/]issues$/.test(path)) {
    const user = { login: 'github-actions[bot]', type: 'Bot' };
    issues.push({ number: 300 + issues.length, state: 'open', user, title: raw.title, labels: [raw['labels[]']], body });
    keep();
  } else if (issue !== undefined) {
    Object.assign(issue, raw, body === undefined ? {} : { body });
    keep();
  } else if (method === 'GET') print(comments.filter((comment) => comment.pull === pull));
  else if (method === 'POST') {
    comments.push({ id: comments.length + 900, pull, user: { login: 'github-actions[bot]', type: 'Bot' }, body });
    writeFileSync(join(HUB, 'comments.json'), JSON.stringify(comments));
  } else if (method === 'PATCH') {
    const comment = comments.find(({ id }) => id === Number(path.split('/').at(-1)));
    comment.body = body;
    writeFileSync(join(HUB, 'comments.json'), JSON.stringify(comments));
  }
} else if (args[0] === 'run' && args[1] === 'download') {
  cpSync(join(HUB, 'artifacts', args[2], flag('--name')), flag('--dir'), { recursive: true });
} else throw new Error('gh ' + args.join(' '));
`;
