/** What the file means, in one number: it changes when a plan could change, and by nothing else. */
import { createHash } from 'node:crypto';
import type { Desired, DesiredBlock } from '../model/desired.ts';
import { compareText } from '../model/ids.ts';

/** sha256 hex. Order of keys and files, comments, quotes, names of aliases and places don't count. */
export function desiredDigest({
  name,
  api,
  claims,
  limits,
  moved,
  blocks,
  freezes,
}: Pick<Desired, 'name' | 'api' | 'claims' | 'limits' | 'moved' | 'blocks' | 'freezes'>): string {
  const meaning = {
    name,
    api: api.kind === 'sandbox' ? 'sandbox' : (api.url ?? null),
    claims: claims.templates.map((template) => JSON.stringify(template)).sort(),
    limits: [limits.create, limits.cancel, limits.cancelPercent, limits.servers].map(
      (limit) => limit ?? null,
    ),
    moved: moved.map(({ from, to }) => [from, to]),
    blocks: [...blocks]
      .sort((a, b) => compareText(a.address, b.address))
      .map((block) => [
        block.address,
        block.template,
        block.targets.fleets,
        block.targets.regions,
        block.targets.instances,
        block.targets.labels.map(({ key, value }) => [key, value]),
        whenOf(block),
        block.params.map(({ name: param, value }) => [param, value]),
        block.startingDeadline,
        block.paused ?? null,
        block.preventCancel,
      ]),
    freezes: freezes.map(({ at: _, templatesAt: __, ...freeze }) => freeze),
  };
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
}

function whenOf({ when }: DesiredBlock): unknown {
  switch (when.kind) {
    case 'once':
      return ['once', when.revision];
    case 'at':
      return ['at', when.executeAt];
    case 'schedule': {
      const { cron, timezone, horizon, from, until, except } = when.schedule;
      return ['schedule', cron, timezone, horizon, from, until, except, when.offset];
    }
  }
}
