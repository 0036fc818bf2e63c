/**
 * desired → spec: the template looked up among the API's, and the digest that distinguishes specs.
 *
 * Invariant: two specs have the same digest if and only if the API would be sent the same thing, revision included.
 */
import { createHash } from 'node:crypto';
import type { DesiredBatch } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import { oddCharacters } from '../../model/look-alikes.ts';
import type { Template } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';
import { didYouMean, listed } from '../../model/suggest.ts';
import type { TemplateRef } from '../../model/template-ref.ts';

export interface ResolvedBatch {
  readonly desired: DesiredBatch;
  readonly spec: Spec;
  readonly digest: string;
}

/** sha256, hex. The template counts by its id, so that a rename on the provider's side changes nothing. */
export function specDigest(spec: Spec): string {
  const { template, fleets, regions, instances, labels, executeAt, params, revision } = spec;
  const canonical = [
    template.id,
    fleets,
    regions,
    instances,
    labels.map((label) => [label.key, label.value]),
    executeAt,
    params.map((param) => [param.name, param.value]),
    revision,
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** The batches whose template the API knows, and an error for each other one. */
export function resolveBatches(
  batches: readonly DesiredBatch[],
  templates: readonly Template[],
): { resolved: ResolvedBatch[]; diagnostics: Diagnostic[] } {
  const resolved: ResolvedBatch[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const desired of batches) {
    const found = findTemplates(desired.template, templates);
    const [template] = found;
    if (template === undefined || found.length > 1) {
      diagnostics.push(templateError(desired, found, templates));
      continue;
    }
    diagnostics.push(...checkParams(desired, template));
    const spec: Spec = {
      template: { id: template.id, name: template.name },
      ...desired.targets,
      executeAt: desired.executeAt,
      params: desired.params,
      revision: desired.revision,
    };
    resolved.push({ desired, spec, digest: specDigest(spec) });
  }
  return { resolved, diagnostics };
}

/** What schedules name may meet what other blocks ask for: nobody could ever say which of them a batch is. */
export function scheduledTwins(resolved: readonly ResolvedBatch[]): Diagnostic[] {
  const first = new Map<string, ResolvedBatch>();
  return resolved.flatMap((run): Diagnostic[] => {
    const twin = first.get(run.digest);
    if (twin === undefined) first.set(run.digest, run);
    if (twin === undefined || (run.desired.occurrence ?? twin.desired.occurrence) === null) return [];
    return [
      {
        severity: 'error',
        code: 'plan.twins',
        message: `"${twin.desired.address}" asks for exactly the same: template, time, target and params`,
        hint: 'Remove one of them, or give them different times.',
        address: run.desired.address,
        ...run.desired.at,
      },
    ];
  });
}

export function findTemplates(ref: TemplateRef, templates: readonly Template[]): Template[] {
  return templates.filter((template) => ('id' in ref ? template.id === ref.id : template.name === ref.name));
}

function templateError(
  desired: DesiredBatch,
  found: readonly Template[],
  all: readonly Template[],
): Diagnostic {
  const ref = desired.template;
  const named = 'id' in ref ? `template ${ref.id}` : `template "${ref.name}"`;
  const place = { address: desired.address, ...desired.templateAt };
  if (found.length > 1) {
    const ids = found.map((template) => template.id).join(', ');
    return {
      severity: 'error',
      code: 'plan.ambiguous-template',
      message: `${named} is ambiguous: ${found.length} templates have that name (ids ${ids})`,
      hint: 'Use the id of the one you mean, as an integer: `template: ID`.',
      ...place,
    };
  }
  return { ...unknownTemplate(ref, `${named} does not exist`, all), ...place };
}

/** What a reader of the name does not see. */
function oddText(name: string): string {
  const odd = [...new Set(oddCharacters(name).map((one) => one.name))];
  return odd.length === 0 ? '' : ` (in the name: ${listed(odd, 3)})`;
}

/** `message`: what names it; the template that was probably meant is added. */
export function unknownTemplate(ref: TemplateRef, message: string, all: readonly Template[]): Diagnostic {
  const names = all.map((template) => template.name);
  const meant = 'id' in ref ? '' : didYouMean(ref.name, names);
  const known = listed(all.map((template) => `"${template.name}" (${template.id})`));
  return {
    severity: 'error',
    code: 'plan.unknown-template',
    message: `${message}${meant}${'id' in ref ? '' : oddText(ref.name)}`,
    hint: all.length === 0 ? 'This account has no templates.' : `Known templates: ${known}.`,
  };
}

function checkParams(desired: DesiredBatch, template: Template): Diagnostic[] {
  const required = template.requiredParams;
  if (required === null) return [];
  const given = new Set(desired.params.map((param) => param.name));
  const place = { address: desired.address, ...desired.at };
  const missing = required.filter((name) => !given.has(name));
  const extra = [...given].filter((name) => !required.includes(name));
  const diagnostics: Diagnostic[] = [];
  if (missing.length > 0) {
    diagnostics.push({
      severity: 'error',
      code: 'plan.missing-param',
      message: `template "${template.name}" requires ${quoted(missing)} in params`,
      hint: `Add \`params: { ${missing.map((name) => `${name}: …`).join(', ')} }\` to batch "${desired.block}".`,
      ...place,
    });
  }
  for (const name of extra) {
    diagnostics.push({
      severity: 'warning',
      code: 'plan.unknown-param',
      message: `template "${template.name}" does not use "${name}"${didYouMean(name, missing)}`,
      ...place,
      ...desired.paramsAt.get(name),
    });
  }
  return diagnostics;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
