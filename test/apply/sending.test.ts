/** When the moment of sending is written down: before the request, and not in its place. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BeforeSend } from '../../src/api/port.ts';
import type { ApplyContext } from '../../src/apply/context.ts';
import { createBatch } from '../../src/apply/create.ts';
import { sendingInOrder } from '../../src/apply/sending.ts';
import type { Batch } from '../../src/model/observed.ts';
import type { Intent } from '../../src/model/state.ts';
import type { Edit } from '../../src/state/edits.ts';

const it = suite('the moment of sending');

const MADE: Batch = {
  id: '41',
  createdAt: 1000,
  executeAt: null,
  finishedAt: null,
  numTasks: 1,
  numTasksOk: 0,
  numTasksFailed: 0,
  numTasksCancelled: 0,
  taskIds: ['7'],
};

/** `waited`: seconds between its turn to be walked and its place among the requests. */
async function create({ sentAt, waited = 0 }: { sentAt: number | null; waited?: number }): Promise<string[]> {
  const told: string[] = [];
  let now = 1000;
  let intent = {
    id: 'i',
    address: 'a',
    since: 900,
    sentAt,
    spec: { executeAt: null },
    servers: null,
    seen: [],
  };
  const ctx = {
    now: () => now,
    machineNow: () => now,
    stop: new AbortController().signal,
    beforeSend: async () => void told.push('proof'),
    api: {
      parallelism: 10,
      async createBatch(_spec: unknown, beforeSend: BeforeSend) {
        told.push('waits');
        now += waited;
        await beforeSend();
        told.push('sent');
        return MADE;
      },
    },
    journal: {
      intent: () => intent,
      slowness: () => 0,
      lastBound: () => null,
      async record(edits: { kind: string; at: number } | readonly unknown[]) {
        if (!('kind' in edits)) return;
        intent = { ...intent, sentAt: edits.at };
        told.push(`${edits.kind} at ${edits.at}`);
      },
    },
  };
  await createBatch(ctx as unknown as ApplyContext, {
    intent: intent as unknown as Intent,
    notAfter: null,
    next: undefined,
    sending: sendingInOrder([intent as unknown as Intent]),
  });
  return told;
}

it('one that is not written down yet is, before it waits for its place', async () => {
  assert.equal(await create({ sentAt: null }), ['sent at 1000', 'waits', 'proof', 'sent']);
});

it('so is one of a while ago; one of a moment ago is near enough', async () => {
  assert.equal(await create({ sentAt: 997 }), ['sent at 1000', 'waits', 'proof', 'sent']);
  assert.equal(await create({ sentAt: 998 }), ['waits', 'proof', 'sent']);
});

it('where the place was long in coming it is written down once more', async () => {
  const told = await create({ sentAt: null, waited: 60 });
  assert.equal(told, ['sent at 1000', 'waits', 'sent at 1060', 'proof', 'sent']);
});

/** A journal whose writes end when they are told to. */
function slowJournal(intents: readonly Intent[], parallelism: number) {
  const at = new Map(intents.map((intent) => [intent.id, intent]));
  const writes: { ids: readonly string[]; follows: string | undefined; end: (error?: Error) => void }[] = [];
  const ctx = {
    now: () => 1000,
    machineNow: () => 1000,
    api: { parallelism },
    journal: {
      intent: (id: string) => at.get(id),
      slowness: () => 0,
      lastBound: () => '40',
      record(edit: Extract<Edit, { kind: 'sent' }>) {
        for (const id of edit.intentIds) at.set(id, { ...at.get(id)!, sentAt: edit.at });
        return new Promise<void>((resolve, reject) => {
          const end = (error?: Error) => (error === undefined ? resolve() : reject(error));
          writes.push({ ids: edit.intentIds, follows: edit.follows, end });
        });
      },
    },
  };
  return { ctx: ctx as unknown as ApplyContext, writes, forget: (id: string) => at.delete(id) };
}

const intents = Array.from({ length: 6 }, (_, i) => ({ id: `i${i}`, sentAt: null }) as unknown as Intent);
const tick = () => new Promise((resolve) => setTimeout(resolve));

it('the next ones are written down with it, and wait for the same write', async () => {
  const { ctx, writes, forget } = slowJournal(intents, 2);
  forget('i3');
  const sending = sendingInOrder(intents);
  const done: string[] = [];
  const mark = (i: number) => sending.mark(ctx, intents[i]!).then(() => done.push(`i${i}`));
  const marking = [mark(0), mark(1), mark(2)];
  await tick();
  assert.equal(
    writes.map(({ ids, follows }) => [ids, follows]),
    [[['i0', 'i1', 'i2'], '40']],
  );
  assert.equal(done, [], 'none goes out before it is kept');
  writes[0]!.end();
  await Promise.all(marking);
  assert.equal(done.sort(), ['i0', 'i1', 'i2']);
  await mark(1);
  assert.is(writes.length, 1, 'a moment ago');
  const more = mark(4);
  await tick();
  assert.equal(writes[1]?.ids, ['i4', 'i5']);
  writes[1]!.end();
  await more;
});

it('a write that fails is told to all whose moment it held', async () => {
  const { ctx, writes } = slowJournal(intents, 2);
  const sending = sendingInOrder(intents);
  const marking = [0, 1].map((i) =>
    sending.mark(ctx, intents[i]!).then(
      () => 'marked',
      (error: Error) => error.message,
    ),
  );
  await tick();
  writes[0]!.end(new Error('no space'));
  assert.equal(await Promise.all(marking), ['no space', 'no space']);
});

it.run();
