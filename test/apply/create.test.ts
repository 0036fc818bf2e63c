/** One create, exactly once: whatever its POST is answered, and whenever it is carried out. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApplyResult } from '../../src/apply/apply.ts';
import { DEMO_WORLD } from '../../src/sandbox/world.ts';
import { editRows, hides, is, unfilled } from '../support/answers.ts';
import type { Fault } from '../support/sandbox/faults.ts';
import { batch, Crash, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('create');

const FILE = desired([batch('a')]);
/** Of one turn: the second waits until the first is bound. */
const PAIR = [batch('a'), batch('b', { fleet: US })];
const TWO = desired(PAIR);

const DOUBTFUL: readonly Omit<Fault, 'when'>[] = [
  { kind: '500' },
  { kind: 'status', status: 502, content: 'html' },
  { kind: 'status', status: 503, content: 'empty' },
  { kind: 'status', status: 504 },
  { kind: 'reset' },
  { kind: 'hang' },
];

const text = (fault: Omit<Fault, 'when'>) => `${fault.kind} ${fault.status ?? ''}`;

/** The first POST meets the fault; `late`: it is carried out so many seconds later; null: never. */
function spoilFirst(scene: Scene, fault: Omit<Fault, 'when'>, late: number | null): void {
  let isSpoilt = false;
  scene.faultFor = (request) => {
    if (!is.create(request) || isSpoilt) return undefined;
    isSpoilt = true;
    if (late !== null) scene.in(late, () => scene.carryOut(request));
    return { when: 'before', ...fault };
  };
}

function counts(result: ApplyResult | null): Record<string, number> {
  const outcome = Object.entries(result?.outcome ?? { none: 1 });
  return Object.fromEntries(outcome.filter(([, count]) => typeof count === 'number' && count > 0));
}

const failures = ({ events }: Scene) =>
  events.flatMap((event) => (event.type === 'failed' ? [event.error] : []));

async function assertNothingLeft(scene: Scene, file = FILE, name = ''): Promise<void> {
  assert.equal(scene.state?.intents, [], name);
  const posts = scene.posts();
  scene.pass(120);
  assert.equal(counts(await scene.apply(file)), {}, name);
  assert.is(scene.posts(), posts, name);
}

it('no clear answer, and carried out late: one batch', async () => {
  for (const fault of DOUBTFUL) {
    for (const late of [0, 2, 20, 45]) {
      const scene = new Scene();
      spoilFirst(scene, fault, late);
      const name = `${text(fault)}, ${late} s later`;
      assert.equal(counts(await scene.apply(FILE)), { created: 1 }, name);
      assert.equal([scene.posts(), scene.record.batches.length], [1, 1], name);
      assert.equal(scene.state?.entries.a?.batchIds, [scene.record.batches[0]!.id], name);
      await assertNothingLeft(scene, FILE, name);
    }
  }
});

it('never carried out: sent again when doubt is over, once', async () => {
  for (const fault of DOUBTFUL) {
    const scene = new Scene();
    const times: number[] = [];
    scene.step = (what) => {
      if (what.startsWith('before POST')) times.push(scene.now);
    };
    spoilFirst(scene, fault, null);
    assert.equal(counts(await scene.apply(FILE)), { created: 1 }, text(fault));
    assert.is(times.length, 2);
    const waited = times[1]! - times[0]!;
    assert.ok(waited >= 60 && waited <= 75, `${text(fault)}: ${waited} s`);
    assert.is(scene.record.batches.length, 1);
  }
});

it('doubt lasts as long as it is told to', async () => {
  const scene = new Scene();
  spoilFirst(scene, { kind: '500' }, null);
  await scene.apply(FILE, { settle: 5 });
  const waited = scene.now - START;
  assert.ok(waited >= 5 && waited < 10, `${waited} s`);
  assert.is(scene.posts(), 2);
});

it('every POST unanswered: three in all, and it is said', async () => {
  const scene = new Scene();
  scene.faultFor = (request) => (is.create(request) ? { when: 'before', kind: '500' } : undefined);
  assert.equal(counts(await scene.apply(FILE)), { failed: 1 });
  assert.is(scene.posts(), 3);
  assert.equal(scene.state?.intents, []);
});

it('is not sent at or after its deadline, which counts when it goes out', async () => {
  const soon = desired([batch('a', { executeAt: START, startingDeadline: 100 })]);
  const scene = new Scene();
  scene.faultFor = (request) => (is.create(request) ? { when: 'before', kind: '503-empty' } : undefined);
  const result = await scene.apply(soon);
  assert.equal(counts(result), { failed: 1 });
  assert.is(scene.posts(), 2, 'two 503s, and then it is too late');
  assert.equal(
    failures(scene).map(({ code }) => code),
    ['apply.too-late'],
  );
  assert.equal(scene.state?.intents, []);
});

it('waiting for its turn in a 429 makes it no less late', async () => {
  const scene = new Scene();
  let isTold = false;
  scene.faultFor = (request) => {
    if (!is.create(request) || isTold) return undefined;
    isTold = true;
    return { when: 'before', kind: '429-seconds', retryAfter: 50 };
  };
  const soon = desired([batch('a', { executeAt: START, startingDeadline: 40 })]);
  assert.equal(counts(await scene.apply(soon)), { failed: 1 });
  assert.is(scene.posts(), 1);
  assert.is(failures(scene)[0]?.code, 'apply.too-late');
});

for (const status of [400, 401, 403, 404, 409, 422]) {
  it(`${status} after the commit: found and bound; without it: refused after some seconds of looks`, async () => {
    const done = new Scene();
    let posts = 0;
    done.faultFor = (request) =>
      is.create(request) && ++posts === 1 ? { when: 'after', kind: 'status', status } : undefined;
    assert.equal(counts(await done.apply(FILE)), { created: 1 });
    assert.equal([done.posts(), done.record.batches.length], [1, 1]);
    await assertNothingLeft(done);

    const late = new Scene();
    spoilFirst(late, { kind: 'status', status }, 2);
    assert.equal(counts(await late.apply(FILE)), { created: 1 }, 'two seconds later');
    assert.is(late.posts(), 1);

    const refused = new Scene();
    refused.faultFor = (request) =>
      is.create(request) ? { when: 'before', kind: 'status', status } : undefined;
    assert.equal(counts(await refused.apply(FILE)), { failed: 1 });
    assert.is(refused.posts(), 1);
    assert.match(failures(refused)[0]?.message ?? '', String(status));
    const waited = refused.now - START;
    assert.ok(waited >= 3 && waited <= 10, `${waited} s`);
    assert.is(refused.state?.intents.length, 1, 'in doubt until that is over');
    refused.pass(60);
    refused.faultFor = () => undefined;
    assert.equal(counts(await refused.apply(FILE)), { created: 1 });
    assert.is(refused.posts(), 2);
    await assertNothingLeft(refused);
  });
}

it('429: found where it was done all the same, else sent again', async () => {
  for (const when of ['before', 'after'] as const) {
    for (const kind of ['429', '429-seconds', '429-date'] as const) {
      const scene = new Scene();
      let posts = 0;
      scene.faultFor = (request) => (is.create(request) && ++posts === 1 ? { when, kind } : undefined);
      assert.equal(counts(await scene.apply(FILE)), { created: 1 }, `${kind} ${when}`);
      assert.equal([scene.posts(), scene.record.batches.length], [when === 'after' ? 1 : 2, 1]);
    }
  }
});

it('429 without end: given up, and looked for once more by the next apply', async () => {
  const scene = new Scene();
  scene.faultFor = (request) => (is.create(request) ? { when: 'before', kind: '429' } : undefined);
  assert.equal(counts(await scene.apply(FILE)), { failed: 1 });
  assert.is(scene.posts(), 20);
  assert.is(scene.state?.intents.length, 1);
  scene.faultFor = () => undefined;
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(scene.record.batches.length, 1);
});

it('lists that lag 13 s, with every fault: one batch', async () => {
  for (const fault of [...DOUBTFUL, { kind: 'html' } as const, { kind: 'cut' } as const]) {
    const scene = new Scene({ sandbox: { listLag: 13 } });
    let posts = 0;
    scene.faultFor = (request) =>
      is.create(request) && ++posts === 1 ? { when: 'after', ...fault } : undefined;
    assert.equal(counts(await scene.apply(TWO)), { created: 2 }, text(fault));
    assert.equal([scene.posts(), scene.record.batches.length], [2, 2], text(fault));
  }
});

/** Its POST is done and its answer lost; the n-th list of batches since, and what is read after it, shows it or not. */
async function shownBy(isShown: (look: number) => boolean): Promise<Scene> {
  const scene = new Scene();
  await scene.apply(desired([batch('old', { fleet: STAGING, executeAt: START + 9999 })]));
  scene.now += 600;
  let looks = 0;
  scene.answerFor = (request, response) => {
    const [, made] = scene.record.batches;
    if (made === undefined) return response;
    if (is.batchList(request)) looks += 1;
    return isShown(looks) ? response : hides(request, response, [made.id]);
  };
  spoilFirst(scene, { kind: '500' }, 0);
  return scene;
}

it('one look in so many shows it: never a second batch', async () => {
  const patterns: readonly ((look: number) => boolean)[] = [
    (look) => look % 3 === 0,
    (look) => look % 3 !== 0,
    (look) => look === 4,
    (look) => look === 9,
  ];
  for (const [i, isShown] of patterns.entries()) {
    const scene = await shownBy(isShown);
    const file = desired([batch('old', { fleet: STAGING, executeAt: START + 9999 }), batch('a')]);
    const result = await scene.apply(file);
    assert.is(scene.posts(), 2, `pattern ${i}`);
    assert.equal(counts(result), { created: 1 }, `pattern ${i}`);
  }
});

it('what one look has shown as a candidate, later ones do not take back', async () => {
  const scene = new Scene();
  spoilFirst(scene, { kind: '500' }, 0);
  let looks = 0;
  scene.answerFor = (request, response) => {
    const ids = scene.record.batches.map(({ id }) => id);
    if (is.batchList(request) && ids.length > 0) looks += 1;
    // Once, and without its tasks: it may be anybody's.
    return looks === 2 ? unfilled(request, response, ids) : hides(request, response, ids);
  };
  const result = await scene.apply(FILE);
  assert.equal(counts(result), { unknown: 1 });
  assert.is(scene.posts(), 1);
  assert.is(scene.state?.intents.length, 1);
  assert.match(failures(scene)[0]?.message ?? '', scene.record.batches[0]!.id);
  scene.answerFor = (_, response) => response;
  await scene.apply(FILE);
  assert.equal(scene.state?.entries.a?.batchIds, [scene.record.batches[0]!.id]);
  await assertNothingLeft(scene);
});

it('a candidate that vanishes from lists that are not behind is not taken back either', async () => {
  const scene = new Scene();
  let isFirst = true;
  scene.faultFor = (request) => {
    if (!is.create(request) || !isFirst) return undefined;
    isFirst = false;
    scene.carryOut(request);
    scene.now += 1;
    // Newer, and always in sight: no later list is poorer.
    foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + 9999 });
    return { when: 'before', kind: '500' };
  };
  let looks = 0;
  scene.answerFor = (request, response) => {
    const ids = scene.record.batches.slice(0, 1).map(({ id }) => id);
    if (is.batchList(request) && ids.length > 0) looks += 1;
    return looks === 1 ? unfilled(request, response, ids) : hides(request, response, ids);
  };
  assert.equal(counts(await scene.apply(FILE)), { unknown: 1 });
  assert.is(scene.posts(), 1);
  assert.match(failures(scene)[0]?.message ?? '', scene.record.batches[0]!.id);
});

it('a list that lacks what any earlier look has shown counts for nothing', async () => {
  const scene = new Scene();
  let isFirst = true;
  scene.faultFor = (request) => {
    if (!is.create(request) || !isFirst) return undefined;
    isFirst = false;
    scene.carryOut(request);
    scene.now += 1;
    foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + 9999 });
    return { when: 'before', kind: '500' };
  };
  let looks = 0;
  scene.answerFor = (request, response) => {
    const [made, theirs] = scene.record.batches.map(({ id }) => id);
    if (made === undefined || theirs === undefined) return response;
    if (is.batchList(request)) looks += 1;
    return hides(request, response, looks === 1 ? [made] : [made, theirs]);
  };
  assert.equal(counts(await scene.apply(FILE)), { unknown: 1 });
  assert.is(scene.posts(), 1);
});

it('after a long 429, one look that fails is not the last', async () => {
  const scene = new Scene();
  let posts = 0;
  let lists = 0;
  scene.faultFor = (request) => {
    if (is.create(request) && ++posts === 1) return { when: 'before', kind: '429-seconds', retryAfter: 50 };
    if (posts === 1 && is.batchList(request) && ++lists === 1)
      return { when: 'before', kind: 'status', status: 403 };
    return undefined;
  };
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(scene.posts(), 2);
});

it('refused, done all the same, and out of the list before it has tasks: found once it has', async () => {
  for (const kind of ['429', 'status'] as const) {
    const scene = new Scene();
    await scene.apply(desired([batch('old', { fleet: STAGING })]));
    scene.now += 600;
    let mine: string | undefined;
    let madeAt = 0;
    scene.faultFor = (request) => {
      if (!is.create(request) || mine !== undefined) return undefined;
      scene.carryOut(request);
      mine = scene.record.batches.at(-1)!.id;
      madeAt = scene.now;
      for (let i = 0; i < 100; i += 1)
        foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + 50_000 });
      return { when: 'before', kind, ...(kind === 'status' ? { status: 422 } : {}) };
    };
    scene.answerFor = (request, response) =>
      mine !== undefined && scene.now < madeAt + 30 ? unfilled(request, response, [mine]) : response;
    const file = desired([batch('old', { fleet: STAGING }), batch('a')]);
    assert.equal(counts(await scene.apply(file)), { created: 1 }, kind);
    assert.equal(scene.state?.entries.a?.batchIds, [mine], kind);
    assert.is(scene.posts(), 2, kind);
  }
});

it('100 strangers in the same second: found at the game servers; without that endpoint it is unknown', async () => {
  for (const hasServerTasks of [true, false]) {
    const scene = new Scene();
    await scene.apply(desired([batch('old', { fleet: STAGING })]));
    scene.now += 600;
    let isMade = false;
    scene.faultFor = (request) => {
      if (is.serverTasks(request) && !hasServerTasks) return { when: 'before', kind: 'status', status: 403 };
      if (!is.create(request) || isMade) return undefined;
      isMade = true;
      scene.carryOut(request);
      for (let i = 0; i < 100; i += 1)
        foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + 50_000 });
      return { when: 'before', kind: 'reset' };
    };
    const file = desired([batch('old', { fleet: STAGING }), batch('a')]);
    const result = await scene.apply(file);
    assert.equal(counts(result), hasServerTasks ? { created: 1 } : { unknown: 1 });
    assert.is(scene.posts(), 2);
    if (hasServerTasks) assert.equal(scene.state?.entries.a?.batchIds, [scene.record.batches[1]!.id]);
    else {
      assert.is(scene.state?.intents.length, 1);
      scene.now += 100;
      await scene.apply(file);
      assert.is(scene.posts(), 2, 'nor by the next apply');
    }
  }
});

/** eu grows, shrinks or gets other game servers in the moment of the POST. */
const REBUILT = {
  'scaled out': DEMO_WORLD.servers.flatMap((server) =>
    server.fleetId === EU ? [server, { ...server, id: `9${server.id.slice(1)}` }] : [server],
  ),
  'scaled in': DEMO_WORLD.servers.filter(({ fleetId, id }) => fleetId !== EU || Number(id.slice(-1)) > 6),
  'servers replaced': DEMO_WORLD.servers.map((server) =>
    server.fleetId === EU ? { ...server, id: `9${server.id.slice(1)}` } : server,
  ),
};

it('the fleet changes between plan and POST: bound to its own, or unknown; never twice', async () => {
  for (const [name, servers] of Object.entries(REBUILT)) {
    for (const isDone of [true, false]) {
      const scene = new Scene();
      let isFirst = true;
      scene.faultFor = (request) => {
        if (!is.create(request) || !isFirst) return undefined;
        isFirst = false;
        scene.sandbox = { ...scene.sandbox, world: { ...DEMO_WORLD, servers } };
        return { when: isDone ? 'after' : 'before', kind: '500' };
      };
      const result = await scene.apply(FILE);
      const of = `${name}, ${isDone ? 'done' : 'not done'}`;
      // Of a part of what one of two looks showed, nobody can tell whether it is the whole.
      const isTold = name !== 'scaled in' || !isDone;
      assert.equal(counts(result), isTold ? { created: 1 } : { unknown: 1 }, of);
      if (isTold) await assertNothingLeft(scene, FILE, of);
      else await scene.apply(FILE);
      assert.is(scene.record.batches.length, 1, of);
    }
  }
});

it("a colleague's part of the fleet in that moment is not taken for it", async () => {
  for (const share of [1, 8, 12, 13, 20, 23]) {
    for (const isDone of [true, false]) {
      const scene = new Scene();
      let isFirst = true;
      let theirs = '';
      scene.faultFor = (request) => {
        if (!is.create(request) || !isFirst) return undefined;
        isFirst = false;
        const some = DEMO_WORLD.servers.filter(({ fleetId }) => fleetId === EU).slice(0, share);
        theirs = foreignBatch(scene, {
          taskTemplateId: '7',
          applicationInstanceIds: some.map(({ id }) => id),
          executeAt: START + 86_400,
        });
        if (isDone) scene.carryOut(request);
        return { when: 'before', kind: '504-error' };
      };
      const result = await scene.apply(FILE);
      const of = `${share} servers, ${isDone ? 'done' : 'not done'}: ${JSON.stringify(counts(result))}`;
      assert.is.not(scene.state?.entries.a?.batchIds[0], theirs, of);
      const own = scene.record.batches.filter(({ id }) => id !== theirs).length;
      assert.ok(own <= 1, of);
      if (isDone) assert.is(scene.posts(), 1, of);
      scene.now += 120;
      await scene.apply(FILE);
      assert.is.not(scene.state?.entries.a?.batchIds[0], theirs, `${of}, then`);
      assert.ok(scene.record.batches.length <= 2, of);
    }
  }
});

it("a colleague's batch of another template, without tasks yet: not bound, and nothing is made twice", async () => {
  for (const isDone of [true, false]) {
    const scene = new Scene();
    let isFirst = true;
    let theirs = '';
    scene.answerFor = (request, response) =>
      scene.now < START + 30 ? unfilled(request, response, [theirs]) : response;
    scene.faultFor = (request) => {
      if (!is.create(request) || !isFirst) return undefined;
      isFirst = false;
      theirs = foreignBatch(scene, { taskTemplateId: '9', fleetId: EU, executeAt: START + 86_400 });
      if (isDone) scene.carryOut(request);
      return { when: 'before', kind: 'reset' };
    };
    await scene.apply(FILE);
    for (let i = 0; i < 3; i += 1) {
      scene.now += 120;
      await scene.apply(FILE);
    }
    const own = scene.record.batches.filter(({ id }) => id !== theirs);
    assert.is(own.length, 1, isDone ? 'done' : 'not done');
    assert.equal(scene.state?.entries.a?.batchIds, [own[0]!.id]);
  }
});

it('one in doubt holds up its turn, and nothing else', async () => {
  const scene = new Scene();
  const file = desired([...PAIR, batch('later', { executeAt: START + 172_800 })]);
  scene.faultFor = (request) =>
    request.body?.includes(`"${EU}"`) && request.body.includes(String(START + 86_400))
      ? { when: 'before', kind: 'reset' }
      : is.batchList(request) && scene.posts() > 0
        ? { when: 'before', kind: 'status', status: 403 }
        : undefined;
  const result = await scene.apply(file);
  assert.equal(counts(result), { created: 1, unknown: 1, skipped: 1 });
  assert.ok(scene.state?.entries.later);
  assert.equal(
    scene.state?.intents.map(({ address }) => address),
    ['a'],
  );
  const skipped = scene.events.find((event) => event.type === 'skipped');
  assert.match(JSON.stringify(skipped), 'waits for the outcome of a');
});

it('a stop drops what waits for its place among the requests in flight', async () => {
  const scene = new Scene();
  const stop = new AbortController();
  const file = desired(
    Array.from({ length: 30 }, (_, day) => batch(`day-${day}`, { executeAt: START + (day + 1) * 86_400 })),
  );
  scene.step = (what) => {
    if (what.startsWith('after POST')) stop.abort();
  };
  const result = await scene.apply(file, { stop: stop.signal });
  assert.ok(scene.posts() <= 10, `${scene.posts()} were sent`);
  assert.is(result?.outcome?.created, scene.posts());
  assert.is(result?.outcome?.skipped, 30 - scene.posts());
  assert.ok(result?.outcome?.interrupted);
  assert.equal(scene.state?.intents, []);
  scene.step = () => {};
  await scene.converge(file);
  assert.is(scene.record.batches.length, 30);
});

it('looks that fail to the end of overtime, and then agree, are waited for', async () => {
  const scene = new Scene();
  let posts = 0;
  scene.faultFor = (request) => {
    if (is.create(request) && ++posts === 1) return { when: 'before', kind: '500' };
    const isBlind = posts === 1 && is.batchList(request) && scene.now < START + 70;
    return isBlind ? { when: 'before', kind: 'status', status: 403 } : undefined;
  };
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(scene.posts(), 2);
});

for (const before of [0, -40, 200]) {
  for (const jump of [-300, -30, 30, 70, 300]) {
    it(`doubt lasts as long as ever where the API's Date is ${before} s off, and then ${jump} s more`, async () => {
      for (const isKilled of [false, true]) {
        const scene = new Scene();
        let isSent = false;
        scene.answerFor = (_, response) => {
          const date = new Date((scene.now + before + (isSent ? jump : 0)) * 1000).toUTCString();
          return { ...response, headers: { ...response.headers, date } };
        };
        spoilFirst(scene, { kind: 'status', status: 504 }, 50);
        const { faultFor } = scene;
        scene.faultFor = (...request) => {
          const fault = faultFor(...request);
          isSent ||= fault !== undefined;
          return fault;
        };
        if (isKilled) {
          scene.step = (what) => {
            if (what.startsWith('before GET') && scene.posts() === 1) throw new Crash();
          };
          assert.is(await scene.apply(FILE), null);
          scene.step = () => {};
        }
        await scene.apply(FILE);
        assert.is(scene.posts(), 1, isKilled ? 'killed' : 'one apply');
        assert.is(scene.record.batches.length, 1);
        assert.ok(scene.now - START < 120, `${scene.now - START} s`);
        await assertNothingLeft(scene);
      }
    });
  }
}

it('a stop while it is in doubt ends the wait at once; the next apply settles it', async () => {
  for (const isDone of [true, false]) {
    const scene = new Scene();
    const stop = new AbortController();
    spoilFirst(scene, { kind: '500' }, isDone ? 30 : null);
    scene.in(10, () => stop.abort());
    const result = await scene.apply(FILE, { stop: stop.signal });
    assert.equal(counts(result), { unknown: 1 });
    assert.is(result?.outcome?.interrupted, true);
    assert.ok(scene.now - START <= 20, `${scene.now - START} s`);
    assert.is(scene.state?.intents.length, 1);
    const posts = scene.posts();
    assert.equal(counts(await scene.apply(FILE)), isDone ? { adopted: 1 } : { created: 1 });
    assert.is(scene.posts(), posts + (isDone ? 0 : 1));
    assert.is(scene.record.batches.length, 1);
    await assertNothingLeft(scene);
  }
});

it('killed at every step of its doubt, and applied again a second later: the rest of it is waited for', async () => {
  for (const late of [0, 20, 45, null]) {
    for (let at = 0, steps = 1; at < steps; at += 1) {
      const scene = new Scene();
      spoilFirst(scene, { kind: '504-error' }, late);
      let sentAt = 0;
      steps = 0;
      scene.step = (what) => {
        if (what.startsWith('before POST')) sentAt ||= scene.now;
        if (sentAt > 0 && steps++ === at) throw new Crash();
      };
      await scene.apply(TWO);
      const posts = scene.posts();
      const times: number[] = [];
      scene.step = (what) => {
        if (what.startsWith('before POST')) times.push(scene.now);
      };
      scene.pass(1);
      const name = `killed at ${at} of ${steps}, ${late === null ? 'never done' : `done after ${late} s`}`;
      await scene.converge(TWO);
      assert.is(scene.live().length, 2, name);
      assert.is(scene.record.batches.length, 2, name);
      const first = times[0];
      if (posts === 1 && first !== undefined && late === null)
        assert.ok(first >= sentAt + 60, `${name}: sent again ${first - sentAt} s later`);
    }
  }
});

it('what was certainly never sent is sent at once by the next apply', async () => {
  const scene = new Scene();
  scene.step = (what) => {
    if (what === 'after write' && Object.keys(scene.state?.entries ?? {}).length === 0) return;
    if (what.startsWith('after write')) throw new Crash();
  };
  await scene.apply(TWO);
  scene.step = () => {};
  const before = scene.now;
  assert.ok(scene.state?.entries.a);
  await scene.apply(TWO);
  assert.ok(scene.now - before >= 60, 'b may have been about to go out');
  assert.is(scene.record.batches.length, 2);
});

it('the intent says when it was sent, last', async () => {
  const scene = new Scene();
  const sent: (number | null | undefined)[] = [];
  scene.faultFor = (request) => {
    if (!is.create(request)) return undefined;
    sent.push(scene.state?.intents[0]?.sentAt);
    return sent.length === 1 ? { when: 'before', kind: '500' } : undefined;
  };
  await scene.apply(FILE);
  assert.is(sent[0], START);
  assert.ok((sent[1] ?? 0) >= START + 60);
});

it('rows that a list lacks are looked for by their tasks', async () => {
  const scene = new Scene();
  spoilFirst(scene, { kind: '500' }, 0);
  scene.answerFor = (request, response) => (is.batchList(request) ? editRows(response, () => []) : response);
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(scene.posts(), 1);
});

it('the moment of sending is written down first, and the lock is proved last, right before the POST', async () => {
  const scene = new Scene();
  const seen: string[] = [];
  scene.step = (what) => {
    if (what === 'after write') seen.push('write');
    if (what.startsWith('before POST')) seen.push('POST');
  };
  scene.proof = () => seen.push('proof');
  await scene.apply(desired([batch('a')]));
  const at = seen.indexOf('POST');
  assert.is(seen[at - 1], 'proof');
  assert.ok(seen.slice(0, at).includes('write'));
});

it.run();
