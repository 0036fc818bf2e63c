// Runs the tests and counts what really reported. Each file gets a process and a time limit of its own, because uvu
// alone exits 0 on a forgotten run(), on test.only and on a pattern that matches nothing, and hangs on open handles.
// Usage: npm test [-- PATTERN ...]   (a pattern is a part of a file's path)
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const LIMIT_MS = 240_000;
const OUT = 'node_modules/.cache/fleetform-test';
const patterns = process.argv.slice(2);

const files = readdirSync('test', { recursive: true })
  .map((file) => join('test', file))
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${patterns.join(' ') || 'test/**/*.test.ts'}`);
  process.exit(1);
}

await run(process.execPath, ['.build/build.mjs', '--no-types'], { stdio: 'inherit' });
rmSync(OUT, { recursive: true, force: true });
await build({
  entryPoints: files,
  outdir: OUT,
  outbase: '.',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  define: { FLEETFORM_VERSION: '"0.0.0-test"' },
  loader: { '.yaml': 'text' },
  logLevel: 'error',
});

let passed = 0;
let failed = 0;
const queue = [...files];
await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function worker() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await runFile(file);
    passed += result.passed;
    failed += result.failed;
    const time = `${(result.ms / 1000).toFixed(1)} s`;
    if (result.failed === 0) console.log(`ok    ${file}  ${result.passed}  ${time}`);
    else console.log(`FAIL  ${file}  ${result.why}  ${time}\n${result.output}`);
  }
}

async function runFile(file) {
  const started = Date.now();
  const forgotten = suitesWithoutRun(readFileSync(file, 'utf8'));
  const { code, output, timedOut } = await run(
    process.execPath,
    ['--enable-source-maps', join(OUT, file.replace(/\.ts$/, '.js'))],
    { limit: LIMIT_MS, env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' } },
  );
  const count = (label) =>
    [...output.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, 'gm'))].reduce(
      (sum, m) => sum + Number(m[1]),
      0,
    );
  const total = count('Total');
  const ok = count('Passed');
  const skipped = count('Skipped');
  const problems = [];
  if (timedOut) problems.push(`did not end within ${LIMIT_MS / 1000} s`);
  if (total === 0) problems.push('no test reported');
  if (skipped > 0) problems.push(`${skipped} skipped (a test.only or test.skip left in)`);
  if (forgotten.length > 0) problems.push(`never run: ${forgotten.join(', ')}`);
  if (code !== 0 && !timedOut && total === ok) problems.push(`exited with ${code}`);
  return {
    passed: ok,
    failed: total - ok + problems.length,
    why: [...(total > ok ? [`${total - ok} of ${total} failed`] : []), ...problems].join('; '),
    output,
    ms: Date.now() - started,
  };
}

/** The names of the suites (`const x = suite(…)`, or uvu's own `test`) that the source never runs. */
function suitesWithoutRun(source) {
  const names = [...source.matchAll(/const (\w+) = suite\b/g)].map((m) => m[1]);
  if (/import \{[^}]*\btest\b[^}]*\} from 'uvu'/.test(source)) names.push('test');
  return names.filter((name) => !source.includes(`${name}.run()`));
}

function run(command, args, { limit, env, stdio } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: env ?? process.env,
      stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    let timedOut = false;
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const timer =
      limit &&
      setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, limit);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (stdio === 'inherit' && code !== 0) process.exit(code ?? 1);
      resolve({ code, output, timedOut });
    });
  });
}
