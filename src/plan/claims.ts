/** Live batches that no address owns: those of a claimed template are cancelled, the others only listed. */
import { batchPhase, isLive } from '../model/batch-phase.ts';
import type { Desired } from '../model/desired.ts';
import { compareIds } from '../model/ids.ts';
import type { Observation } from '../model/observed.ts';
import type { Change, UnmanagedBatch } from '../model/plan.ts';
import type { State } from '../model/state.ts';
import { lookAtBound } from './bound.ts';
import type { Decision } from './decide.ts';
import { ownedBatches } from './settle.ts';
import { findTemplates } from './spec.ts';

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
  const names = new Set<string>();
  const decisions: Decision[] = [];
  for (const ref of desired.claims.templates) {
    const found = findTemplates(ref, observation.templates);
    for (const template of found) names.add(template.name);
    if (found.length > 0) continue;
    const text = 'id' in ref ? ref.id : `"${ref.name}"`;
    decisions.push({
      diagnostics: [
        {
          severity: 'error',
          code: 'plan.unknown-template',
          message: `claims.templates names ${text}, a template that does not exist`,
        },
      ],
    });
  }
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
