// Measures what users wait for, as ratios within one run: machines differ, and are noisy. `npm run bench [-- RUNS]`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const runs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'fleetform-bench-'));
const env = { ...process.env, NO_COLOR: '1' };

function spawn(args) {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} exited with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** Each measured run stands beside one of the baseline, so that a slow moment of the machine hits both. */
function compare(name, args, limit) {
  const ratios = [];
  const times = [];
  for (let i = 0; i < runs + 1; i += 1) {
    const base = spawn(['-e', '0']);
    const time = spawn(args);
    if (i === 0) continue;
    times.push(time);
    ratios.push(time / base);
  }
  const row = [
    name.padEnd(34),
    `${median(times).toFixed(0)} ms`.padStart(8),
    `${median(ratios).toFixed(2)} x node -e 0`,
  ];
  console.log(`${row.join('  ')}${limit === undefined ? '' : `   (aim: below ${limit})`}`);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function fileOf(count) {
  const lines = [
    'version: 1',
    'name: bench',
    'api: sandbox',
    'fleets: { eu: "1394296486561117717" }',
    'batches:',
  ];
  for (let i = 0; i < count; i += 1) {
    lines.push(
      `  restart-${i}:`,
      '    template: Restart game server',
      '    target: { fleet: eu }',
      `    executeAt: ${new Date((1_900_000_000 + i * 60) * 1000).toISOString().replace('.000Z', 'Z')}`,
      '    startingDeadline: 10m',
    );
  }
  const file = join(folder, `${count}.yaml`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

try {
  console.log(`medians of ${runs} runs, each beside one of \`node -e 0\``);
  compare('--version', ['dist/cli.js', '--version'], 1.35);
  compare('plan --help', ['dist/cli.js', 'plan', '--help']);
  compare('validate, 1 batch', ['dist/cli.js', 'validate', '-f', fileOf(1)]);
  compare('validate, 1,000 batches', ['dist/cli.js', 'validate', '-f', fileOf(1000)], 4);
  compare('plan, 1,000 batches, sandbox', ['dist/cli.js', 'plan', '-f', fileOf(1000)]);
} finally {
  rmSync(folder, { recursive: true });
}
