// Runs the tests and counts what really reported. Each file gets a process and a time limit of its own, because uvu
// alone exits 0 on a forgotten run(), on test.only and on a pattern that matches nothing, and hangs on open handles.
// Tests that an absent tool keeps from running (test/support/tools.ts) are told by name and counted; where CI is set,
// they are failures (but for `root`). The last line is "N passed, N failed", and ", N skipped" only if there were any.
// Usage: npm test [-- [--limit=SECONDS] PATTERN ...]   (a pattern is a part of a file's path)
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

/** Of this process: two runs side by side must not take each other's files. */
const OUT = `node_modules/.cache/fleetform-test/${process.pid}`;
const TOOLS = JSON.parse(readFileSync(new URL('../test/support/tools.json', import.meta.url), 'utf8'));
const { values: flags, positionals: patterns } = parseArgs({
  options: { limit: { type: 'string', default: '240' } },
  allowPositionals: true,
});
/** Of each file, in seconds. */
const limit = Number(flags.limit);
if (!(limit > 0)) {
  console.error('usage: npm test [-- [--limit=SECONDS] PATTERN ...]');
  process.exit(1);
}
/** There every tool has to be: what is skipped unseen is never tested. */
const isCi = (process.env.CI ?? '') !== '';

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
process.once('exit', () => rmSync(OUT, { recursive: true, force: true }));
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
let skipped = 0;
/** Of each absent tool, how many tests want it. */
const wanted = new Map();
const queue = [...files];
await Promise.all(Array.from({ length: Math.max(3, Math.min(4, availableParallelism())) }, worker));
for (const [tool, count] of [...wanted].sort()) {
  const packages = TOOLS[tool]?.packages;
  const install =
    packages === undefined
      ? 'run the tests as root'
      : `install the package${packages.length === 1 ? '' : 's'} ${packages.join(', ')}`;
  console.log(`skipped without ${tool}: ${count} test${count === 1 ? '' : 's'} (${install})`);
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);

async function worker() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await runFile(file);
    passed += result.passed;
    failed += result.failed;
    skipped += result.skipped;
    for (const tool of result.wanting.flatMap(({ wants }) => wants)) {
      wanted.set(tool, (wanted.get(tool) ?? 0) + 1);
    }
    const time = `${(result.ms / 1000).toFixed(1)} s`;
    if (result.failed === 0) console.log(`ok    ${file}  ${result.passed}  ${time}`);
    else console.log(`FAIL  ${file}  ${result.why}  ${time}\n${result.output}`);
    for (const { test, wants } of result.wanting)
      console.log(`  skipped: ${test} (wants ${wants.join(', ')})`);
  }
}

async function runFile(file) {
  const started = Date.now();
  const forgotten = suitesWithoutRun(readFileSync(file, 'utf8'));
  const ran = await run(process.execPath, ['--enable-source-maps', join(OUT, file.replace(/\.ts$/, '.js'))], {
    limitMs: limit * 1000,
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
  });
  const { code, timedOut } = ran;
  const { wanting, output } = wantedIn(ran.output);
  const reported = (label) =>
    [...output.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, 'gm'))].map(([, count]) => Number(count));
  const count = (label) => reported(label).reduce((sum, one) => sum + one, 0);
  const total = count('Total');
  const ok = count('Passed');
  const leftIn = count('Skipped');
  const problems = [];
  if (timedOut) problems.push(`did not end within ${limit} s`);
  // Of a file that wants absent tools for all it has, uvu still reports, and says 0.
  if (reported('Total').length === 0 || total + wanting.length === 0) problems.push('no test reported');
  if (leftIn > 0) problems.push(`${leftIn} skipped (a test.only or test.skip left in)`);
  if (forgotten.length > 0) problems.push(`never run: ${forgotten.join(', ')}`);
  if (code !== 0 && !timedOut && total === ok) problems.push(`exited with ${code}`);
  // Whose runner it is, nobody can install; nor, as a rule, what is optional.
  const isRequired = (tool) => tool in TOOLS && !TOOLS[tool].isOptional;
  const unmet = isCi ? wanting.filter(({ wants }) => wants.some(isRequired)).length : 0;
  return {
    passed: ok,
    failed: total - ok + problems.length + unmet,
    skipped: wanting.length - unmet,
    wanting,
    why: [
      ...(total > ok ? [`${total - ok} of ${total} failed`] : []),
      ...problems,
      ...(unmet > 0 ? [`${unmet} want a tool that is absent, and CI is set`] : []),
    ].join('; '),
    output,
    ms: Date.now() - started,
  };
}

/** The tests that `needs` of test/support/tools.ts has told of, and the output without these lines. */
function wantedIn(output) {
  const line = /^\{"wants":.*\}\n/gm;
  const wanting = [...output.matchAll(line)].map(([text]) => JSON.parse(text));
  return { wanting, output: output.replace(line, '') };
}

/** The names of the suites (`const x = suite(…)`, or uvu's own `test`) that the source never runs. */
function suitesWithoutRun(source) {
  const names = [...source.matchAll(/const (\w+) = (?:needs\(\s*)?suite\b/g)].map((m) => m[1]);
  if (/import \{[^}]*\btest\b[^}]*\} from 'uvu'/.test(source)) names.push('test');
  return names.filter((name) => !source.includes(`${name}.run()`));
}

function run(command, args, { limitMs, env, stdio } = {}) {
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
      limitMs &&
      setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, limitMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (stdio === 'inherit' && code !== 0) process.exit(code ?? 1);
      resolve({ code, output, timedOut });
    });
  });
}
