/**
 * The merged file's blocks → what each asks for on each of its targets, with its address. Everything is
 * read with guards: what the schema has refused is passed over in silence, and everything else is checked anyway,
 * so that all errors come at once.
 */

import type { DesiredBlock, When } from '../model/desired.ts';
import { nearest } from '../model/suggest.ts';
import type { TemplateRef } from '../model/template-ref.ts';
import { parseDuration } from './duration.ts';
import type { Placed, Sections } from './merge.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import {
  type Entry,
  entryOf,
  type MapNode,
  type ScalarNode,
  type SourceFile,
  type SourceNode,
} from './source.ts';
import { type ReadTarget, readTarget, readTexts, type Scope, unionProblem } from './targets.ts';
import { inRange, parseTime } from './time.ts';
import { type Path, said, subject } from './words.ts';

/** Seconds; how late a missed batch may still be created if its block doesn't say. */
const STARTING_DEADLINE = 300;

export function expand(sections: Sections['batches'], scope: Scope): DesiredBlock[] {
  const expanded: DesiredBlock[] = [];
  const places = new Map<DesiredBlock, Placed>();
  for (const [name, placed] of sections) {
    for (const block of new Block(name, placed, scope).expanded()) {
      expanded.push(block);
      places.set(block, placed);
    }
  }
  refuseTwins(expanded, places, scope.problems);
  return expanded;
}

class Block {
  readonly #name: string;
  readonly #placed: Placed;
  readonly #scope: Scope;
  readonly #problems: Problems;

  constructor(name: string, placed: Placed, scope: Scope) {
    this.#name = name;
    this.#placed = placed;
    this.#scope = scope;
    this.#problems = scope.problems;
  }

  expanded(): DesiredBlock[] {
    const { file, value: block } = this.#placed;
    if (block.kind !== 'map') return [];
    const templateNode = entryOf(block, 'template')?.value;
    const template = readTemplate(templateNode, file, this.#path('template'), this.#problems);
    const when = this.#when(block);
    const paramsNode = entryOf(block, 'params')?.value ?? NO_ENTRIES;
    const params = readTexts(paramsNode, this.#problems);
    const targets = this.#targets(block);
    if (template === undefined || when === undefined || params === undefined) return [];
    const common = {
      block: this.#name,
      template,
      when,
      params: params.map(([name, value]) => ({ name, value })),
      startingDeadline: this.#startingDeadline(block),
      paused: readBoolean(entryOf(block, 'paused')),
      preventCancel: readBoolean(entryOf(entryOf(block, 'lifecycle')?.value, 'preventCancel')) ?? false,
      templateAt: file.at(templateNode ?? this.#placed.key),
      paramsAt: new Map(keysOf(paramsNode).map((key) => [key.text, file.at(key)])),
    };
    return targets.map(({ address, target, node }) => ({
      address,
      ...common,
      targets: target.targets,
      targetText: target.text,
      at: file.at(node),
    }));
  }

  #path(...rest: (string | number)[]): Path {
    return ['batches', this.#name, ...rest];
  }

  #error(node: SourceNode, code: string, message: string, hint?: string): void {
    this.#problems.error(this.#placed.file, node, { code, message, hint });
  }

  /** undefined: it can't be read. */
  #when(block: MapNode): When | undefined {
    const time = entryOf(block, 'executeAt');
    const revision = this.#revision(block);
    if (time === undefined) return { kind: 'once', revision };
    const executeAt = this.#executeAt(time);
    return executeAt === undefined ? undefined : { kind: 'at', executeAt };
  }

  /** undefined: it can't be read. */
  #executeAt({ value }: Entry): number | undefined {
    if (value.kind !== 'scalar' || this.#problems.isBlamed(value)) return undefined;
    const isInteger = typeof value.value === 'number';
    const isDecimal = /^-?[0-9]+$/.test(value.text);
    if (isInteger && !isDecimal) {
      this.#error(
        value,
        'desired.time',
        `${this.#executeAtIs(value)}; expected unix seconds in decimal digits`,
      );
      return undefined;
    }
    const parsed = typeof value.value === 'number' ? inRange(value.value) : parseTime(value.text);
    if ('seconds' in parsed) return parsed.seconds;
    const hint = parsed.problem.includes('offset')
      ? `Add an offset: Z for UTC, or one such as +01:00.`
      : isDecimal && !isInteger
        ? 'Write unix seconds without quotes.'
        : undefined;
    this.#error(
      value,
      'desired.time',
      `${this.#executeAtIs(value)}, which ${parsed.problem}; expected RFC 3339 with an offset such as 2026-12-01T03:00:00Z, or unix seconds as an integer`,
      hint,
    );
    return undefined;
  }

  #executeAtIs(value: ScalarNode): string {
    return `${subject(this.#path('executeAt'))} is ${said(value)}`;
  }

  #revision(block: MapNode): number | null {
    const revision = entryOf(block, 'revision');
    if (revision === undefined) return null;
    if (entryOf(block, 'executeAt') !== undefined) {
      this.#error(
        revision.key,
        'desired.conflict',
        `batch ${quoted(this.#name)} has both "revision" and "executeAt"; a revision is for a batch without a time`,
        'Remove one of them. A batch with a time runs again when its time changes.',
      );
    }
    return revision.value.kind === 'scalar' ? Number(revision.value.text) : null;
  }

  #startingDeadline(block: MapNode): number {
    const node = entryOf(block, 'startingDeadline')?.value;
    return (node?.kind === 'scalar' ? parseDuration(node.text) : undefined) ?? STARTING_DEADLINE;
  }

  #targets(block: MapNode): { address: string; target: ReadTarget; node: SourceNode }[] {
    const one = entryOf(block, 'target');
    const several = entryOf(block, 'targets');
    const union = entryOf(block, 'union');
    // One that cannot be read is told already.
    const isUnion = readBoolean(union) ?? union !== undefined;
    // A merge key would bring it, or its key is misspelt: that is told already.
    const isToldElse = block.entries.some(
      ({ key }) => key.text === '<<' || nearest(key.text, ['target', 'targets', 'template']) === 'target',
    );
    if (one === undefined && several === undefined && !isToldElse) this.#needsTarget();
    if (one !== undefined && several !== undefined) {
      const message = `batch ${quoted(this.#name)} has both "target" and "targets"; expected one of the two`;
      this.#error(
        several.key,
        'desired.conflict',
        message,
        'Move the single target into the list, or remove the list.',
      );
    }
    if (one !== undefined) {
      const target = this.#target(one.value, this.#path('target'), isUnion);
      return target === undefined ? [] : [{ address: this.#name, target, node: this.#placed.key }];
    }
    if (several?.value.kind !== 'seq') return [];
    const first = new Map<string, SourceNode>();
    return several.value.items.flatMap((node, index) => {
      const target = this.#target(node, this.#path('targets', index), isUnion);
      if (target === undefined) return [];
      const address = `${this.#name}[${target.word}]`;
      const before = first.get(address);
      if (before !== undefined) {
        const place = this.#placed.file.place(before);
        const message = `target ${quoted(target.text)} is listed twice in batch ${quoted(this.#name)}; first at ${place}`;
        this.#error(node, 'desired.duplicate', message, 'Remove one of them.');
        return [];
      }
      first.set(address, node);
      return [{ address, target, node }];
    });
  }

  #target(node: SourceNode, path: Path, isUnion: boolean): ReadTarget | undefined {
    if (node.kind !== 'map') return undefined;
    const problem = isUnion ? undefined : unionProblem(node, path);
    if (problem !== undefined) this.#problems.error(this.#placed.file, node, problem);
    return readTarget(node, this.#placed.file, path, this.#scope);
  }

  #needsTarget(): void {
    this.#problems.error(this.#placed.file, this.#placed.key, {
      code: 'desired.missing-key',
      message: `batch ${quoted(this.#name)} has no "target"; expected a target with one of fleet, region, instances and labels`,
      hint: 'Add `target: { fleet: … }`, or `targets` for one batch each.',
    });
  }
}

const NO_ENTRIES: MapNode = { kind: 'map', start: 0, end: 0, entries: [] };

/** A text is a name, an integer an id. undefined: it can't be read. */
export function readTemplate(
  node: SourceNode | undefined,
  file: SourceFile,
  path: Path,
  problems: Problems,
): TemplateRef | undefined {
  if (node?.kind !== 'scalar' || problems.isBlamed(node)) return undefined;
  if (typeof node.value === 'string') return { name: node.value };
  if (typeof node.value !== 'number') return undefined;
  if (/^[1-9][0-9]{0,18}$/.test(node.text)) return { id: node.text };
  const message = `${subject(path)} is ${said(node)}; expected a template's id of 1 to 19 decimal digits, or its name in quotes`;
  problems.error(file, node, { code: 'desired.invalid-value', message });
  return undefined;
}

function keysOf(node: SourceNode): ScalarNode[] {
  return node.kind === 'map' ? node.entries.map(({ key }) => key) : [];
}

function readBoolean(entry: Entry | undefined): boolean | undefined {
  const value = entry?.value.kind === 'scalar' ? entry.value.value : undefined;
  return typeof value === 'boolean' ? value : undefined;
}

/** Two batches that the API could not tell apart: nobody could ever say which of them a batch is. */
function refuseTwins(
  blocks: readonly DesiredBlock[],
  places: ReadonlyMap<DesiredBlock, Placed>,
  problems: Problems,
): void {
  const first = new Map<string, DesiredBlock>();
  for (const block of blocks) {
    const { template, when, targets, params } = block;
    const meaning = JSON.stringify([template, when.kind === 'once' ? null : when, targets, params]);
    const twin = first.get(meaning);
    const placed = places.get(block);
    if (twin === undefined) first.set(meaning, block);
    else if (placed !== undefined) {
      const { file, line, column } = twin.at.range;
      problems.error(placed.file, placed.key, {
        code: 'desired.twins',
        message: `batches ${quoted(block.address, 80)} and ${quoted(twin.address, 80)} (${file}:${line}:${column}) are the same: template, time, target and params`,
        hint:
          when.kind === 'once'
            ? 'Remove one of them; the API does not see `revision`. To run it again, give the remaining one a new `revision`.'
            : 'Remove one of them, or give them different times.',
      });
    }
  }
}
