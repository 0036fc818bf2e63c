/** The plan as a file: the same text for the same plan, and read back only after its schema has accepted it. */
import { isDeepStrictEqual } from 'node:util';
import { validatePlan } from '../generated/plan.js';
import { FleetformError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { summarise } from '../model/plan-summary.ts';
import { safeText } from '../model/safe-text.ts';

/** Pretty, with keys in a fixed order whoever made the objects; ends with a line break. */
export function planToJson(plan: Plan): string {
  return `${JSON.stringify(plan, (_key, value: unknown) => (isRecord(value) ? ordered(value) : value), 2)}\n`;
}

/** Throws `plan.invalid` or `plan.version`. `source` names the file in the message. */
export function parsePlan(text: string, source = 'the plan'): Plan {
  const content = parseJson(text, safeText(source, 200));
  const version = isRecord(content) ? content.formatVersion : undefined;
  if (typeof version === 'string' && version !== '1.0') {
    throw new FleetformError(
      'plan.version',
      `${safeText(source, 200)} has formatVersion "${safeText(version, 20)}"; this fleetform reads "1.0"`,
      { hint: 'Make the plan again with this version: `fleetform plan --out FILE`.' },
    );
  }
  if (!validatePlan(content)) throw invalid(safeText(source, 200), findings());
  const plan = content as Plan;
  // What people were shown are the numbers; what is done are the changes.
  const { changes, unmanaged, moves } = plan;
  if (!isDeepStrictEqual({ ...plan.summary }, { ...summarise(changes, unmanaged, moves) })) {
    throw invalid(safeText(source, 200), ['its summary and its changes do not belong together']);
  }
  return plan;
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

function ordered(record: Record<string, unknown>): Record<string, unknown> {
  const rank = (key: string) => RANK.get(key) ?? KEYS.length;
  const keys = Object.keys(record).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, record[key]]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(source, ['it is not JSON']);
  }
}

/** The first few complaints, each once; those about the branches of a choice say nothing that helps. */
function findings(): string[] {
  const errors = (validatePlan.errors ?? []).filter((error) => error.keyword !== 'if');
  const texts = errors.map((error) => {
    const place = error.instancePath === '' ? 'the document' : safeText(error.instancePath, 120);
    const extra: unknown = error.params.additionalProperty;
    const name = typeof extra === 'string' ? ` (${safeText(extra, 60)})` : '';
    return `${place} ${safeText(error.message ?? 'is wrong', 160)}${name}`;
  });
  return [...new Set(texts)].slice(0, 3);
}

function invalid(source: string, what: readonly string[]): FleetformError {
  return new FleetformError('plan.invalid', `${source} is not a plan of fleetform: ${what.join('; ')}`, {
    hint: 'A plan comes from `fleetform plan --out FILE`; it is not meant to be edited.',
  });
}
