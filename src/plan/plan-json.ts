/** A saved plan, read back: only after its schema, its digest and its very text have been accepted. */
import { isDeepStrictEqual } from 'node:util';
import { validatePlan } from '../generated/plan.js';
import { FleetformError } from '../model/errors.ts';
import { type FailedPlan, isFailed } from '../model/failed-plan.ts';
import type { Plan } from '../model/plan.ts';
import { summarise } from '../model/plan-summary.ts';
import { isRecord, planDigest, planToJson } from '../model/plan-text.ts';
import { safeJson, safeText } from '../model/safe-text.ts';

/**
 * Throws `plan.invalid` or `plan.version`, and `plan.failed` for what is left where no plan could be made. `source`
 * names the file in the message.
 */
export function parsePlan(text: string, source = 'the plan'): Plan {
  const saved = parseSaved(text, source);
  if (!isFailed(saved)) return saved;
  const first = saved.diagnostics.find(({ severity }) => severity === 'error');
  throw new FleetformError(
    'plan.failed',
    `${safeText(source, 200)} holds no plan: planning failed (${safeText(first?.message ?? '', 300)})`,
    { hint: 'There is nothing to apply. `fleetform show` tells all of it; plan again when it is settled.' },
  );
}

/**
 * As `parsePlan`, and takes a failed one, too. Only the very text that a plan is written as is taken: another one may
 * show one thing to a reader and say another.
 */
export function parseSaved(text: string, source = 'the plan'): Plan | FailedPlan {
  const name = safeText(source, 200);
  const content = parseJson(text, name);
  const version = isRecord(content) ? content.formatVersion : undefined;
  if (typeof version === 'string' && version !== '1.0') {
    throw new FleetformError(
      'plan.version',
      `${name} has formatVersion "${safeText(version, 20)}"; this fleetform reads "1.0"`,
      { hint: 'Create the plan again with this version: `fleetform plan --out FILE`.' },
    );
  }
  if (isRecord(content) && content.failed === true) return failedIn(content, name);
  if (!validatePlan(content)) throw invalid(name, findings());
  const { digest, ...rest } = content as Plan & { readonly digest: string };
  const plan: Plan = rest;
  if (digest !== planDigest(plan))
    throw invalid(name, ['it was changed after it was created (the digest does not match)']);
  const { servers } = plan.summary;
  const counted = summarise(plan.changes, plan, servers);
  if (servers > counted.tasks || !isDeepStrictEqual({ ...plan.summary }, { ...counted })) {
    throw invalid(name, ['its summary does not match its changes']);
  }
  if (asPrinted(text) !== asPrinted(planToJson(plan)))
    throw invalid(name, ['fleetform did not write it in this form']);
  return plan;
}

/** Each of its fields is one of a plan, or unknown: it is checked as a plan that has no others. */
function failedIn(content: Record<string, unknown>, name: string): FailedPlan {
  const { failed: _, name: ofFile, api, ...rest } = content;
  const asPlan = {
    ...NOTHING_PLANNED,
    ...rest,
    name: ofFile === null ? '' : ofFile,
    api: api === null ? '' : api,
  };
  if (!validatePlan(asPlan)) throw invalid(name, findings());
  const failed = content as unknown as FailedPlan;
  if (!failed.diagnostics?.some(({ severity }) => severity === 'error')) {
    throw invalid(name, ['it says that planning failed, and not why']);
  }
  return failed;
}

const NOTHING_PLANNED = {
  digest: `sha256:${'0'.repeat(64)}`,
  timezone: null,
  desiredDigest: '',
  state: null,
  observation: { complete: true, batches: 0, tasks: 0 },
  summary: summarise([], { unmanaged: [], moves: [], skipped: [] }, 0),
  changes: [],
  skipped: [],
  schedules: [],
  moves: [],
  drift: [],
  unmanaged: [],
};

/** On stdout some characters are escapes, which are the same JSON; and a checkout may have changed the line ends. */
function asPrinted(text: string): string {
  return safeJson(text.replaceAll('\r\n', '\n').trimEnd());
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
  return new FleetformError('plan.invalid', `${source} is not a fleetform plan: ${what.join('; ')}`, {
    hint: 'A plan comes from `fleetform plan --out FILE`; it is not meant to be edited.',
  });
}
