// Builds what is published: dist/cli.js (a small entry that loads the rest by command), dist/index.js (the library)
// and the types. Dependencies are bundled: installing fleetform installs no other packages.
// `--if-stale` builds only when a source is newer than the last build, `--no-types` leaves out the types.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { generate } from './generate.mjs';

/**
 * Written last, so that a build that failed halfway is stale. Its time is the start of the build: a source that is saved
 * while it runs may not be in it.
 */
const STAMP = 'dist/THIRD-PARTY-LICENSES.txt';
const SOURCES = ['src', 'schemas', 'examples/first', '.build', 'package.json', 'package-lock.json'];

if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

// Making it changes src/.
mkdirSync('src/generated', { recursive: true });
/** Rounded up, in milliseconds. */
const started = Date.now() + 1;
await generate();
rmSync('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  loader: { '.yaml': 'text' },
  define: { FLEETFORM_VERSION: JSON.stringify(version) },
  // Packages that are CommonJS call require() for Node's own modules, and one looks at its own file's name.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = new URL(import.meta.url).pathname;',
    ].join(' '),
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'error',
});
chmodSync('dist/cli.js', 0o755);
if (!process.argv.includes('--no-types'))
  execFileSync('node_modules/.bin/tsc', ['-p', '.build/tsconfig.types.json'], { stdio: 'inherit' });
writeFileSync(STAMP, licences(Object.keys(result.metafile.inputs)));
utimesSync(STAMP, started / 1000, started / 1000);

function isStale() {
  if (!existsSync(STAMP) || !existsSync('src/generated')) return true;
  const built = statSync(STAMP).mtimeMs;
  const isNewer = (path) => {
    const found = statSync(path);
    // What the build itself generates is no source.
    if (path === join('src', 'generated')) return false;
    if (!found.isDirectory()) return found.mtimeMs > built;
    return found.mtimeMs > built || readdirSync(path).some((name) => isNewer(join(path, name)));
  };
  return SOURCES.some(isNewer);
}

/** The licence text of each bundled package, as their licences ask for. */
function licences(inputs) {
  const names = new Set();
  for (const input of inputs) {
    const name = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[0];
    if (name !== undefined) names.add(name);
  }
  return [...names]
    .sort()
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      const text = file === undefined ? undefined : readFileSync(`${folder}/${file}`, 'utf8').trim();
      const name = `${manifest.name} ${manifest.version}`;
      const told =
        text ?? inReadme(folder) ?? `The package has no text of its licence, which is ${manifest.license}.`;
      return `${name} (${manifest.license})\n\n${told}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** Some have no file for it, but a section of that name, which holds the whole text. */
function inReadme(folder) {
  if (!existsSync(`${folder}/README.md`)) return undefined;
  const [, text] =
    /(?:^#+ licen[cs]e\s*\n|^licen[cs]e\n-+\n)([^#]*)/im.exec(readFileSync(`${folder}/README.md`, 'utf8')) ??
    [];
  return /copyright/i.test(text ?? '') ? text.trim() : undefined;
}
