import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requestBody } from '../../src/api/request-body.ts';
import { templateNameOf } from '../../src/api/task-name.ts';
import { FleetformError } from '../../src/model/errors.ts';
import type { Spec } from '../../src/model/state.ts';

const body = suite('request body');

const SPEC: Spec = {
  template: { id: '3', name: 'Deploy build' },
  fleets: ['1394296486561117717'],
  regions: [],
  instances: [],
  labels: [],
  executeAt: null,
  params: [],
  revision: null,
};

body('only the parts that exist', () => {
  assert.equal(requestBody(SPEC), { taskTemplateId: '3', fleetId: '1394296486561117717' });
});

body('all parts, in the words of the API', () => {
  const spec: Spec = {
    ...SPEC,
    regions: ['42'],
    instances: ['6268349608002583795', '9'],
    labels: [{ key: 'map', value: 'dust' }],
    executeAt: 1796094000,
    params: [{ name: 'buildId', value: '8812' }],
    revision: 3,
  };
  assert.is(
    JSON.stringify(requestBody(spec)),
    '{"taskTemplateId":"3","applicationInstanceIds":["6268349608002583795","9"],' +
      '"fleetId":"1394296486561117717","regionId":"42","executeAt":1796094000,' +
      '"labels":[{"key":"map","value":"dust"}],"taskActionParam":[{"paramName":"buildId","paramValue":"8812"}]}',
  );
});

body('the spec is left as it was', () => {
  const spec = Object.freeze({ ...SPEC, instances: Object.freeze(['1', '2']), labels: Object.freeze([]) });
  assert.equal(requestBody(spec), requestBody(spec));
});

for (const [parts, code] of [
  [{ fleets: [] }, 'api.no-target'],
  [{ fleets: ['1', '2'] }, 'api.too-many-targets'],
  [{ regions: ['1', '2'] }, 'api.too-many-targets'],
] as const) {
  body(`${JSON.stringify(parts)}: ${code}`, () => {
    assert.throws(
      () => requestBody({ ...SPEC, ...parts }),
      (error: unknown) => error instanceof FleetformError && error.code === code,
    );
  });
}

body.run();

const name = suite('task name');

const template = (id: string, templateName: string) => ({
  id,
  name: templateName,
  description: '',
  requiredParams: null,
});
const TEMPLATES = [
  template('1', 'Restart'),
  template('2', 'Deploy'),
  template('3', 'Twice'),
  template('4', 'Twice'),
];

name('the tasks of a batch tell its template', () => {
  const named = (...names: string[]) =>
    templateNameOf(
      names.map((one) => ({ name: one })),
      TEMPLATES,
    );
  assert.is(named('Restart', 'Restart'), 'Restart');
  assert.is(named('?', 'Restart'), 'Restart');
  assert.is(named('Twice'), 'Twice');
  assert.is(named(), null);
  assert.is(named('?'), null);
  assert.is(named('Restart', 'Deploy'), null);
});

name.run();
