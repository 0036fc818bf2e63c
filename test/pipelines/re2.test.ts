/** What a GitLab that reads our inputs would refuse of them, though JavaScript's patterns take it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exampleInputs, handed, inputs } from './fake-gitlab.ts';
import { whyNotRe2 } from './re2.ts';

const it = suite('inputs of the GitLab component');

it('what RE2 refuses is told from what it takes', () => {
  for (const bad of [
    '^(a{0,199})( (b|[c-e]{0,199})){0,49}$',
    'a{1001}',
    '((a{10}){10}b){11}',
    '(a{2,}(x|y{0,400})?){3}',
    '(a)\\1',
    '(?=a)b',
    '(?<!a)b',
  ]) {
    assert.ok(whyNotRe2(bad) !== null, bad);
  }
  for (const good of [
    '(a{20}){50}',
    'a{0,1000}b{1000}',
    '[{]{3}(?:x{9})+',
    '(a{1,400})?(b{4}-c{2}){0,9}',
    '\\{5000}',
  ]) {
    assert.is(whyNotRe2(good), null, good);
  }
});

it('RE2 takes each pattern; no default is empty, which it may not match, and each fits; so does what the example says', () => {
  for (const [name, { default: text, regex }] of [
    ...Object.entries(inputs),
    ...Object.entries(exampleInputs),
  ]) {
    assert.is.not(text, '', name);
    if (regex === undefined) continue;
    assert.is(whyNotRe2(regex), null, name);
    assert.match(text, new RegExp(regex, 'u'), name);
  }
  for (const [name, text] of Object.entries(handed)) assert.is.not(text, '', name);
});

it.run();
