// Builds what is published: dist/cli.js (a small entry that loads the rest by command), dist/index.js (the library)
// and the types. All of it is CommonJS: Node needs no loader of its own for that, and starts in less time. Dependencies are bundled: installing fleetform installs no other packages.
// `--if-stale` builds only when a source is newer than the last build, `--no-types` leaves out the types.
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
import { createRequire, isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { build, transform } from 'esbuild';
import { generate } from './generate.mjs';
import { emitTypes } from './types.mjs';

/**
 * Written last, so that a build that failed halfway is stale. Its time is the start of the build: a source that is saved
 * while it runs may not be in it.
 */
const STAMP = 'dist/THIRD-PARTY-LICENSES.txt';
const SOURCES = ['src', 'schemas', 'examples/first', '.build', 'package.json', 'package-lock.json'];

/**
 * Packages that take milliseconds to load, and that are called from code that cannot wait: each has a file of its own,
 * which is read at the first call of what stands here in its place.
 */
const LATE = {
  croner: 'export function Cron(...args) { return new (require("./croner.js").Cron)(...args); }',
  diff: ['diffArrays', 'diffChars', 'diffLines', 'structuredPatch']
    .map((name) => `export const ${name} = (...args) => require("./diff.js").${name}(...args);`)
    .join('\n'),
  'string-width': 'export default (...args) => require("./string-width.js").default(...args);',
  'wrap-ansi': 'export default (...args) => require("./wrap-ansi.js").default(...args);',
};

/**
 * What axios brings for browsers, forms, redirects and proxies of its own: `api/http.ts` asks for none of it, and loading
 * it (with all of Node's fetch) takes longer than the rest of axios. What would use it after all fails at once.
 */
const NOT_OF_AXIOS = {
  adapters: /axios\/lib\/adapters\/(?:fetch|xhr)\.js$/,
  packages: /^(?:follow-redirects|form-data|https-proxy-agent)$/,
};

if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

// Making it changes src/.
mkdirSync('src/generated', { recursive: true });
/** Rounded up, in milliseconds. */
const started = Date.now() + 1;
await generate();
rmSync('dist', { recursive: true, force: true });
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  define: { FLEETFORM_VERSION: JSON.stringify(version) },
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'error',
};
/** `import()` becomes a `require` that is as late: Node's own loads the loader of ES modules. */
const commonJs = {
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  supported: { 'dynamic-import': false },
  legalComments: 'none',
};
const [rest, entry, known] = await Promise.all([
  build({
    ...common,
    entryPoints: {
      index: 'src/index.ts',
      'chunks/program': 'src/cli/program.ts',
      ...Object.fromEntries(Object.keys(LATE).map((name) => [`chunks/${name}`, name])),
    },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    loader: { '.yaml': 'text' },
    plugins: [
      { name: 'late packages', setup: loadLate },
      { name: 'no loaders', setup: leaveOutLoaders },
      { name: 'no programs', setup: lateProgramsOfCommander },
      { name: 'requests only', setup: leaveOutOfAxios },
    ],
  }),
  // By itself: one file is all that the shortest answers need. A Node that is too old has to read it, to say so.
  build({
    ...common,
    ...commonJs,
    target: 'node14',
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    define: { ...common.define, 'import.meta.dirname': '__dirname' },
    plugins: [{ name: 'the rest', setup: loadTheRest }],
  }),
  build({
    ...common,
    ...commonJs,
    entryPoints: ['src/cli/command-line/answers.ts'],
    external: ['../commands/*', '../completion/addresses.ts'],
  }),
]);
mkdirSync('dist/chunks', { recursive: true });
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
// esbuild splits ES modules only.
await Promise.all(
  rest.outputFiles.map(async ({ path, text }) => {
    const { code } = await transform(text, commonJs);
    const { inputs } = rest.metafile.outputs[relative('.', path)];
    // For who wants to know what a command loads.
    writeFileSync(
      path,
      `// packages: ${packagesIn(Object.keys(inputs)).map(nameOf).join(' ')}\n${lateBuiltIns(code)}`,
    );
  }),
);
for (const { path, text } of entry.outputFiles) writeFileSync(path, lateBuiltIns(text));
mkdirSync('dist/answers');
for (const [words, text] of answersBy(known.outputFiles[0].text))
  writeFileSync(`dist/answers/${words}.txt`, text);
chmodSync('dist/cli.js', 0o755);
if (!process.argv.includes('--no-types')) emitTypes('dist/types');
writeFileSync(STAMP, licences(Object.keys(rest.metafile.inputs)));
utimesSync(STAMP, started / 1000, started / 1000);

/** cosmiconfig only finds files: what it would read them with stays out, and so does what could run one. */
function leaveOutLoaders({ onLoad }) {
  onLoad({ filter: /cosmiconfig\/dist\/loaders\.js$/ }, () => ({ contents: '' }));
}

/** commander could run a command as a program of its own, and loads what it takes for that at once. We have none. */
function lateProgramsOfCommander({ onLoad }) {
  onLoad({ filter: /commander\/lib\/command\.js$/ }, ({ path }) => ({
    contents: changed(path, [
      [/^const childProcess = require\('node:child_process'\);$/m, ''],
      [/childProcess\.spawn\(/g, "require('node:child_process').spawn("],
    ]),
  }));
}

function leaveOutOfAxios({ onResolve, onLoad }) {
  const nothing = () => ({ contents: 'export default undefined; export const getFetch = undefined;' });
  onLoad({ filter: NOT_OF_AXIOS.adapters }, nothing);
  onResolve({ filter: NOT_OF_AXIOS.packages }, ({ path, importer }) =>
    importer.includes('node_modules/axios/') ? { path, namespace: 'nothing' } : undefined,
  );
  onLoad({ filter: /./, namespace: 'nothing' }, ({ path }) =>
    // It takes two of its fields at once.
    path === 'follow-redirects' ? { contents: 'export default {};' } : nothing(),
  );
  // To ask for the name is enough for Node to load what is behind it.
  onLoad({ filter: /axios\/lib\/utils\.js$/ }, ({ path }) => ({
    contents: changed(path, [[/^const FormDataCtor = .*$/m, 'const FormDataCtor = undefined;']]),
  }));
}

/** A package's own source with changes. One that is not found is an error: the package is another by now. */
function changed(path, changes) {
  return changes.reduce(
    (text, [pattern, by]) => {
      if (text.search(pattern) < 0) throw new Error(`${path} has nothing like ${pattern}`);
      return text.replace(pattern, by);
    },
    readFileSync(path, 'utf8'),
  );
}

/** Of the code that says what is known before anything is run. */
function answersBy(code) {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(import.meta.url));
  return module.exports.answers();
}

/** The entry finds the program at a name that does not change. */
function loadTheRest({ onResolve }) {
  onResolve({ filter: /\/program\.ts$/ }, () => ({ path: './chunks/program.js', external: true }));
}

/** What is bundled imports the stand-in; the entry of that name is the package itself, and so is what packages import. */
function loadLate({ onResolve, onLoad }) {
  const names = new RegExp(`^(?:${Object.keys(LATE).join('|')})$`);
  onResolve({ filter: names }, ({ path, kind, importer }) =>
    kind === 'entry-point' || importer.includes('node_modules') ? undefined : { path, namespace: 'late' },
  );
  onLoad({ filter: names, namespace: 'late' }, ({ path }) => ({ contents: LATE[path] }));
  onResolve({ filter: /^\.\//, namespace: 'late' }, ({ path }) => ({ path, external: true }));
}

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

/** Node's own modules, too, are loaded at their first use: they are always there, and some take milliseconds. */
function lateBuiltIns(code) {
  const names = [];
  const late = code.replace(
    /^var (import_\w+) = ((?:__toESM\()?require\("([^"]+)"\)(?:, \d+\)|\))?);$/gm,
    (whole, name, load, module) => {
      if (!isBuiltin(module)) return whole;
      names.push(name);
      // In the syntax of the oldest target.
      return `var ${name}_made; var ${name} = () => ${name}_made || (${name}_made = ${load});`;
    },
  );
  if (names.length === 0) return code;
  // In brackets: `new name().Class()` would be another thing.
  return late.replace(new RegExp(`\\b(?:${names.join('|')})\\.`, 'g'), (use) => `(${use.slice(0, -1)}()).`);
}

/** The folders of the packages that such files are of. */
function packagesIn(inputs) {
  const folders = inputs.map((input) => /(?:^|.*\/)node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort();
}

function nameOf(folder) {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The licence text of each bundled package, as their licences ask for. */
function licences(inputs) {
  return packagesIn(inputs)
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
