// `npm run pictures`: the pictures of the README, from the embedded sandbox, by the commands that the README names. It
// takes a Chromium (CHROMIUM=path, or one of the usual names on the PATH). Written to .github/pictures/.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { marked } from 'marked';
import { chromium } from 'playwright-core';

const FOLDER = resolve('.github/pictures');
const cli = resolve('dist/cli.js');
const work = mkdtempSync(join(tmpdir(), 'fleetform-pictures-'));
// As in a check of a pull request: the page and the comment link to it.
const env = {
  PATH: process.env.PATH,
  TZ: 'Europe/Amsterdam',
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'example/live-ops',
  GITHUB_SHA: '4f1c9d27a0b35e8d6c21f7a94b8e30d15c6f2a77',
  GITHUB_REF: 'refs/pull/128/merge',
  GITHUB_RUN_ID: '9182736455',
};

const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** `build`, `canary`: what the pull request changes. */
function file({ build, cron, canary }) {
  return `version: 1
name: live-ops
api: sandbox
timezone: Europe/Amsterdam
fleets: { eu: "1394296486561117717", us: "1394296486561117718", staging: "1394296486561117719" }
freezes: [{ name: finals, from: ${day(4)}T00:00:00Z, to: ${day(6)}T00:00:00Z, fleets: [eu] }]
batches:
  nightly-restart:
    template: Restart game server
    targets: [{ fleet: eu }, { fleet: us }]
    schedule: { cron: "${cron}", timezone: Europe/Amsterdam, horizon: 7d }
  hotfix:
    template: Deploy build
    targets: [{ fleet: eu }, { fleet: us }]
    params: { buildId: "${build}" }
    executeAt: ${day(2)}T03:00:00Z
${canary}`;
}

const CANARY = `  canary:
    template: Deploy build
    target: { fleet: staging }
    params: { buildId: "8813" }
    executeAt: ${day(1)}T10:00:00Z
`;
const LOGS = `  collect-logs:
    template: Collect logs
    target: { fleet: staging }
    executeAt: ${day(1)}T12:00:00Z
`;

function fleetform(...args) {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: work,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`fleetform ${args.join(' ')} exited with ${status}:\n${stderr}`);
}

/** What there is of GitHub's looks: enough to see a comment as it will be read. */
const LOOKS = `body { margin: 0; padding: 16px; background: #fff; color: #1f2328;
    font: 14px/1.5 -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; width: 1000px; box-sizing: border-box }
  article { border: 1px solid #d1d9e0; border-radius: 6px; padding: 4px 16px 12px }
  h1, h2, h3 { font-size: 1.25em; border-bottom: 1px solid #d1d9e0b3; padding-bottom: .3em }
  table { border-collapse: collapse } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left }
  code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font-size: 85% }
  pre { background: #f6f8fa; padding: 12px; border-radius: 6px } pre code { background: none; padding: 0 }
  a { color: #0969da } details { margin: 8px 0 }`;

function browser() {
  const names = [
    process.env.CHROMIUM,
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
  ];
  for (const name of names.filter(Boolean)) {
    const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  throw new Error('no Chromium found: install one, or name it with CHROMIUM=path');
}

try {
  execFileSync('git', ['init', '--quiet'], { cwd: work });
  const write = (state) => writeFileSync(join(work, 'fleetform.yaml'), file(state));
  write({ build: '8811', cron: '30 4 * * *', canary: LOGS });
  fleetform('apply', '--auto-approve', '--quiet');
  write({ build: '8812', cron: '0 5 * * *', canary: CANARY });
  fleetform('plan', '--html', 'page.html', '--markdown', 'comment.md');

  const comment = await marked(readFileSync(join(work, 'comment.md'), 'utf8'), { gfm: true });
  writeFileSync(
    join(work, 'comment.html'),
    `<!doctype html><meta charset="utf-8"><style>${LOOKS}</style><article>${comment}</article>`,
  );
  mkdirSync(FOLDER, { recursive: true });
  const opened = await chromium.launch({ executablePath: browser(), args: ['--no-sandbox'] });
  try {
    const shoot = async (name, source, { colorScheme, size, clip }) => {
      const page = await opened.newPage({ colorScheme, viewport: size });
      await page.goto(`file://${join(work, source)}`);
      const path = join(FOLDER, `${name}.png`);
      if (clip === undefined) await page.screenshot({ path });
      else await page.locator(clip).screenshot({ path });
      await page.close();
      console.log(`.github/pictures/${name}.png`);
    };
    const desk = { width: 1080, height: 860 };
    await shoot('page-light', 'page.html', { colorScheme: 'light', size: desk });
    await shoot('page-dark', 'page.html', { colorScheme: 'dark', size: desk });
    for (const colorScheme of ['light', 'dark'])
      await shoot(`timeline-${colorScheme}`, 'page.html', {
        colorScheme,
        size: desk,
        clip: '.timeline-section',
      });
    await shoot('comment', 'comment.html', { colorScheme: 'light', size: desk, clip: 'body' });
  } finally {
    await opened.close();
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
