/** Spec → the body of the POST that creates its batch (ApplicationInstanceTaskCreate). Pure. */
import { FleetformError } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { Spec } from '../model/state.ts';

export interface CreateBody {
  readonly taskTemplateId: string;
  readonly applicationInstanceIds?: readonly Id[];
  readonly fleetId?: Id;
  readonly regionId?: Id;
  readonly executeAt?: number;
  readonly labels?: readonly { readonly key: string; readonly value: string }[];
  readonly taskActionParam?: readonly { readonly paramName: string; readonly paramValue: string }[];
}

/**
 * Only the parts that the spec has. Throws a `FleetformError` for what one POST cannot say: several fleets, several
 * regions, or no target at all (what the API would make of that, nobody knows).
 */
export function requestBody(spec: Spec): CreateBody {
  const fleetId = atMostOne('fleet', spec.fleets);
  const regionId = atMostOne('region', spec.regions);
  const { instances, labels, params } = spec;
  if (fleetId === undefined && regionId === undefined && instances.length + labels.length === 0) {
    throw new FleetformError('api.no-target', 'a batch without any target cannot be created', {
      hint: 'Nothing was sent. Give it a fleet, a region, game servers or labels.',
    });
  }
  return {
    taskTemplateId: spec.template.id,
    ...(instances.length === 0 ? {} : { applicationInstanceIds: instances }),
    ...(fleetId === undefined ? {} : { fleetId }),
    ...(regionId === undefined ? {} : { regionId }),
    ...(spec.executeAt === null ? {} : { executeAt: spec.executeAt }),
    ...(labels.length === 0 ? {} : { labels: labels.map(({ key, value }) => ({ key, value })) }),
    ...(params.length === 0
      ? {}
      : { taskActionParam: params.map(({ name, value }) => ({ paramName: name, paramValue: value })) }),
  };
}

function atMostOne(kind: 'fleet' | 'region', ids: readonly Id[]): Id | undefined {
  if (ids.length > 1) {
    throw new FleetformError(
      'api.too-many-targets',
      `one batch cannot run on ${ids.length} ${kind}s (${ids.join(', ')}): the API takes one`,
      { hint: `Write one batch for each ${kind}: \`targets: [{ ${kind}: … }, { ${kind}: … }]\`.` },
    );
  }
  return ids[0];
}
