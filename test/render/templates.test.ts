import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderTemplates } from '../../src/render/templates.ts';

const test = suite('render templates');
const TEMPLATES = [
  { id: '7', name: 'Restart game server', description: 'Restarts it.', requiredParams: [] },
  { id: '10', name: 'Update configuration', description: '', requiredParams: ['key'] },
];

test('no head is cut: on a narrow terminal it is a shorter one', () => {
  const headAt = (width: number) => renderTemplates(TEMPLATES, { color: false, width }).split('\n')[0];
  assert.is(headAt(40), 'ID  NAME                  PARAMS');
  assert.is(headAt(80), 'ID  NAME                  REQUIRED PARAMS');
});

test.run();
