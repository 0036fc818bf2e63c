/**
 * Live batches → the text of a desired-state file that asks for exactly them, in the standard format: where the way
 * that this room goes otherwise (text → blocks) begins, for who has an account and no file yet.
 *
 * Invariant: the same batches give the same text, whatever the order and the time they are seen in, and nothing that
 * the API says is more in it than a value or a comment.
 */
import { groupBy } from '../model/group.ts';
import { compareIds, compareText, type Id } from '../model/ids.ts';
import type { LeftOut, LiveBatch } from '../model/live-batch.ts';
import { safeText } from '../model/safe-text.ts';
import { rfc3339 } from '../model/words.ts';
import { formatBytes } from './format/paths.ts';
import { unsafeCharacter } from './quote.ts';

export interface ComposeInput {
  readonly name: string;
  /** `sandbox`, or an origin; null: the provider's own, or one that a file cannot name. */
  readonly api: string | null;
  readonly batches: readonly LiveBatch[];
  readonly leftOut: readonly LeftOut[];
  /** By id, as the API names them. */
  readonly fleetNames: ReadonlyMap<Id, string>;
  /** A name in the file would be of several templates, or of another one, for who reads it. */
  readonly isAmbiguous: (templateName: string) => boolean;
}

/** What shows that it was written here. */
export const FIRST_LINE = '# Written by `fleetform import --all` from what was live in the account.';

const HEAD = [
  FIRST_LINE,
  '# The API tells neither the target nor the params of a batch. Targets follow from its game servers: a fleet or a region',
  '# is named where all that it holds is in the batch. Check them before a time is changed: a change is another batch.',
];

/** Throws what `formatBytes` throws: then it is a mistake of ours. */
export async function compose(input: ComposeInput): Promise<string> {
  const fleets = aliasesOf('fleet', idsOf(input.batches, 'fleets'), input.fleetNames);
  const regions = aliasesOf('region', idsOf(input.batches, 'regions'), new Map());
  const lines = [
    ...HEAD,
    'version: 1',
    `name: ${quote(input.name)}`,
    ...apiLines(input.api),
    ...aliasLines('fleets', fleets),
    ...aliasLines('regions', regions),
    '',
    'batches:',
    ...namedBlocks(input.batches, fleets)
      .flatMap((block) => ['', ...blockLines(block, { fleets, regions }, input)])
      .slice(1),
    ...leftOutLines(input.leftOut),
  ];
  const { after } = await formatBytes(Buffer.from(`${lines.join('\n')}\n`), 'the new file');
  return after;
}

/** JSON is YAML. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function apiLines(api: string | null): string[] {
  if (api === null) return [];
  return api === 'sandbox' ? ['api: sandbox'] : ['api:', `  url: ${quote(api)}`];
}

type Aliases = ReadonlyMap<Id, string>;

function idsOf(batches: readonly LiveBatch[], kind: 'fleets' | 'regions'): Id[] {
  return [...new Set(batches.flatMap(({ targets }) => targets[kind]))].sort(compareIds);
}

/** What the API calls it, as an alias can be written; of several with one name, all but the first with their id. */
function aliasesOf(kind: string, ids: readonly Id[], names: ReadonlyMap<Id, string>): Aliases {
  const taken = new Set<string>();
  return new Map(
    ids.map((id) => {
      const name = slug(names.get(id) ?? '')
        .slice(0, 40)
        .replace(/-+$/, '');
      const alias = name === '' || /^\d+$/.test(name) ? `${kind}-${id}` : name;
      return [id, freeOf([alias, `${alias}-${id}`], taken)];
    }),
  );
}

/** The first that is, or the last with a number: what the API calls one may be what another one is called here. */
function freeOf(names: readonly string[], taken: Set<string>): string {
  const last = names.at(-1)!.slice(0, 58);
  let free = names.find((name) => !taken.has(name));
  for (let n = 2; free === undefined; n += 1) if (!taken.has(`${last}-${n}`)) free = `${last}-${n}`;
  taken.add(free);
  return free;
}

function aliasLines(section: string, aliases: Aliases): string[] {
  if (aliases.size === 0) return [];
  return ['', `${section}:`, ...[...aliases].map(([id, alias]) => `  ${quote(alias)}: ${quote(id)}`)];
}

interface Block {
  readonly name: string;
  readonly batches: readonly LiveBatch[];
}

/** Those that differ in their target alone are one block. */
function namedBlocks(batches: readonly LiveBatch[], fleets: Aliases): Block[] {
  const alike = ({ template, executeAt, isPaused }: LiveBatch) =>
    JSON.stringify([template.id, executeAt, isPaused]);
  const groups = [...groupBy([...batches].sort(compareLive), alike).values()];
  const taken = new Set<string>();
  return groups.map((group) => {
    return { name: freeOf(nameOf(group, fleets), taken), batches: group };
  });
}

function compareLive(one: LiveBatch, other: LiveBatch): number {
  return (
    (one.executeAt ?? 0) - (other.executeAt ?? 0) ||
    compareText(one.template.name, other.template.name) ||
    compareIds(one.template.id, other.template.id) ||
    Number(one.isPaused) - Number(other.isPaused) ||
    compareText(JSON.stringify(one.targets), JSON.stringify(other.targets))
  );
}

/** The shortest first. */
function nameOf(group: readonly LiveBatch[], fleets: Aliases): string[] {
  const [{ template, targets, executeAt, ids }] = group as [LiveBatch];
  const of = slug(template.name).slice(0, 30).replace(/-+$/, '') || `template-${template.id}`;
  const where = group.length > 1 ? '' : `-${whereOf(targets, fleets)}`;
  const time = executeAt === null ? 'once' : rfc3339(executeAt).replace(/[-:Z]/g, '').replace('T', '-');
  const short = `${of}${where}`;
  return [short, `${short}-${time}`, `${of}-${time}-${ids[0]}`];
}

function whereOf(
  { fleets: [fleet], regions: [region], instances }: LiveBatch['targets'],
  fleets: Aliases,
): string {
  const parts = [
    ...(fleet === undefined ? [] : [fleets.get(fleet)!.slice(0, 17)]),
    ...(region === undefined ? [] : [`region-${region}`.slice(0, 17)]),
  ];
  if (parts.length > 0) return parts.join('-').slice(0, 17).replace(/-+$/, '');
  return instances.length === 1 ? 'server' : `${instances.length}-servers`;
}

/** Letters, digits and single hyphens, a letter or digit first and last; may be empty. */
function slug(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

interface Names {
  readonly fleets: Aliases;
  readonly regions: Aliases;
}

function blockLines({ name, batches }: Block, names: Names, { isAmbiguous }: ComposeInput): string[] {
  const [{ template, executeAt, isPaused, mayHaveParams }] = batches as [LiveBatch];
  const isUnion = batches.some(({ targets }) => partsOf(targets, names).length > 1);
  const isNamed = isPlainName(template.name) && !isAmbiguous(template.name);
  const targets = batches.map((batch) => ({
    text: `{ ${partsOf(batch.targets, names).join(', ')} }`,
    batch,
  }));
  return [
    ...remarksOn(batches).map((text) => `  # ${text}`),
    `  ${quote(name)}:`,
    isNamed
      ? `    template: ${quote(template.name)}`
      : `    template: ${template.id} # ${comment(template.name)}`,
    ...(targets.length === 1
      ? [`    target: ${targets[0]!.text}`]
      : ['    targets:', ...targets.map(({ text }) => `      - ${text}`)]),
    ...(isUnion ? ['    union: true'] : []),
    ...(mayHaveParams
      ? [
          '    # params: the API does not return them. If this was created with some, add nothing: a change runs it again.',
        ]
      : []),
    ...(executeAt === null ? [] : [`    executeAt: ${rfc3339(executeAt)}`]),
    ...(isPaused ? ['    paused: true'] : []),
  ];
}

function remarksOn(batches: readonly LiveBatch[]): string[] {
  return batches.flatMap(({ ids, gone, servers }) => [
    ...(ids.length > 1
      ? [
          `${ids.length} batches (${ids.join(', ')}) are exactly the same, and all bound here: they run it ${ids.length} times.`,
        ]
      : []),
    ...(gone > 0
      ? [`Batch ${ids.join(', ')}: ${gone} of its ${servers} game servers are no longer in the inventory.`]
      : []),
  ]);
}

function partsOf(
  { fleets: [fleet], regions: [region], instances }: LiveBatch['targets'],
  names: Names,
): string[] {
  return [
    ...(fleet === undefined ? [] : [`fleet: ${quote(names.fleets.get(fleet)!)}`]),
    ...(region === undefined ? [] : [`region: ${quote(names.regions.get(region)!)}`]),
    ...(instances.length === 0 ? [] : [`instances: [${instances.map(quote).join(', ')}]`]),
  ];
}

/** In a file that is a name and nothing else: no variable, nothing that the name of a template may not have there. */
function isPlainName(name: string): boolean {
  return (
    name !== '' &&
    name.trim() === name &&
    name.length <= 256 &&
    !name.includes('${') &&
    unsafeCharacter(name, 'template') === undefined
  );
}

function comment(text: string): string {
  return safeText(text, 100);
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return [];
  return [
    '',
    '# Left out. No plan touches them; to own one that no other state has, write its block and bind it:',
    '# fleetform import ADDRESS BATCHID',
    ...leftOut.map(({ id, reason }) => `# - batch ${id}: ${comment(reason)}`),
  ];
}
