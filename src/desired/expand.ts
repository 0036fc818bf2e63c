/**
 * The merged file's blocks → what each asks for on each of its targets, with its address. Everything is
 * read with guards: what the schema has refused is passed over in silence, and everything else is checked anyway,
 * so that all errors come at once.
 */

import type { DesiredBlock } from '../model/desired.ts';
import type { TemplateRef } from '../model/template-ref.ts';
import { parseDuration } from './duration.ts';
import type { Placed, Sections } from './merge.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import {
  type Entry,
  entryOf,
  isMeant,
  type MapNode,
  type ScalarNode,
  type SourceFile,
  type SourceNode,
} from './source.ts';
import { type ReadTarget, readTarget, readTexts, type Scope, unionProblem } from './targets.ts';
import { readTiming } from './timing.ts';
import { refuseTwins } from './twins.ts';
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
    const timing = readTiming(this.#name, block, file, this.#problems);
    const paramsNode = entryOf(block, 'params')?.value ?? NO_ENTRIES;
    const params = readTexts(paramsNode, this.#problems);
    const targets = this.#targets(block);
    if (template === undefined || timing === undefined || params === undefined) return [];
    const common = {
      block: this.#name,
      template,
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
      when: timing.of(target.targets),
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
    if (one === undefined && several === undefined && !isTargetMeant(block)) this.#needsTarget();
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

/** A merge key would bring it, or its key is misspelt: that is told already. */
function isTargetMeant(block: MapNode): boolean {
  const known = ['target', 'targets', 'template'];
  return isMeant(block, 'target', known) || isMeant(block, 'targets', known);
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
