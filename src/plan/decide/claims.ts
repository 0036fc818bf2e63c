/** Live batches that no address owns: those of a claimed template are cancelled, the others only listed. */
import { batchPhase, isLive } from '../../model/batch-phase.ts';
import type { Desired, TemplateRef } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import { compareIds } from '../../model/ids.ts';
import type { Observation, Template } from '../../model/observed.ts';
import type { Change, UnmanagedBatch } from '../../model/plan.ts';
import type { State } from '../../model/state.ts';
import { ownedBatches } from '../sameness/settle.ts';
import { lookAtBound } from '../world/bound.ts';
import { findTemplates } from '../world/spec.ts';
import type { Decision } from './decide.ts';

export function unmanagedBatches(input: {
  readonly state: State | null;
  readonly observation: Observation;
  readonly changes: readonly Change[];
  readonly now: number;
}): UnmanagedBatch[] {
  const owned = ownedBatches(input.state);
  for (const change of input.changes) for (const id of change.batchIds) owned.add(id);
  return input.observation.batches
    .filter((batch) => !owned.has(batch.id))
    .map((batch) => ({ batch, phase: batchPhase(batch, input.now) }))
    .filter(({ phase }) => isLive(phase))
    .sort((a, b) => compareIds(a.batch.id, b.batch.id))
    .map(({ batch, phase }) => ({
      batchId: batch.id,
      template: batch.templateName,
      executeAt: batch.executeAt,
      numTasks: batch.numTasks,
      phase,
    }));
}

export function claimedBatches(
  desired: Desired,
  observation: Observation,
  unowned: readonly UnmanagedBatch[],
  now: number,
): Decision[] {
  const { names, diagnostics } = claimedNames(desired.claims.templates, observation.templates);
  const decisions: Decision[] = [{ diagnostics }];
  const byId = new Map(observation.batches.map((batch) => [batch.id, batch]));
  for (const batch of unowned) {
    if (batch.template === null || !names.has(batch.template)) continue;
    const { phase, tasks, servers } = lookAtBound([batch.batchId], byId, now);
    const change: Change = {
      address: `batch:${batch.batchId}`,
      targetText: batch.template,
      action: 'cancel',
      reason: `nobody's, and the file claims its template "${batch.template}"`,
      batchIds: [batch.batchId],
      servers,
      phase,
      tasks,
      before: null,
      after: null,
    };
    decisions.push({ change, diagnostics: [] });
  }
  return decisions;
}

/** A batch is known by its template's name alone: where templates share one, all of them have to be claimed. */
function claimedNames(
  refs: readonly TemplateRef[],
  templates: readonly Template[],
): { names: ReadonlySet<string>; diagnostics: Diagnostic[] } {
  const claimed = new Set(refs.flatMap((ref) => findTemplates(ref, templates)));
  const names = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const ref of refs) {
    const [template] = findTemplates(ref, templates);
    if (template === undefined) {
      const text = 'id' in ref ? ref.id : `"${ref.name}"`;
      diagnostics.push({
        severity: 'error',
        code: 'plan.unknown-template',
        message: `claims.templates names ${text}, a template that does not exist`,
      });
      continue;
    }
    const alike = findTemplates({ name: template.name }, templates).filter((one) => !claimed.has(one));
    if (alike.length === 0) names.add(template.name);
    else {
      const others = alike.map(({ id }) => id).join(', ');
      diagnostics.push({
        severity: 'warning',
        code: 'plan.ambiguous-template',
        message: `claims.templates names ${template.id}, but "${template.name}" is the name of ${others}, too: a batch does not tell which, and none is cancelled`,
        hint: 'Claim all of them, by their name, or have one renamed.',
      });
    }
  }
  return { names, diagnostics };
}
