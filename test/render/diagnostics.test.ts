import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Diagnostic, DiagnosticsError, FleetformError } from '../../src/model/errors.ts';
import { renderDiagnostics, renderError } from '../../src/render/diagnostics.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { assertHarmless, matchesGolden } from './golden.ts';
import { HOSTILE } from './plans.ts';

const test = suite('render diagnostics');
const OPTIONS = { color: false, width: 80 };

function at(
  line: number,
  column: number,
  endColumn: number,
  snippet: string,
  more: Partial<Diagnostic> = {},
): Diagnostic {
  return {
    severity: 'error',
    code: 'desired.invalid',
    message: 'something is wrong',
    range: { file: '/repo/fleetform.yaml', line, column, endLine: line, endColumn },
    snippet,
    ...more,
  };
}
/** The text that the marker stands under. */
function marked(diagnostic: Diagnostic, width = 80): string {
  const lines = renderDiagnostics([diagnostic], { ...OPTIONS, width }).split('\n');
  const index = lines.findIndex((line) => /\| +\^+$|\|\^+$/.test(line));
  const marker = lines[index] ?? '';
  const from = marker.indexOf('^');
  const cells: string[] = [];
  for (const character of lines[index - 1] ?? '') {
    cells.push(character, ...Array.from({ length: displayWidth(character) - 1 }, () => ''));
  }
  return cells.slice(from, marker.length).join('');
}

const MIXED: readonly Diagnostic[] = [
  { severity: 'note', code: 'a.note', message: 'the inventory was not asked' },
  at(12, 7, 15, '    - fleeet: eu', {
    message: '"fleeet" is not a key of a target; allowed are fleet, region, instances, labels',
    hint: 'Did you mean "fleet"?',
    range: { file: '/repo/fleetform.yaml', line: 12, column: 7, endLine: 12, endColumn: 13 },
  }),
  {
    severity: 'warning',
    code: 'plan.missed',
    message: 'its time has passed',
    address: 'nightly',
    hint: 'Give it a new time.',
  },
  at(3, 2, 9, '\ttargets:\t[]', { message: 'tabs do not indent in YAML' }),
  at(120, 1, 1, '', { message: 'the file ends too early' }),
  at(7, 10, 14, 'テンプレ: "再起動する" # wide', {
    message: 'wide characters',
    range: { file: '/repo/fleetform.yaml', line: 7, column: 7, endLine: 7, endColumn: 14 },
  }),
  at(9, 3, 1, '  hotfix:', {
    message: 'a range of several lines',
    range: { file: '/elsewhere/b.yaml', line: 9, column: 3, endLine: 14, endColumn: 2 },
  }),
];

test('blocks, errors first', () => {
  matchesGolden('diagnostics', renderDiagnostics(MIXED, { ...OPTIONS, cwd: '/repo' }));
  matchesGolden('diagnostics-colour', renderDiagnostics(MIXED, { color: true, width: 80, cwd: '/repo' }));
});

test('the marker stands under what it means', () => {
  assert.is(marked(at(1, 7, 13, '    - fleeet: eu')), 'fleeet');
  assert.is(marked(at(1, 2, 9, '\ttargets:')), 'targets');
  assert.is(marked(at(1, 7, 14, 'テンプレ: "再起動する" # wide')), '"再起動する"');
  assert.is(marked(at(1, 5, 7, '🎮🎮ab')), 'ab');
});

test('a line of a megabyte is shown around its column, quickly', () => {
  const line = `${'x'.repeat(500_000)}NEEDLE${'y'.repeat(500_000)}`;
  const diagnostic = at(1, 500_001, 500_007, line);
  assert.is(marked(diagnostic), 'NEEDLE');
  const text = renderDiagnostics([diagnostic], OPTIONS);
  assert.ok(text.split('\n').every((one) => displayWidth(one) <= 80));
  assert.is(marked(at(1, 1_000_001, 1_000_007, `${'x'.repeat(1_000_000)}NEEDLE`)), 'NEEDLE');
});

test('a range out of its line still points near it', () => {
  for (const [column, end] of [
    [50, 60],
    [1, 0],
    [4, 9999],
  ] as const) {
    assert.match(renderDiagnostics([at(1, column, end, 'abcdef')], OPTIONS), /\^/);
  }
});

test('twenty are shown, the others counted', () => {
  const many = Array.from({ length: 60 }, (_, n) => at(n + 1, 1, 4, 'abc', { message: `finding ${n}` }));
  const text = renderDiagnostics([{ severity: 'warning', code: 'w', message: 'late' }, ...many], OPTIONS);
  assert.is(text.match(/^error:/gm)?.length, 20);
  assert.match(text, /… and 41 more \(40 errors, 1 warning\)\n$/);
  assert.is(renderDiagnostics([], OPTIONS), '');
});

test('an address is named where the message does not quote it', () => {
  const base = { severity: 'error', code: 'x', address: 'hotfix' } as const;
  assert.is(renderDiagnostics([{ ...base, message: 'it is late' }], OPTIONS), 'error: hotfix: it is late\n');
  assert.is(
    renderDiagnostics([{ ...base, message: '"hotfix" is late' }], OPTIONS),
    'error: "hotfix" is late\n',
  );
  const cancel = { ...base, address: 'cancel', message: 'the plan would cancel it' };
  assert.is(renderDiagnostics([cancel], OPTIONS), 'error: cancel: the plan would cancel it\n');
});

test('hostile text comes out as escapes, and short', () => {
  const text = renderDiagnostics(
    [
      at(1, 2, 9, HOSTILE, {
        message: HOSTILE.repeat(1000),
        hint: HOSTILE,
        address: HOSTILE,
        range: { file: HOSTILE, line: 1, column: 2, endLine: 1, endColumn: 9 },
      }),
    ],
    OPTIONS,
  );
  assertHarmless(text);
  assert.ok(text.length < 5000, `${text.length} characters`);
});

test('errors of ours: message and hint', () => {
  const error = new FleetformError('state.locked', 'the state is locked by ann', {
    hint: 'Wait, or force-unlock it.',
  });
  assert.is(
    renderError(error, { color: false, debug: false }),
    'error: the state is locked by ann\n  hint: Wait, or force-unlock it.\n',
  );
  const several = new DiagnosticsError('desired.invalid', MIXED);
  assert.is(renderError(several, { ...OPTIONS, debug: true }), renderDiagnostics(MIXED, OPTIONS));
});

test('anything else is a bug, its stack only when debugging', () => {
  const bug = new TypeError(`x is not a function ${HOSTILE}`);
  const text = renderError(bug, { color: false, debug: false });
  assert.match(text, /^error: this is a bug in fleetform: x is not a function/);
  assert.match(text, /Please report it/);
  assert.not.match(text, / at /);
  const debug = renderError(bug, { color: false, debug: true });
  assert.match(debug, /diagnostics\.test/);
  assertHarmless(debug);
  for (const odd of [undefined, null, 'text', 7, Object.create(null), Symbol('s'), { a: 1 }]) {
    assert.match(renderError(odd, { color: true, debug: true }), /this is a bug in fleetform/);
  }
});

test('several findings on one line show the line once, and the same advice once', () => {
  const snippet = 'instances: [a, b, c]';
  const found = [13, 16, 19].map((column) => at(7, column, column + 1, snippet, { hint: 'Ids are digits.' }));
  const text = renderDiagnostics([...found, at(8, 1, 2, 'other')], OPTIONS);
  assert.is(text.split(snippet).length - 1, 1);
  assert.is(text.split('Ids are digits.').length - 1, 1);
  for (const place of [':7:13', ':7:16', ':7:19', ':8:1']) assert.match(text, place);
  assert.match(text, '| ^');
});

test.run();
