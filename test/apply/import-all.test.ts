/** What is live in an account becomes a file and a state that leave a plan nothing to do. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foundBy, importEverything } from '../support/import-all.ts';
import '../support/seed.ts';
import type { Targets } from '../../src/model/desired.ts';
import { hasChanges, hasErrors } from '../../src/model/plan-summary.ts';
import type { StateEntry } from '../../src/model/state.ts';
import { DEMO_WORLD, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('import --all');
const SERVERS = DEMO_WORLD.servers.map(({ id }) => id);
const DAY = 86_400;
const BUILD = [{ paramName: 'buildId', paramValue: '1' }];

async function isEmpty(scene: Scene, text: string): Promise<void> {
  const desired = await foundBy(text);
  const plan = await scene.plan(desired);
  const open = plan.changes.filter(({ action }) => action !== 'no-op').map((c) => `${c.action} ${c.address}`);
  const told = plan.diagnostics
    .filter(({ severity }) => severity !== 'note')
    .map((d) => `${d.code} ${d.message}`);
  assert.equal(open, [], text);
  assert.not.ok(hasChanges(plan) || hasErrors(plan), `${told.join('; ')}\n${text}`);
}

function reachOf({ fleets, regions, instances }: Targets): string[] {
  const isIn = ({ id, fleetId, regionId }: (typeof DEMO_WORLD.servers)[number]) =>
    fleets.includes(fleetId) || regions.includes(regionId) || instances.includes(id);
  return DEMO_WORLD.servers
    .filter(isIn)
    .map(({ id }) => id)
    .sort();
}

function serversOf({ record }: Scene, [id]: readonly string[]): string[] {
  const { taskIds } = record.batches.find((one) => one.id === id)!;
  return taskIds.map((task) => record.tasks[task]!.entityId).sort();
}

const BODY = fc.record(
  {
    taskTemplateId: fc.constantFrom('7', '7', '9', '8'),
    fleetId: fc.option(fc.constantFrom(EU, US, STAGING), { nil: undefined }),
    regionId: fc.option(fc.constantFrom('42', '43', '51'), { nil: undefined }),
    applicationInstanceIds: fc.option(
      fc.uniqueArray(fc.constantFrom(...SERVERS), { minLength: 1, maxLength: 5 }),
      {
        nil: undefined,
      },
    ),
    executeAt: fc.option(
      fc.constantFrom(START + DAY, START + DAY, START + DAY + 30, START + 2 * DAY, START + 600, START - 100),
      { nil: undefined },
    ),
  },
  { requiredKeys: ['taskTemplateId', 'fleetId', 'regionId', 'applicationInstanceIds', 'executeAt'] },
);
const ACCOUNT = fc.record({
  batches: fc.array(
    fc.record({
      body: BODY,
      paused: fc.constantFrom(0, 0, 0.5, 1),
      cancelled: fc.constantFrom(0, 0, 0.5, 1),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  wait: fc.constantFrom(0, 5, 120, 700),
});

it('whatever is there, the next plan is empty, nothing was written to the API, and it says the same again', async () => {
  let bound = 0;
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(ACCOUNT, async ({ batches, wait }) => {
      const scene = new Scene();
      for (const { body, paused, cancelled } of batches) {
        const named = body.fleetId ?? body.regionId ?? body.applicationInstanceIds;
        const id = foreignBatch(scene, {
          ...body,
          ...(named === undefined && { fleetId: EU }),
          ...(body.taskTemplateId === '8' && { taskActionParam: BUILD }),
        });
        const { taskIds } = scene.record.batches.find((one) => one.id === id)!;
        const some = (share: number) => taskIds.slice(0, Math.ceil(taskIds.length * share));
        const send = (method: 'PUT' | 'DELETE', task: string) =>
          scene.carryOut({ method, path: `/v3/applicationInstance/task/${task}`, headers: {} });
        for (const task of some(paused)) send('PUT', task);
        for (const task of some(cancelled)) send('DELETE', task);
      }
      scene.pass(wait);
      const { error, text, imported } = await importEverything(scene);
      assert.equal(
        scene.requests.filter(({ method }) => method !== 'GET'),
        [],
      );
      if (error !== null) {
        assert.is(error.code, 'import.nothing', error.message);
        assert.is(text, null);
        return;
      }
      kept += 1;
      bound += imported!.bound.length;
      for (const { batch } of imported!.bound)
        assert.equal(reachOf(batch.targets), serversOf(scene, batch.ids));
      await isEmpty(scene, text!);
      const state = structuredClone(scene.state);
      const again = await importEverything(scene, text);
      assert.is(again.error, null);
      assert.not.ok(again.imported!.isNew);
      assert.is(again.text, text);
      assert.equal(scene.state, state);
    }),
    { numRuns: 60, includeErrorInReport: true },
  );
  assert.ok(kept > 30 && bound > 100, `${kept} files, ${bound} addresses`);
});

it('killed anywhere, there is no file or all of it; the same import again heals, also when time has passed', async () => {
  for (const dies of ['before-state', 'before-file', 'after-file'] as const) {
    const scene = new Scene();
    const mark = { isSet: false };
    foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + 600 });
    foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + DAY });
    const cut = await importEverything(scene, null, { dies, mark });
    assert.ok(mark.isSet, dies);
    assert.is(cut.text !== null, dies === 'after-file', dies);
    assert.is(scene.state !== null, dies !== 'before-state', dies);
    if (cut.text !== null) await isEmpty(scene, cut.text);
    else scene.pass(3_600);
    const again = await importEverything(scene, cut.text, { mark });
    assert.is(again.error, null, dies);
    assert.not.ok(mark.isSet);
    assert.is(again.imported!.bound.length, cut.text === null ? 1 : 2);
    assert.is(Object.keys(scene.state!.entries).length, again.imported!.bound.length);
    await isEmpty(scene, again.text!);
  }
});

it('a file that cannot be placed leaves a state that owns nothing, and no mark', async () => {
  const scene = new Scene();
  scene.appends = true;
  const mark = { isSet: false };
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + DAY });
  const { error } = await importEverything(scene, null, { refuses: true, mark });
  assert.is(error?.code, 'import.exists');
  assert.is(scene.whole, 2, 'one state again, with nothing appended to it');
  assert.equal(scene.state?.entries, {});
  assert.not.ok(mark.isSet);
  assert.ok((await importEverything(scene)).imported?.isNew);
});

it('a mark is not enough: a state that an apply has written to is not begun anew', async () => {
  const scene = new Scene();
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + DAY });
  await importEverything(scene);
  const [[address, entry]] = Object.entries(scene.state!.entries) as [[string, StateEntry]];
  const { imported: _, ...made } = entry;
  scene.state = { ...scene.state!, entries: { [address]: made } };
  const { error } = await importEverything(scene, null, { mark: { isSet: true } });
  assert.is(error?.code, 'import.state-in-use');
});

it('two that are the same are one address with both, and the file says so', async () => {
  const scene = new Scene();
  const body = { taskTemplateId: '7', fleetId: EU, executeAt: START + DAY };
  const ids = [foreignBatch(scene, body), foreignBatch(scene, body)];
  const { imported, text } = await importEverything(scene);
  assert.equal(
    imported!.bound.map(({ batch }) => batch.ids),
    [ids],
  );
  assert.match(text!, `2 batches (${ids.join(', ')}) are exactly the same`);
  await isEmpty(scene, text!);
});

it('what cannot be told is left out with its reason: params, no tasks, a name of two templates', async () => {
  const scene = new Scene({ sandbox: { world: twins() } });
  const batches = {
    params: {
      taskTemplateId: '8',
      fleetId: EU,
      executeAt: START + DAY,
      taskActionParam: BUILD,
    },
    'ambiguous-template': { taskTemplateId: '70', fleetId: EU, executeAt: START + DAY },
    'no-tasks': { taskTemplateId: '9', fleetId: '77', executeAt: START + DAY },
  };
  const ids = Object.entries(batches).map(([code, body]) => [foreignBatch(scene, body), code]);
  const none = await importEverything(scene);
  assert.is(none.error?.code, 'import.nothing');
  assert.match(none.error!.message, /requires params \(buildId\), which the API does not return/);
  const good = foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + DAY });
  const { imported, text } = await importEverything(scene);
  assert.equal(
    imported!.bound.map(({ batch }) => batch.ids),
    [[good]],
  );
  assert.equal(imported!.leftOut.map(({ id, code }) => [id, code]).sort(), ids.sort());
  for (const [id] of ids) assert.match(text!, `# - batch ${id}: `);
  await isEmpty(scene, text!);
});

it('a state that owns something is not written over, and nothing is asked of the API', async () => {
  const scene = new Scene();
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + DAY });
  const { text } = await importEverything(scene);
  const before = scene.requests.length;
  const other = await importEverything(scene);
  assert.is(other.error?.code, 'import.state-in-use');
  assert.is(scene.requests.length, before);
  assert.ok(text);
});

it('a selection leaves the rest alone and counts it', async () => {
  const scene = new Scene();
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + DAY });
  const mine = foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + DAY });
  for (const selection of [
    { templates: ['9'], fleets: [] },
    { templates: [], fleets: [US] },
  ]) {
    scene.state = null;
    const { imported, text } = await importEverything(scene, null, { selection });
    assert.equal(
      imported!.bound.map(({ batch }) => batch.ids),
      [[mine]],
    );
    assert.is(imported!.unselected, 1);
    await isEmpty(scene, text!);
  }
});

it('game servers that are gone, and an inventory without an answer, leave ids', async () => {
  const scene = new Scene();
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + DAY });
  const world = { ...DEMO_WORLD, servers: DEMO_WORLD.servers.filter(({ id }) => id !== SERVERS[0]) };
  scene.sandbox = { ...scene.sandbox, world };
  const { imported, text } = await importEverything(scene);
  assert.is(imported!.bound[0]!.batch.gone, 1);
  assert.match(text!, /1 of its 24 game servers are no longer in the inventory/);
  assert.match(text!, `fleet: eu-live`);
  await isEmpty(scene, text!);
  scene.state = null;
  scene.answerFor = (request, response) =>
    /^\/v3\/(fleet|applicationInstance(\?|$))/.test(request.path)
      ? { ...response, status: 403, body: '{"errorCode":1,"errorMessage":"no"}' }
      : response;
  const without = await importEverything(scene);
  assert.ok(without.imported!.noInventory);
  assert.not.match(without.text!, 'fleets:');
  await isEmpty(scene, without.text!);
});

/** With a template that is named as another one is, and a fleet without game servers. */
function twins() {
  const [first] = DEMO_WORLD.templates;
  const fleets = [...DEMO_WORLD.fleets, { id: '77', name: 'empty' }];
  return { ...DEMO_WORLD, fleets, templates: [...DEMO_WORLD.templates, { ...first!, id: 70 }] };
}

it.run();
