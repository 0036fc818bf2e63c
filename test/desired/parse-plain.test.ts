/** The parser of plain YAML against the `yaml` package: the same tree, or it leaves the text alone. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePlain } from '../../src/desired/parse-plain.ts';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
import type { SourceNode } from '../../src/desired/source.ts';
import '../support/seed.ts';

const plain = suite('desired: plain YAML');

/** What later steps look at: the places of empty values and the ends of collections they don't. */
function shape(node: SourceNode): unknown {
  if (node.kind === 'seq') return ['seq', node.start, node.items.map(shape)];
  if (node.kind === 'map')
    return ['map', node.start, node.entries.map((e) => [shape(e.key), shape(e.value)])];
  if (node.value === null && node.text === '') return 'nothing';
  return [node.start, node.end, node.text, Number.isNaN(node.value) ? 'NaN' : node.value];
}

/** Whether the text was plain; throws if the two parsers differ on it. */
function compare(text: string): boolean {
  const root = parsePlain(text);
  if (root === undefined) return false;
  const whole = parseYaml(text);
  assert.equal(whole.problems.length, 0, `yaml refuses ${JSON.stringify(text)}`);
  assert.ok(whole.root !== undefined, `yaml finds nothing in ${JSON.stringify(text)}`);
  assert.equal(shape(root), shape(whole.root as SourceNode), JSON.stringify(text));
  return true;
}

/** At least that many of the random texts must have been plain, or the property says nothing. */
function property(what: string, texts: fc.Arbitrary<string>, numRuns: number, least: number): void {
  plain(what, () => {
    let seen = 0;
    fc.assert(
      fc.property(texts, (text) => {
        if (compare(text)) seen++;
      }),
      { numRuns },
    );
    assert.ok(seen >= least, `only ${seen} of ${numRuns} were plain`);
  });
}

const FRAGMENTS = [
  ...[
    'a',
    'b c',
    'key',
    '1',
    '-1',
    '1.50',
    '0x1f',
    '~',
    'null',
    'true',
    'é',
    '.',
    '..',
    '//',
    'http://x',
    '=',
  ],
  ...[
    '2026-12-01T03:00:00Z',
    '"x"',
    "'y'",
    '"a b"',
    "'it''s'",
    '"\\n"',
    '"',
    "'",
    `$${'{var.x}'}`,
    '$',
    '<<: ',
  ],
  ...[
    '{ ',
    '}',
    ' }',
    '[',
    ']',
    ', ',
    ',',
    ': ',
    ':',
    '- ',
    '-',
    '? ',
    '|',
    '>',
    '&a ',
    '*a',
    '!t ',
    '%',
    '@',
  ],
  ...[
    '\n',
    '\n',
    '\n',
    '\n  ',
    '\n  ',
    '\n    ',
    '\n      ',
    '\n - ',
    '\n- ',
    '\n  - ',
    '\r\n',
    '\t',
    ' ',
    '  ',
  ],
  ...[
    '#',
    ' # c',
    '#c\n',
    '---\n',
    '---',
    '...',
    'x: y',
    'a: 1',
    '\na: 1',
    '\n  b: 2',
    '\n  - c',
    'k: [1, 2]',
  ],
];
const fragments = fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 14 });
property(
  'any pieces',
  fragments.map((pieces) => pieces.join('')),
  4000,
  40,
);

const names = fc.constantFrom('a', 'bc', 'd-e', 'f_g', 'x y', '"q"', "'s'", 'k.l', '12', '__proto__');
const SCALARS = [
  ...[
    'v',
    'some text',
    '12',
    '"quoted # text"',
    "'single: x'",
    '2026-12-01T03:00:00Z',
    'a#b',
    'x:y',
    '1.5',
    '~',
  ],
  ...[
    'true',
    '-x',
    '$x',
    '"1394296486561117717"',
    '',
    `$${'{var.b}'}`,
    'a, b',
    'a [b]',
    'a {c}',
    '&x',
    'a: b',
    "it's",
  ],
  ...['"open', '- z', '1394296486561117717', 'ü', '.5', '+1', '(x)', '`x`'],
];
const comments = fc.constantFrom('', '', '', ' # note', ' #', '  ', '#x');

const { map: flowMap, list: flowList } = fc.letrec<{
  value: string;
  map: string;
  list: string;
  comma: string;
}>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', '"b"', "'c'", '1', 'x y', '03:00:00Z', '-1', 'a:b', '', '~', '- x'),
    tie('map'),
    tie('list'),
  ),
  comma: fc.constantFrom(', ', ',', ' , ', ',\n      ', ',\n', ', # c\n      '),
  map: fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom('k: ', '"k": ', '"k":', 'k:', 'k :'), tie('value')), {
        maxLength: 3,
      }),
      tie('comma'),
      fc.constantFrom(' }', '}', '\n      }', ', }'),
    )
    .map(([entries, comma, close]) => `{${entries.map((entry) => entry.join('')).join(comma)}${close}`),
  list: fc
    .tuple(fc.array(tie('value'), { maxLength: 3 }), tie('comma'))
    .map(([items, comma]) => `[${items.join(comma)}]`),
}));
const flow = fc.oneof(flowMap, flowList);
property('flow style', flow, 3000, 300);

function block(indent: number): fc.Arbitrary<string> {
  const pad = ' '.repeat(indent);
  const entry = fc
    .tuple(names, fc.oneof(fc.constantFrom(...SCALARS), flow), comments)
    .map(([name, value, comment]) => `${pad}${name}: ${value}${comment}`);
  const stray = fc.constantFrom('', '# c', '   # d', '  - a: 1', '- x', '    y');
  const items = fc
    .array(fc.tuple(names, fc.constantFrom(...SCALARS)), { maxLength: 3 })
    .map((list) =>
      list.map(([n, v]) => (v.length % 2 ? `${pad}- ${v}` : `${pad}- ${n}: ${v}\n${pad}  z: 1`)).join('\n'),
    );
  const nested = fc
    .tuple(names, fc.constantFrom(0, 1, 2, 2, 4), comments)
    .chain(([name, deeper, comment]) =>
      (deeper === 0 ? items : block(indent + deeper)).map((body) => `${pad}${name}:${comment}\n${body}`),
    );
  return fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: entry },
        { weight: 1, arbitrary: stray },
        { weight: indent < 6 ? 2 : 0, arbitrary: nested },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((lines) => lines.join('\n'));
}
property(
  'block style',
  fc.tuple(block(0), fc.constantFrom('', '\n', '\r\n')).map(([text, end]) => {
    return end === '\r\n' ? text.replaceAll('\n', end) + end : text + end;
  }),
  4000,
  400,
);

plain('what people write is plain', () => {
  for (const text of [
    'version: 1\nname: a # why\nbatches:\n  x:\n    template: Restart game server\n    target: { fleet: eu }\n',
    '---\na:\n- b: 1\n  c: [1, "2"]\n- d: "e"\n\n# end\n',
    '{"version": 1, "batches": {"a": {"targets": [{"fleet": "1"}]}}}',
    'a: {\n  b: 1,\n  c: [\n    1\n    ]\n  }\r\nd: 2026-12-01T03:00:00+01:00',
  ]) {
    assert.ok(compare(text), text);
  }
});

plain('what is rare is left to the package', () => {
  for (const text of [
    'a: |\n  b',
    'a: &x 1\nb: *x',
    'a: !t 1',
    '? a\n: b',
    'a: b\n  c',
    '"a\\n": 1',
    'a:\n\t- b',
    '',
  ]) {
    assert.is(parsePlain(text), undefined, text);
  }
});

plain.run();
