import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSelected } from '../../../src/model/addresses.ts';
import type { PlanScope } from '../../../src/model/plan.ts';
import { checkSelection, isPartial, WHOLE } from '../../../src/plan/review/selection.ts';

const it = suite('selection');
const ADDRESSES = ['hotfix', 'n[fleet:eu]', 'n[fleet:us]'];
const scope = (fields: Partial<PlanScope>) => ({ ...WHOLE, ...fields });
const selected = (fields: Partial<PlanScope>) =>
  ADDRESSES.filter((one) => isSelected(scope(fields), one)).join(' ');
const findings = (fields: Partial<PlanScope>) =>
  checkSelection(scope(fields), new Set(ADDRESSES)).map(({ severity, code }) => `${severity} ${code}`);

it('targets, less what is excluded; a block’s name means all its addresses', () => {
  assert.is(selected({}), 'hotfix n[fleet:eu] n[fleet:us]');
  assert.is(selected({ targets: ['n'] }), 'n[fleet:eu] n[fleet:us]');
  assert.is(selected({ targets: ['n[fleet:eu]'] }), 'n[fleet:eu]');
  assert.is(selected({ excludes: ['n'] }), 'hotfix');
  assert.is(selected({ targets: ['n'], excludes: ['n[fleet:us]'] }), 'n[fleet:eu]');
});

const partial = 'warning plan.partial';
for (const [what, fields, expected] of [
  ['the whole', {}, []],
  ['a part', { targets: ['n'] }, [partial]],
  ['without a part', { excludes: ['n'] }, [partial]],
  ['a typo', { targets: ['hotfx'] }, ['error plan.unknown-address', partial]],
  ['a typo in --exclude', { excludes: ['hotfx'] }, ['error plan.unknown-address', partial]],
  ['a typo in --replace', { replaces: ['hotfx'] }, ['error plan.unknown-address']],
  ['nothing is left', { targets: ['n'], excludes: ['n'] }, ['error plan.nothing-selected', partial]],
  [
    'what is to be replaced is left out',
    { replaces: ['n'], excludes: ['n'] },
    ['error plan.replace-left-out', partial],
  ],
  ['a part of what is to be replaced is left out', { replaces: ['n'], excludes: ['n[fleet:us]'] }, [partial]],
  [
    'what is to be replaced is no target',
    { replaces: ['n'], targets: ['hotfix'] },
    ['error plan.replace-left-out', partial],
  ],
] as const) {
  it(what, () => assert.equal(findings(fields), expected));
}

it('a typo is told with what was meant', () => {
  assert.match(checkSelection(scope({ targets: ['hotfx'] }), new Set(ADDRESSES))[0]?.message ?? '', /hotfix/);
});

it('a part is one by --target or --exclude, not by --replace', () => {
  assert.equal(
    [{}, { targets: ['a'] }, { excludes: ['a'] }, { replaces: ['a'] }].map((one) => isPartial(scope(one))),
    [false, true, true, false],
  );
});

it.run();
