// Compiles the JSON Schemas to validators at build time: ajv itself stays out of the bundle and out of start-up.
// Each entry becomes src/generated/NAME.js (+ .d.ts), self-contained ESM.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** In the patterns of a desired state: a value that is a variable alone, and one that has a variable in it. */
const VARIABLE = '^\\$\\{var\\.[^{}]{1,200}\\}$';
const WITH_VARIABLE = '|(?:^|[^$])\\$\\{var\\.';

/**
 * An editor checks a file as it is written, fleetform when the values of its variables are in: whatever looks like a
 * variable by then was escaped, or came from a value, and is a text like any other.
 */
function withoutVariables(schema) {
  if (Array.isArray(schema)) return schema.map(withoutVariables);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { pattern, ...rest } = schema;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withoutVariables(value)]));
  if (typeof pattern !== 'string')
    return pattern === undefined ? own : { ...own, pattern: withoutVariables(pattern) };
  if (pattern !== VARIABLE) return { ...own, pattern: pattern.replace(WITH_VARIABLE, '') };
  const [type] = own.type.filter((one) => one !== 'string');
  return { ...own, type };
}

/**
 * A batch whose keys do not go together is told by fleetform in better words, and the errors that ajv makes on its way
 * to a `not` are most of what a valid file costs. The `allOf` of a single value stays: see validate.ts.
 */
function withoutConditions(schema) {
  if (Array.isArray(schema)) return schema.map(withoutConditions);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { if: _, then: __, else: ___, not: ____, ...rest } = schema;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withoutConditions(value)]));
  const { allOf, ...others } = own;
  const left = allOf?.filter((one) => Object.keys(one).length > 0) ?? [];
  return left.length === 0 ? others : own;
}

/** What editors show of a key. */
const FOR_EDITORS = ['description', 'markdownDescription', 'examples', 'default'];
/** Below these a key is a name, and no keyword. */
const BY_NAME = ['properties', 'patternProperties', '$defs'];

/** An error carries the schema that it is about, so all of it would be in the bundle, and read at each start. */
function withoutAnnotations(schema) {
  if (Array.isArray(schema)) return schema.map(withoutAnnotations);
  if (typeof schema !== 'object' || schema === null) return schema;
  const left = Object.entries(schema).filter(([key]) => !FOR_EDITORS.includes(key));
  return Object.fromEntries(
    left.map(([key, value]) => {
      if (['const', 'enum'].includes(key)) return [key, value];
      const isByName = BY_NAME.includes(key);
      return [key, isByName ? mapped(value, withoutAnnotations) : withoutAnnotations(value)];
    }),
  );
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** name → [schema file, { exported function: JSON pointer inside it }] */
const entries = {
  'desired-state': [
    'schemas/desired-state.schema.json',
    { validateDesiredState: '', validateName: '#/properties/name' },
  ],
  plan: ['schemas/plan.schema.json', { validatePlan: '' }],
  state: ['schemas/state.schema.json', { validateState: '' }],
  'api-answers': [
    'schemas/api-answers.schema.json',
    {
      validateTemplates: '#/$defs/templates',
      validateTasks: '#/$defs/tasks',
      validateBatches: '#/$defs/batches',
      validateInstances: '#/$defs/instances',
      validateFleets: '#/$defs/fleets',
    },
  ],
};

/** Knows the words that are for editors alone. */
export function strictly(options = {}) {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, ...options });
  addFormats.default(ajv);
  ajv.addKeyword({ keyword: 'markdownDescription', schemaType: 'string' });
  return ajv;
}

export async function generate() {
  mkdirSync('src/generated', { recursive: true });
  for (const [name, [file, exported]] of Object.entries(entries)) {
    if (!existsSync(file)) throw new Error(`${file} is missing`);
    const ajv = strictly({
      allErrors: true,
      verbose: true,
      code: { source: true, esm: true, lines: true },
    });
    const given = read(file);
    // The schema as it is shown, too, has to be a strict one.
    strictly().compile(given);
    const whole = withoutVariables(withoutAnnotations(given));
    const schema = name === 'desired-state' ? withoutConditions(whole) : whole;
    ajv.addSchema(schema);
    const functions = Object.fromEntries(
      Object.entries(exported).map(([fn, pointer]) => [fn, schema.$id + pointer]),
    );
    const code = (standaloneCode.default ?? standaloneCode)(ajv, functions);
    await build({
      stdin: { contents: code, resolveDir: process.cwd(), loader: 'js' },
      outfile: `src/generated/${name}.js`,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
    });
    const types = Object.keys(exported).map((fn) => `export const ${fn}: Validator;`);
    writeFileSync(
      `src/generated/${name}.d.ts`,
      [
        "import type { ErrorObject } from 'ajv';",
        'interface Validator { (data: unknown): boolean; errors?: ErrorObject[] | null }',
        ...types,
        '',
      ].join('\n'),
    );
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) await generate();
