/**
 * The desired-state file as its author thinks of it, and what it asks for. The engine gets it expanded, as its own
 * reader would; the judge gets the wishes.
 */
import { createHash } from 'node:crypto';
import type { Desired, DesiredBlock } from '../../../src/model/desired.ts';
import { keyOf, type PostBody } from './account.ts';

export interface Target {
  readonly kind: 'fleet' | 'region' | 'servers';
  /** Of servers several. */
  readonly ids: readonly string[];
}

export interface Block {
  readonly name: string;
  /** `name`: as the file has it; null: the file names its id. */
  readonly template: { readonly id: string; readonly name: string | null };
  /** Several: one batch for each of them. */
  readonly targets: readonly Target[];
  /** null: once, as soon as it is applied. */
  readonly executeAt: number | null;
  readonly revision: number | null;
  readonly startingDeadline: number;
  readonly paused: boolean | undefined;
}

export interface File {
  readonly blocks: readonly Block[];
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Ids of templates. */
  readonly claims: readonly string[];
}

/** One run that the file asks for. */
export interface Wish {
  readonly address: string;
  /** `keyOf` of the POST that makes it. */
  readonly key: string;
  readonly block: Block;
  readonly target: Target;
  readonly executeAt: number | null;
}

export function wishesOf(file: File): Wish[] {
  return file.blocks.flatMap((block) =>
    block.targets.map((target) => ({
      address: addressOf(block, target),
      key: keyOf(bodyOf(block, target)),
      block,
      target,
      executeAt: block.executeAt,
    })),
  );
}

export function bodyOf({ template, executeAt }: Block, { kind, ids }: Target): PostBody {
  return {
    taskTemplateId: template.id,
    ...(kind === 'fleet' ? { fleetId: ids[0]! } : {}),
    ...(kind === 'region' ? { regionId: ids[0]! } : {}),
    ...(kind === 'servers' ? { applicationInstanceIds: ids } : {}),
    ...(executeAt === null ? {} : { executeAt }),
  };
}

function addressOf(block: Block, { kind, ids }: Target): string {
  return block.targets.length === 1 ? block.name : `${block.name}[${kind}:${ids.join('+')}]`;
}

const NOWHERE = {
  range: { file: 'fleetform.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 },
  snippet: '',
};

export function desiredOf(file: File): Desired {
  return {
    name: 'live',
    files: ['/fleetform.yaml'],
    root: '/',
    api: { kind: 'sandbox' },
    state: { backend: 'local' },
    timezone: undefined,
    moved: file.moved.map((move) => ({ ...move, ...NOWHERE })),
    claims: { templates: file.claims.map((id) => ({ id })) },
    limits: {},
    blocks: wishesOf(file).map(wishedBlock),
    freezes: [],
    aliases: { fleets: {}, regions: {} },
    digest: createHash('sha256').update(JSON.stringify(file)).digest('hex'),
    diagnostics: [],
  };
}

function wishedBlock({ address, block, target }: Wish): DesiredBlock {
  const { template, executeAt, revision, startingDeadline, paused } = block;
  const of = (kind: Target['kind']) => (target.kind === kind ? target.ids : []);
  return {
    address,
    block: block.name,
    template: template.name === null ? { id: template.id } : { name: template.name },
    targets: { fleets: of('fleet'), regions: of('region'), instances: of('servers'), labels: [] },
    targetText: `${target.kind} ${target.ids.join(', ')}`,
    when: executeAt === null ? { kind: 'once', revision } : { kind: 'at', executeAt },
    params: [],
    startingDeadline,
    paused,
    preventCancel: false,
    at: NOWHERE,
    templateAt: NOWHERE,
    paramsAt: new Map(),
  };
}

/** For the story. */
export function describeFile(file: File, time: (at: number) => string): string[] {
  const blocks = file.blocks.map(
    ({ name, template, targets, executeAt, revision, startingDeadline, paused }) => {
      const where = targets
        .map(({ kind, ids }) => `${kind} ${ids.map((id) => id.slice(-3)).join('+')}`)
        .join(' and ');
      const when = executeAt === null ? `once, revision ${revision}` : `at ${time(executeAt)} (${executeAt})`;
      const flags = `deadline ${startingDeadline} s${paused === undefined ? '' : `, paused ${paused}`}`;
      return `    ${name}: template ${template.name ?? template.id} on ${where}, ${when}, ${flags}`;
    },
  );
  return [
    ...blocks,
    ...file.moved.map(({ from, to }) => `    moved: ${from} → ${to}`),
    ...(file.claims.length === 0 ? [] : [`    claims: template ${file.claims.join(', ')}`]),
  ];
}
