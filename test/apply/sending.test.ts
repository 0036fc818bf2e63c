/** When the moment of sending is written down: before the request, and not in its place. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BeforeSend } from '../../src/api/port.ts';
import type { ApplyContext } from '../../src/apply/context.ts';
import { createBatch } from '../../src/apply/create.ts';
import type { Batch } from '../../src/model/observed.ts';
import type { Intent } from '../../src/model/state.ts';

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
    stop: new AbortController().signal,
    beforeSend: async () => void told.push('proof'),
    api: {
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

it.run();
