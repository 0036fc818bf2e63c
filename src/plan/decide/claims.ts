/** Live batches that no address owns: those of a claimed template are cancelled, the others only listed. */
import { batchPhase, isLive } from '../../model/batch-phase.ts';
import type { Desired } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import { compareIds, type Id } from '../../model/ids.ts';
import type { ObservedBatch, Template } from '../../model/observed.ts';
import type { ClaimedCancel, UnmanagedBatch } from '../../model/plan.ts';
import { lookAtBound } from '../world/bound.ts';
import { findTemplates, unknownTemplate } from '../world/spec.ts';
import { describeTargets } from '../world/targets.ts';
import type { World } from '../world/world.ts';
import type { Decision } from './decision.ts';

/** `owned`: by the state, or by a change of the plan. */
export function unmanagedBatches(
  batches: readonly ObservedBatch[],
  owned: ReadonlySet<Id>,
  now: number,
): UnmanagedBatch[] {
  return batches
    .filter((batch) => !owned.has(batch.id))
    .map((batch) => ({ batch, phase: batchPhase(batch, now) }))
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

/** `inQuestion`: what may be somebody's is not cancelled as nobody's. */
export function claimedBatches(
  world: World,
  unowned: readonly UnmanagedBatch[],
  inQuestion: ReadonlySet<Id>,
): Decision[] {
  const { desired, observation, byId, now } = world;
  if (desired.claims.templates.length === 0) return [];
  const { names, diagnostics } = claimedNames(desired.claims, observation.templates);
  const decisions: Decision[] = [{ diagnostics }];
  for (const unmanaged of unowned) {
    const { batchId, template } = unmanaged;
    const batch = byId.get(batchId);
    if (batch === undefined || inQuestion.has(batchId)) continue;
    if (template === null || names.has(template)) world.wantTasks(batch, 'all');
    if (template === null || !names.has(template)) continue;
    const { phase, tasks, servers } = lookAtBound([batchId], byId, now);
    const change: ClaimedCancel = {
      address: `batch:${batchId}`,
      targetText: targetsOf(batch, desired.aliases),
      action: 'cancel',
      reason: `unmanaged, and its template "${template}" is claimed by this file`,
      batchIds: [batchId],
      servers,
      phase,
      tasks,
      before: null,
      unmanaged,
      after: null,
      preventCancel: false,
    };
    decisions.push({ change, diagnostics: [] });
  }
  return decisions;
}

/** The API tells no fleet of a batch, only its tasks' game servers. */
function targetsOf({ tasks }: ObservedBatch, aliases: Desired['aliases']): string {
  const instances = [...new Set(tasks.map((task) => task.entityId))];
  return describeTargets({ fleets: [], regions: [], instances, labels: [] }, aliases);
}

/** A batch is known by its template's name alone: where templates share one, all of them have to be claimed. */
function claimedNames(
  { templates: refs, places = [] }: Desired['claims'],
  templates: readonly Template[],
): { names: ReadonlySet<string>; diagnostics: Diagnostic[] } {
  const claimed = new Set(refs.flatMap((ref) => findTemplates(ref, templates)));
  const names = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const [index, ref] of refs.entries()) {
    const place = places[index];
    const [template] = findTemplates(ref, templates);
    if (template === undefined) {
      const text = 'id' in ref ? ref.id : `"${ref.name}"`;
      const message = `claims.templates lists ${text}, but no such template exists`;
      diagnostics.push({ ...unknownTemplate(ref, message, templates), ...place });
      continue;
    }
    const alike = findTemplates({ name: template.name }, templates).filter((one) => !claimed.has(one));
    if (alike.length === 0) names.add(template.name);
    else {
      const others = alike.map(({ id }) => id).join(', ');
      diagnostics.push({
        severity: 'warning',
        code: 'plan.ambiguous-template',
        message: `claims.templates lists ${template.id}, but "${template.name}" is also the name of ${others}: a batch does not show which template it used, so none is cancelled`,
        hint: 'Claim all of them by name, or rename one.',
        ...place,
      });
    }
  }
  return { names, diagnostics };
}
