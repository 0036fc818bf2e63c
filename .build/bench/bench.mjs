// `npm run bench [-- --quick] [--json] [--runs N] [SECTION…]`: what users wait for, as ratios that were measured in one run.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as backends from './backends.mjs';
import * as growth from './growth.mjs';
import * as ideal from './ideal.mjs';
import * as pack from './package.mjs';
import * as startUp from './start-up.mjs';
import { line } from './table.mjs';
import * as terraform from './terraform.mjs';

const SECTIONS = { 'start-up': startUp, growth, ideal, backends, terraform, package: pack };
const USAGE = `usage: npm run bench -- [--quick] [--json] [--runs N] [${Object.keys(SECTIONS).join('|')}]…`;

const { values, positionals } = readArguments();
const runs = Number(values.runs ?? (values.quick ? 3 : 15));
const unknown = positionals.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) fail();

const input = { runs, isQuick: values.quick, sizes: values.quick ? [100, 1000] : [100, 1000, 10_000] };
const names = positionals.length === 0 ? Object.keys(SECTIONS) : positionals;
const tell = values.json ? () => {} : (text) => console.log(text);
const sections = [];
tell(
  `medians of ${runs} pairs where a row has no other; Node ${process.versions.node}, ${cpus().length} cores`,
);
for (const name of names) {
  const { title, rows } = SECTIONS[name];
  const section = { name, title, rows: [] };
  sections.push(section);
  tell(`\n${title}`);
  for await (const row of rows(input)) {
    section.rows.push(row);
    tell(line(row));
  }
}
if (values.json) {
  const machine = { node: process.versions.node, platform: process.platform, cores: cpus().length };
  console.log(JSON.stringify({ machine, runs, sections }, null, 2));
}
process.exit(0);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        runs: { type: 'string' },
      },
    });
  } catch {
    return fail();
  }
}

function fail() {
  console.error(USAGE);
  process.exit(1);
}
