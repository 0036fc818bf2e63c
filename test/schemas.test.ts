/** The schemas as an editor shows them: no key without words, no example that is wrong, and nothing of that in what runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const it = suite('the schemas');

type Schema = Readonly<Record<string, unknown>>;

const ALL = ['desired-state', 'plan', 'state', 'apply-events'];
const read = (name: string): Schema => JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));

interface Key {
  /** `/properties/state/properties/backend` */
  readonly at: string;
  readonly schema: Schema;
}

/** Conditions say nothing of their own about a key. */
const CONDITIONS = ['if', 'then', 'else', 'not'];

/** Those that a schema defines, wherever it does; `isCondition`: below one. */
function keysOf(schema: unknown, at = ''): Key[] {
  if (Array.isArray(schema)) return schema.flatMap((one, index) => keysOf(one, `${at}/${index}`));
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([word, value]): Key[] => {
    if (CONDITIONS.includes(word) || word === 'examples' || word === 'default') return [];
    if (word !== 'properties') return keysOf(value, `${at}/${word}`);
    return Object.entries(value as Record<string, Schema>).flatMap(([name, inner]) => {
      const place = `${at}/properties/${name}`;
      return [{ at: place, schema: inner }, ...keysOf(inner, place)];
    });
  });
}

const ajv = () => {
  const made = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    logger: {
      log: fail,
      warn: fail,
      error: fail,
    },
  });
  addFormats.default(made);
  return made.addKeyword({ keyword: 'markdownDescription', schemaType: 'string' });
};

function fail(...words: unknown[]): never {
  throw new Error(words.join(' '));
}

for (const name of ALL) {
  it(`${name}: a strict ajv takes it, and has nothing to say`, () => {
    ajv().compile(read(name));
  });

  it(`${name}: each key says what it is, in a sentence or two`, () => {
    const keys = keysOf(read(name));
    assert.ok(keys.length > 40, String(keys.length));
    for (const { at, schema } of keys) {
      assert.type(schema.description, 'string', at);
      assert.match(schema.description as string, /^\S[^\n]{2,800}[.!)…]$/, at);
    }
  });
}

/** What must be given, or whose absence means something else than any value would. */
const NO_DEFAULT =
  /[/](?:\$schema|version|name|timezone|vars|fleets|regions|claims|templates|limits|create|cancel|cancelPercent|servers|moved|from|to|until|freezes|batches|backend|ref|(?:lockA|unlockA|a)ddress|cron|horizon|duration|template|targets?|executeAt|schedule|spread|revision|paused|lifecycle|fleet|region|instances|labels)$/;

it('desired-state: each key has words for a hover, an example, and its default where it has one', () => {
  const whole = read('desired-state');
  const validator = ajv();
  validator.addSchema(whole);
  for (const { at, schema } of keysOf(whole)) {
    assert.type(schema.markdownDescription, 'string', at);
    assert.ok((schema.markdownDescription as string).length <= 400, at);
    const isValid = validator.getSchema(`${whole.$id}#${at.replaceAll('$', '%24')}`)!;
    const examples = schema.examples as unknown[];
    assert.ok(Array.isArray(examples) && examples.length > 0, `${at} has an example`);
    for (const one of examples) assert.ok(isValid(one), `${at}: the example ${JSON.stringify(one)} is valid`);
    if ('default' in schema) assert.ok(isValid(schema.default), `${at}: the default is valid`);
    else assert.match(at, NO_DEFAULT, `${at} has no default`);
  }
});

it('nothing of that is in what runs, but for the commands that write it', () => {
  const texts = readdirSync('dist', { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({ name: basename(file), text: readFileSync(join('dist', file), 'utf8') }));
  const holding = (word: string) => texts.filter(({ text }) => text.includes(word)).map(({ name }) => name);
  const holders = holding('markdownDescription');
  assert.is(holders.length, 1, holders.join());
  assert.equal(holding('Batches that one plan may create.'), holders);
  const users = holding(holders[0]!);
  assert.ok(users.length > 0);
  for (const user of users) assert.match(user, /^(?:init|schema)-/);
});

it.run();
