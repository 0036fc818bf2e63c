/** What holds of every file that can be read: formatted twice it is the same, and it says what it said before. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Lexer, parseDocument, stringify } from 'yaml';
import { formatBytes } from '../../src/desired/format/paths.ts';
import { DiagnosticsError } from '../../src/model/errors.ts';
import '../support/seed.ts';

const it = suite('desired: format, properties');

/** undefined: the text can't be read, and that is said. */
async function format(text: string): Promise<string | undefined> {
  try {
    return (await formatBytes(Buffer.from(text), 'stdin')).after;
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw error;
  }
}

/** By the `yaml` package alone; integers as digits. Ids may get quotes, templates may not. */
function meaning(text: string): string {
  const value = parseDocument(text, { intAsBigInt: true }).toJS({ maxAliasCount: -1 }) as unknown;
  return JSON.stringify(plain(value, []));
}

function plain(value: unknown, path: readonly string[]): unknown {
  if (typeof value === 'bigint')
    return path.at(-1) === 'template' ? { integer: String(value) } : String(value);
  if (Array.isArray(value)) return value.map((item, index) => plain(item, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, plain(inner, [...path, key])] as const);
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * To readers of YAML 1.1, by the `yaml` package: with the types of keys, in any order of them. undefined: it can't be
 * read so. Ids may get quotes.
 */
function meaningIn11(text: string): string | undefined {
  const document = parseDocument(text, { version: '1.1', intAsBigInt: true, uniqueKeys: false });
  if (document.errors.length > 0) return undefined;
  return typed(document.toJS({ mapAsMap: true, maxAliasCount: -1 }));
}

function typed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(typed).join(', ')}]`;
  if (value instanceof Map) {
    return `{${[...value]
      .map(([key, inner]) => `${typed(key)}: ${typed(inner)}`)
      .sort()
      .join(', ')}}`;
  }
  if (value instanceof Date) return `time ${value.getTime()}`;
  const text = String(value);
  if (/^[1-9][0-9]*$/.test(text)) return text;
  return `${typeof value} ${JSON.stringify(text)}`;
}

/** The comments at the very start that are the file's: behind them a blank line or `---`, or a modeline in them. */
function header(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const start = lines.findIndex((line) => line !== '');
  const length = lines.slice(Math.max(0, start)).findIndex((line) => !line.startsWith('#'));
  if (start === -1 || length <= 0) return '';
  const block = lines.slice(start, start + length);
  const isParted = /^$|^---(?:\s|$)/.test(lines[start + length] as string);
  const hasModeline = block.some((line) => /^# (?:yaml-language-server:|vim:|-\*-)/.test(line));
  return isParted || hasModeline ? block.map((line) => `${line}\n`).join('') : '';
}

/** By the package's lexer, which sees a comment where a token begins with `#`. */
function remarks(text: string): string[] {
  return [...new Lexer().lex(text)]
    .filter((token) => token.startsWith('#'))
    .map((token) => token.trimEnd())
    .sort();
}

async function check(text: string): Promise<boolean> {
  const once = await format(text);
  if (once === undefined) return false;
  const note = JSON.stringify(text);
  assert.is(await format(once), once, `not stable: ${note}`);
  assert.is(meaning(once), meaning(text), note);
  const in11 = meaningIn11(text);
  if (in11 !== undefined) assert.is(meaningIn11(once), in11, `to YAML 1.1: ${note}`);
  assert.is(once.slice(0, header(text).length), header(text), `header: ${note}`);
  assert.equal(remarks(once), remarks(text), note);
  // Inside of a block scalar they are a part of the value.
  if (!/[|>]/.test(once)) assert.not.match(once, /[ \t\r]$/m, note);
  assert.ok(once === '' || once.endsWith('\n'), note);
  return true;
}

const FILES = ['test', 'examples']
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((entry) => `${folder}/${entry}`))
  .filter((path) => path.endsWith('.yaml') && !path.includes('/.'))
  .sort();

it('of all files of the tests and examples', async () => {
  let read = 0;
  for (const path of FILES) {
    const text = readFileSync(path, 'utf8');
    if (text.length < 50_000 && (await check(text))) read++;
  }
  assert.ok(read > 150, `only ${read} of ${FILES.length} can be read`);
});

const STRING = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    'a b',
    'a: b',
    '- a',
    '#',
    'a #b',
    `$${'{var.x}'}`,
    'true',
    '12',
    '1.5',
    '~',
    "it's",
    '"',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', ':', '#', '-', '"', "'", '{', ']', ',', '\n', '&', '*', '|', '\\'),
    maxLength: 8,
  }),
);
/** What YAML 1.1 could take for something else, and its neighbours. */
const AMBIGUOUS = fc.oneof(
  fc.constantFrom(
    'yes',
    'Off',
    'n',
    '=',
    '<<',
    '~',
    '0b1_1',
    '0x_0A',
    '017',
    '1_000',
    '685.230_15e+03',
    '1:30',
  ),
  fc
    .tuple(
      fc.constantFrom('2030-01-01', '2030-1-1', '0001-01-01'),
      fc.constantFrom('', ' ', 'T', 't'),
      fc.constantFrom('', '10:00:00', '1:00:00.5'),
      fc.constantFrom('', 'Z', ' +5', '-05:00'),
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom('0', '1', '7', '_', '.', ':', '-', '+', 'b', 'x', 'e'), maxLength: 6 }),
);
const SCALAR = fc.oneof(
  STRING,
  AMBIGUOUS,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(1n, 10n ** 19n - 1n),
);
const TARGET = fc.record(
  {
    fleet: fc.oneof(fc.constantFrom('eu', '1394296486561117717'), fc.bigInt(1n, 10n ** 19n - 1n)),
    instances: fc.array(fc.bigInt(1n, 10n ** 19n - 1n), { maxLength: 6 }),
    labels: fc.dictionary(STRING, SCALAR, { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);
const TIME = fc.constantFrom('2026-12-01T03:00:00Z', 1_796_094_000);
const CRON = fc.constantFrom('30 4 * * *', '* * * * *', '@daily', '*/5 0-3 * * FRI#2', '0 18 * * 5');
const ZONE = fc.constantFrom('Europe/Amsterdam', 'UTC');
const SCHEDULE = fc.record(
  {
    until: TIME,
    from: TIME,
    except: fc.array(fc.constantFrom('2026-12-25', '2026-12-25T03:00:00Z'), { maxLength: 3 }),
    horizon: fc.constantFrom('7d', '12h'),
    timezone: ZONE,
    cron: CRON,
  },
  { requiredKeys: [] },
);
const FREEZE = fc.record(
  {
    templates: fc.array(fc.oneof(STRING, fc.integer({ min: 1 })), { maxLength: 3 }),
    regions: fc.array(fc.bigInt(1n, 10n ** 19n - 1n), { maxLength: 3 }),
    fleets: fc.array(fc.oneof(fc.constant('eu'), fc.bigInt(1n, 10n ** 19n - 1n)), { maxLength: 3 }),
    timezone: ZONE,
    duration: fc.constant('60h'),
    cron: CRON,
    to: TIME,
    from: TIME,
    name: STRING,
  },
  { requiredKeys: [] },
);
const BATCH = fc.record(
  {
    schedule: SCHEDULE,
    spread: fc.constantFrom('10m', '1s'),
    executeAt: fc.constantFrom('2026-12-01T03:00:00Z', 1_796_094_000),
    params: fc.dictionary(fc.oneof(STRING, AMBIGUOUS), SCALAR, { maxKeys: 4 }),
    targets: fc.array(TARGET, { maxLength: 3 }),
    target: TARGET,
    template: fc.oneof(STRING, fc.integer({ min: 1 })),
    other: fc.oneof(SCALAR, fc.array(SCALAR, { maxLength: 3 })),
  },
  { requiredKeys: ['template'] },
);
const DESIRED = fc.record(
  {
    batches: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), BATCH, { maxKeys: 4 }),
    vars: fc.dictionary(fc.oneof(STRING, AMBIGUOUS), SCALAR, { maxKeys: 3 }),
    fleets: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.bigInt(1n, 10n ** 19n - 1n), { maxKeys: 3 }),
    freezes: fc.array(FREEZE, { maxLength: 3 }),
    name: STRING,
    version: fc.constant(1),
  },
  { requiredKeys: ['version'] },
);
const WRITING = fc.record({
  indent: fc.integer({ min: 1, max: 5 }),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 20, 80),
  defaultKeyType: fc.constantFrom('PLAIN' as const, 'QUOTE_SINGLE' as const, 'QUOTE_DOUBLE' as const),
  defaultStringType: fc.constantFrom(
    'PLAIN' as const,
    'QUOTE_SINGLE' as const,
    'QUOTE_DOUBLE' as const,
    'BLOCK_LITERAL' as const,
  ),
  collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
});
/** Lines that are put anywhere between two others: [where, how deep, what]. */
const INSERTED = fc.array(
  fc.tuple(
    fc.nat(),
    fc.nat({ max: 12 }),
    fc.constantFrom('', '', '# one', '# two: x', '#three', '# "four', '- # five'),
  ),
  { maxLength: 6 },
);

function withLines(text: string, inserted: readonly (readonly [number, number, string])[]): string {
  const lines = text.split('\n');
  for (const [where, depth, what] of inserted)
    lines.splice(where % lines.length, 0, `${' '.repeat(depth)}${what}`);
  return lines.join('\n');
}

/** Lines at the start. */
const TOP = fc.array(
  fc.constantFrom(
    ...['# Copyright ACME', '# see LICENSE', '#', '', '---', '--- # fleets', '  # deep'],
    ...['# yaml-language-server: $schema=x.json', '# vim: set ts=2', '# -*- mode: yaml -*-'],
  ),
  { maxLength: 5 },
);

/** Comments behind what stands on some lines. */
function withTrailing(text: string, lines: readonly number[]): string {
  const all = text.split('\n');
  for (const line of lines) all[line % all.length] += ' # behind';
  return all.join('\n');
}

async function property(numRuns: number, least: number, texts: fc.Arbitrary<string>): Promise<void> {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      if (await check(text)) read++;
    }),
    { numRuns },
  );
  assert.ok(read >= least, `only ${read} of ${numRuns} can be read`);
}

it('of generated files, in every style, with comments and blank lines anywhere', async () => {
  const texts = fc
    .tuple(DESIRED, WRITING, INSERTED, fc.array(fc.nat(), { maxLength: 4 }))
    .map(([desired, writing, inserted, behind]) =>
      withLines(withTrailing(stringify(desired, writing), behind), inserted),
    );
  await property(1500, 300, texts);
});

/** Block scalars of every header, whose lines are blank, empty or deep, and what stands behind them. */
const BLOCK_SCALARS = fc
  .tuple(
    fc.constantFrom('|', '|-', '|+', '>', '>-', '>+', '|1', '|1-', '|2+', '>1', '>2-', '>1+'),
    fc.array(fc.constantFrom('', ' ', '   ', '  0', '   0', '    0', '   ', '     '), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.constantFrom(
      '',
      'version: 1\n',
      '\n\nversion: 1\n',
      '# x\nversion: 1\n',
      ' l: 1\n',
      '\n # y\n l: 1\n',
    ),
  )
  .map(([header, lines, behind]) => `name: x\nvars:\n k: ${header}\n${lines.join('\n')}\n${behind}`);

it('of block scalars that begin or end with blanks', async () => {
  await property(1500, 300, BLOCK_SCALARS);
});

/** Root keys and keys of a batch in any order, with anchors (some set twice) and aliases in each of them. */
const ANCHORED = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('batches', 'vars', 'name', 'limits', 'x-a', 'x-b', '$schema', 'other', 'version'),
      fc.constantFrom(
        '&a 1',
        '*a',
        '{ k: &a 2 }',
        '[*a, &b 3]',
        '*b',
        '{ k: { target: *a, template: &a x } }',
      ),
    ),
    { selector: ([key]) => key, maxLength: 9 },
  )
  .map((entries) => entries.map(([key, value]) => `${key}: ${value}\n`).join(''));

it('of files whose anchors and aliases are not in the order of keys', async () => {
  await property(1500, 300, ANCHORED);
});

it('of files that begin with comments, modelines, markers', async () => {
  const bodies = fc.oneof(
    fc.constantFrom('name: x\nversion: 1\n', '# of name\nname: x\n# of version\nversion: 1\n', '{}\n', ''),
    fc.constantFrom(
      '{ name: x, version: 1 }\n',
      '{\n  # of name\n  name: x, version: 1 }\n',
      '&a\nname: x\n',
    ),
    fc.tuple(DESIRED, WRITING).map(([desired, writing]) => stringify(desired, writing)),
  );
  const texts = fc
    .tuple(TOP, bodies)
    .map(([top, body]) => `${top.map((line) => `${line}\n`).join('')}${body}`);
  await property(1500, 500, texts);
});

it('of real files with comments and blank lines anywhere', async () => {
  const real = FILES.filter((path) => /format\/.*\/in\.yaml$|^examples/.test(path)).map((path) =>
    readFileSync(path, 'utf8'),
  );
  const texts = fc
    .tuple(fc.constantFrom(...real), INSERTED, fc.array(fc.nat(), { maxLength: 3 }))
    .map(([text, inserted, behind]) => withLines(withTrailing(text, behind), inserted));
  await property(1500, 300, texts);
});

it.run();
