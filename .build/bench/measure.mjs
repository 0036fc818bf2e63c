// One run of a program, and several of two side by side. Machines differ and are noisy, so what counts is the ratio of
// two runs that stand beside each other, and of several of those the median.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
export const FLOOR = ['-e', '0'];
const USAGE = new URL('./usage.mjs', import.meta.url).href;

const root = mkdtempSync(join(tmpdir(), 'fleetform-bench-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));

/** Taken away when the process ends. */
export function temporaryFolder() {
  return mkdtempSync(join(root, 'f-'));
}

/**
 * A program from start to end, in milliseconds. Throws unless it exits with 0. What it prints is read and dropped, as
 * by a pipeline that keeps a log.
 */
export async function wall(program, args, { cwd = '.', env = {} } = {}) {
  const started = process.hrtime.bigint();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', CHECKPOINT_DISABLE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let last = '';
  child.stdout.resume();
  child.stderr.on('data', (part) => {
    last = `${last}${part}`.slice(-2000);
  });
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${code}: ${last}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

export const node = (args, options) => wall(process.execPath, args, options);
export const fleetform = (args, options) => node([CLI, ...args], options);

/** The same with what it used: `{ wall, cpu }` in milliseconds, `memory` in MB at its peak. */
export async function usage(args, { env, ...options }) {
  const file = join(temporaryFolder(), 'usage.json');
  const time = await node(['--import', USAGE, CLI, ...args], {
    ...options,
    env: { ...env, USAGE_FILE: file },
  });
  return { wall: time, ...JSON.parse(readFileSync(file, 'utf8')) };
}

/** In turn, so that a slow moment of the machine hits both. One turn more, which is not counted, `warms` up. */
export async function paired(runs, one, other, { warms = true } = {}) {
  const times = [];
  const ratios = [];
  for (let i = warms ? 0 : 1; i <= runs; i += 1) {
    const base = await other();
    const time = await one();
    if (i === 0) continue;
    times.push(time);
    ratios.push(time / base);
  }
  return { wall: median(times), ratio: median(ratios) };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The power of the size by which something grows from the smallest to the largest size: 1 is linear. */
export function exponent(points) {
  const [first, last] = [points[0], points.at(-1)];
  return Math.log(last.value / first.value) / Math.log(last.size / first.size);
}
