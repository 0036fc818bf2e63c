/** What the file means, in one number: it changes when a plan could change, and by nothing else. */
import { createHash } from 'node:crypto';
import type { Desired } from '../model/desired.ts';
import { compareText } from '../model/ids.ts';

/** sha256 hex. Order of keys and files, comments, quotes, names of aliases and places don't count. */
export function desiredDigest({
  name,
  api,
  claims,
  limits,
  moved,
  batches,
}: Pick<Desired, 'name' | 'api' | 'claims' | 'limits' | 'moved' | 'batches'>): string {
  const meaning = {
    name,
    api: api.kind === 'sandbox' ? 'sandbox' : (api.url ?? null),
    claims: claims.templates.map((template) => JSON.stringify(template)).sort(),
    limits: [limits.create, limits.cancel, limits.cancelPercent, limits.servers].map(
      (limit) => limit ?? null,
    ),
    moved: moved.map(({ from, to }) => [from, to]),
    batches: [...batches]
      .sort((a, b) => compareText(a.address, b.address))
      .map((batch) => [
        batch.address,
        batch.template,
        batch.targets.fleets,
        batch.targets.regions,
        batch.targets.instances,
        batch.targets.labels.map(({ key, value }) => [key, value]),
        batch.executeAt,
        batch.params.map(({ name: param, value }) => [param, value]),
        batch.revision,
        batch.startingDeadline,
        batch.paused ?? null,
        batch.preventCancel,
      ]),
  };
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
}
