/** What the file says once: name, API, time zone, limits, claims. Guards as in expand.ts. */
import { judgeBaseUrl } from '../model/base-url.ts';
import type { Desired, Limits } from '../model/desired.ts';
import type { SourcePlace } from '../model/errors.ts';
import { didYouMean } from '../model/suggest.ts';
import type { TemplateRef } from '../model/template-ref.ts';
import { readTemplate } from './expand.ts';
import { withoutPassword } from './masked.ts';
import type { Placed, Sections } from './merge.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import { entryOf, type ScalarNode, type SourceNode } from './source.ts';
import { readState } from './state-settings.ts';
import { said } from './words.ts';

const LIMITS = ['create', 'cancel', 'cancelPercent', 'servers'] as const;

export type Settings = Pick<Desired, 'name' | 'api' | 'state' | 'timezone' | 'claims' | 'limits'>;

export function readSettings({ single, claimed }: Sections, problems: Problems): Settings {
  const name = textOf(single.get('name')?.value) ?? '';
  return {
    name,
    api: readApi(single.get('api'), problems),
    state: readState(single.get('state'), name, problems),
    timezone: readTimezone(single.get('timezone'), problems),
    claims: readClaims(claimed, problems),
    limits: readLimits(single.get('limits')?.value),
  };
}

function textOf(node: SourceNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function readApi(placed: Placed | undefined, problems: Problems): Desired['api'] {
  if (placed === undefined) return { kind: 'http', url: undefined };
  if (textOf(placed.value) !== undefined) return { kind: 'sandbox' };
  const node = entryOf(placed.value, 'url')?.value;
  const url = textOf(node);
  if (node === undefined || url === undefined || problems.isBlamed(node))
    return { kind: 'http', url: undefined };
  const judged = judgeBaseUrl(url, 'origin');
  if (judged instanceof URL) return { kind: 'http', url: judged.origin };
  problems.error(placed.file, node, {
    code: 'desired.invalid-value',
    message: `"api.url" is ${quoted(withoutUser(url))}, which ${judged.why}; expected an origin such as https://api.i3d.net`,
  });
  return { kind: 'http', url: undefined };
}

/** Of a text that is no URL, too, nobody can say where a password begins. */
function withoutUser(text: string): string {
  const hidden = withoutPassword(text);
  return hidden === text ? text.replace(/^.*@/s, '…@') : hidden;
}

function readTimezone(placed: Placed | undefined, problems: Problems): string | undefined {
  const zone = textOf(placed?.value);
  if (placed === undefined || zone === undefined || problems.isBlamed(placed.value)) return undefined;
  if (isZone(zone)) return zone;
  problems.error(placed.file, placed.value, {
    code: 'desired.invalid-value',
    message: `"timezone" is ${said(placed.value as ScalarNode)}, which is not an IANA time zone${didYouMean(zone, Intl.supportedValuesOf('timeZone'))}`,
    hint: 'A time zone is written like Europe/Amsterdam or UTC.',
  });
  return undefined;
}

/** Offsets such as +02:00 are taken by newer versions of Node only, and are no zones. */
function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function readLimits(node: SourceNode | undefined): Limits {
  const limits: { -readonly [K in keyof Limits]: Limits[K] } = {};
  for (const key of LIMITS) {
    const value = entryOf(node, key)?.value;
    if (value?.kind === 'scalar' && typeof value.value === 'number') limits[key] = value.value;
  }
  return limits;
}

function readClaims(claimed: Sections['claimed'], problems: Problems): Desired['claims'] {
  const templates = new Map<string, { ref: TemplateRef; place: SourcePlace }>();
  for (const [index, { file, value }] of claimed.entries()) {
    const template = readTemplate(value, file, ['claims', 'templates', index], problems);
    const key = JSON.stringify(template);
    if (template === undefined || templates.has(key)) continue;
    templates.set(key, { ref: template, place: file.at(value) });
  }
  const claims = [...templates.values()];
  return { templates: claims.map(({ ref }) => ref), places: claims.map(({ place }) => place) };
}
