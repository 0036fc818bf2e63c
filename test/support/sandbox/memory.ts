/** A sandbox in memory, with a clock of its own: for tests, behind a transport or behind the server. */
import { TransportError } from '../../../src/api/errors.ts';
import type { ApiRequest, ApiResponse, Transport } from '../../../src/api/port.ts';
import { type CreateBody, checkBody, createBatch } from '../../../src/sandbox/create.ts';
import { handle, type SandboxOptions, viewOf } from '../../../src/sandbox/sandbox.ts';
import type { TaskMoment } from '../../../src/sandbox/simulate.ts';
import { taskMoment } from '../../../src/sandbox/wire.ts';
import { emptyRecord, type SandboxBatch, type SandboxRecord } from '../../../src/sandbox/world.ts';

export interface MemoryOptions extends SandboxOptions {
  /** Where the clock starts, in unix seconds; default 1,800,000,000 (2027-01-15T08:00:00Z). */
  readonly start?: number;
  /** Goes on from this one, and leaves it as it is: what `snapshot` gave. */
  readonly record?: SandboxRecord;
  /** Called for each request that arrives, before it is answered. */
  readonly onRequest?: (request: ApiRequest) => void;
}

export interface SeenTask extends TaskMoment {
  readonly id: string;
  readonly entityId: string;
}

/** A batch as only the sandbox knows it: with its template, its targets and its maker. */
export interface SeenBatch {
  readonly id: string;
  readonly template: string;
  /** The body that made it: its targets, time and params. */
  readonly body: CreateBody;
  /** Who made it; `api`: a request. */
  readonly madeBy: string;
  readonly createdAt: number;
  readonly executeAt: number;
  readonly tasks: readonly SeenTask[];
}

export interface MemorySandbox {
  readonly handle: (request: ApiRequest) => ApiResponse;
  readonly transport: Transport;
  /** Unix seconds. */
  readonly now: () => number;
  readonly advance: (seconds: number) => void;
  /** All that arrived, in order. */
  readonly requests: readonly ApiRequest[];
  /** All batches, the oldest first, as they stand now. */
  readonly batches: () => SeenBatch[];
  /**
   * One that somebody else made, at `at` (unix seconds; default: now): no request is seen. Returns its id.
   * Throws an Error when the API would refuse the body.
   */
  readonly createForeignBatch: (body: CreateBody, by?: { madeBy?: string; at?: number }) => string;
  /** Plain JSON, for `record` of another one. */
  readonly snapshot: () => SandboxRecord;
}

export function createSandbox(options: MemoryOptions = {}): MemorySandbox {
  const record = structuredClone(options.record ?? emptyRecord(options.seed));
  const start = options.start ?? 1_800_000_000;
  const requests: ApiRequest[] = [];
  const now = () => start + record.clockOffset;

  const answer = (request: ApiRequest): ApiResponse => {
    requests.push(request);
    options.onRequest?.(request);
    return handle(request, record, now(), options).response;
  };

  return {
    handle: answer,
    async transport(request, signal) {
      if (signal.aborted) throw new TransportError('aborted', 'aborted', false);
      return answer(request);
    },
    now,
    advance(seconds) {
      record.clockOffset += seconds;
    },
    requests,
    batches() {
      const view = viewOf(record, now(), options);
      const templates = new Map(view.world.templates.map((template) => [template.id, template.name]));
      const seen = (batch: SandboxBatch): SeenBatch => ({
        id: batch.id,
        template: templates.get(batch.templateId)!,
        body: batch.request as CreateBody,
        madeBy: batch.madeBy ?? 'api',
        createdAt: batch.createdAt,
        executeAt: batch.executeAt,
        tasks: batch.taskIds.map((id) => {
          const task = record.tasks[id]!;
          return { id, entityId: task.entityId, ...taskMoment(task, view) };
        }),
      });
      return record.batches.map(seen);
    },
    createForeignBatch(body, { madeBy = 'somebody else', at = now() } = {}) {
      const { world, rules } = viewOf(record, now(), options);
      const [error] = checkBody(body, world);
      if (error !== undefined) throw new Error(`${error.property}: ${error.message}`);
      return createBatch(record, body, { world, now: at, pace: rules.pace, madeBy }).id;
    },
    snapshot: () => structuredClone(record),
  };
}
