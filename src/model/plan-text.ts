/** The plan as a file: the same text for the same plan, and the digest that a reviewed one is known by. */
import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';

/** Pretty, with keys in a fixed order whoever made the objects, and its digest; ends with a line break. */
export function planToJson(plan: Plan): string {
  return `${JSON.stringify({ ...plan, digest: planDigest(plan) }, inOrder, 2)}\n`;
}

/** `sha256:` and 64 hex digits, over all that the plan says: what a person reviewed can be told by it. */
export function planDigest(plan: Plan): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(plan, inOrder)).digest('hex')}`;
}

function inOrder(_key: string, value: unknown): unknown {
  return isRecord(value) ? ordered(value) : value;
}

/** The types' own order; what is not named here follows by name. */
const KEYS = [
  ...[
    'formatVersion',
    'fleetformVersion',
    'plannedAt',
    'name',
    'api',
    'timezone',
    'mode',
    'scope',
    'at',
    'desiredDigest',
  ],
  ...['state', 'lineage', 'serial', 'observation', 'complete', 'batches', 'summary'],
  ...['severity', 'code', 'message', 'hint'],
  ...['address', 'action', 'reason', 'batchId', 'batchIds', 'follows', 'awaits', 'targetText'],
  ...['servers', 'phase', 'tasks', 'notAfter', 'toggle', 'digest'],
  ...['before', 'after', 'id', 'template', 'fleets', 'regions', 'instances', 'labels', 'executeAt'],
  ...['params', 'revision', 'paused', 'preventCancel', 'key', 'value', 'numTasks', 'range', 'snippet'],
  ...['file', 'line', 'column', 'endLine', 'endColumn'],
  ...['pending', 'running', 'done', 'failed', 'cancelled', 'unknown'],
  ...['create', 'replace', 'cancel', 'update', 'adopt', 'forget', 'move', 'missed', 'unmanaged'],
  ...['targets', 'excludes', 'replaces', 'refresh', 'assumeMissing', 'allowEmpty'],
  ...['from', 'to', 'kind', 'count', 'total', 'texts', 'server', 'text'],
  ...['changes', 'moves', 'drift', 'diagnostics'],
];
const RANK: ReadonlyMap<string, number> = new Map(KEYS.map((key, index) => [key, index]));

/** A plan's own digest follows its version, where it is easy to see. */
function ordered(record: Record<string, unknown>): Record<string, unknown> {
  const isPlan = 'formatVersion' in record;
  const rank = (key: string) => (isPlan && key === 'digest' ? 0.5 : (RANK.get(key) ?? KEYS.length));
  const keys = Object.keys(record).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, record[key]]));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
