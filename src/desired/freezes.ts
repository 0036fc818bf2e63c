/** The file's `freezes`: times in which nothing runs, and for what. Guards as in expand.ts. */
import type { DesiredFreeze } from '../model/desired.ts';
import { compareIds, compareText, type Id } from '../model/ids.ts';
import type { FreezeTime } from '../model/schedule.ts';
import type { Aliases } from './aliases.ts';
import { readTemplate } from './expand.ts';
import type { ParsedFile } from './parse.ts';
import { quoted } from './quote.ts';
import {
  entryOf,
  isMeant,
  type MapNode,
  type ScalarNode,
  type SourceFile,
  type SourceNode,
} from './source.ts';
import type { Scope } from './targets.ts';
import { MINUTE_TO_YEAR, TimeValues } from './time-values.ts';
import { type Path, place } from './words.ts';

const ONE_OFF = ['from', 'to'] as const;
const RECURRING = ['cron', 'duration', 'timezone'] as const;
const KEYS = ['name', ...ONE_OFF, ...RECURRING, 'fleets', 'regions', 'templates'];

/** By name: neither the order of files nor that in one changes what they mean. */
export function readFreezes(files: readonly ParsedFile[], scope: Scope): DesiredFreeze[] {
  const named = new Map<string, { readonly file: SourceFile; readonly name: ScalarNode }>();
  const freezes = files.flatMap(({ file, root }) => {
    const list = entryOf(root, 'freezes')?.value;
    if (list?.kind !== 'seq') return [];
    return list.items.flatMap((node, index) => {
      if (node.kind !== 'map') return [];
      refuseRepeated(file, entryOf(node, 'name')?.value, named, scope);
      return new Reading(node, file, ['freezes', index], scope).freeze() ?? [];
    });
  });
  return freezes.sort((a, b) => compareText(a.name, b.name));
}

function refuseRepeated(
  file: SourceFile,
  name: SourceNode | undefined,
  named: Map<string, { readonly file: SourceFile; readonly name: ScalarNode }>,
  { problems }: Scope,
): void {
  if (name?.kind !== 'scalar' || problems.isBlamed(name)) return;
  const before = named.get(name.text);
  if (before === undefined) named.set(name.text, { file, name });
  else {
    problems.error(file, name, {
      code: 'desired.duplicate',
      message: `freeze ${quoted(name.text)} is declared twice; first at ${before.file.place(before.name)}`,
      hint: 'Remove or rename one of them.',
    });
  }
}

class Reading {
  readonly #node: MapNode;
  readonly #file: SourceFile;
  readonly #path: Path;
  readonly #scope: Scope;
  readonly #values: TimeValues;

  constructor(node: MapNode, file: SourceFile, path: Path, scope: Scope) {
    this.#node = node;
    this.#file = file;
    this.#path = path;
    this.#scope = scope;
    this.#values = new TimeValues(file, scope.problems);
  }

  /** undefined: something in it is wrong, and told. */
  freeze(): DesiredFreeze | undefined {
    const name = this.#of('name');
    const time = this.#time();
    const fleets = this.#ids('fleets', this.#scope.fleets);
    const regions = this.#ids('regions', this.#scope.regions);
    const templates = this.#templates();
    const isWhole = fleets !== 'wrong' && regions !== 'wrong' && templates !== 'wrong';
    if (name?.kind !== 'scalar' || time === undefined || !isWhole) return undefined;
    return {
      name: name.text,
      ...time,
      ...(fleets === undefined ? {} : { fleets }),
      ...(regions === undefined ? {} : { regions }),
      ...(templates === undefined ? {} : { templates: templates.map(({ ref }) => ref) }),
      at: this.#file.at(this.#node),
      templatesAt: (templates ?? []).map(({ at }) => at),
    };
  }

  #of(key: string): SourceNode | undefined {
    return entryOf(this.#node, key)?.value;
  }

  #error(node: SourceNode, code: string, message: string, hint: string): void {
    this.#scope.problems.error(this.#file, node, { code, message, hint });
  }

  #time(): FreezeTime | undefined {
    const has = (key: string) => entryOf(this.#node, key) !== undefined;
    const [from, to] = ONE_OFF.map((key) => this.#values.time(this.#of(key), [...this.#path, key]));
    const cron = this.#values.cron(this.#of('cron'), [...this.#path, 'cron']);
    const duration = this.#values.duration(this.#of('duration'), [...this.#path, 'duration'], MINUTE_TO_YEAR);
    const timezone = this.#values.zone(this.#of('timezone'), [...this.#path, 'timezone']);
    const isRecurring = RECURRING.some(has);
    if (isRecurring && ONE_OFF.some(has)) this.#refuseBoth();
    else if (this.#isIncomplete(isRecurring ? RECURRING : ONE_OFF)) return undefined;
    else if (isRecurring) {
      if (cron === undefined || duration === undefined || timezone === undefined) return undefined;
      return { cron, timezone, duration };
    } else if (from !== undefined && to !== undefined) {
      if (from < to) return { from, to };
      this.#error(
        this.#of('to') ?? this.#node,
        'desired.time',
        `${place(this.#path)} has no time: "to" is not after "from"`,
        'A freeze begins at `from` and ends at `to`.',
      );
    }
    return undefined;
  }

  #refuseBoth(): void {
    const [first, second] = [ONE_OFF, RECURRING].map((keys) =>
      keys.flatMap((key) => entryOf(this.#node, key) ?? []).map(({ key }) => key),
    );
    const later = second?.[0];
    if (later === undefined) return;
    this.#error(
      later,
      'desired.conflict',
      `${place(this.#path)} has both "${first?.[0]?.text}" and "${later.text}"; expected from and to, or cron, duration and timezone`,
      'Write two freezes: one with `from` and `to`, one with `cron`, `duration` and `timezone`.',
    );
  }

  #isIncomplete(keys: readonly string[]): boolean {
    const missing = keys.filter((key) => entryOf(this.#node, key) === undefined);
    if (missing.length === 0) return false;
    if (missing.some((key) => isMeant(this.#node, key, KEYS))) return true;
    const words = missing.map((key) => `"${key}"`).join(' and no ');
    const expected =
      keys === RECURRING ? 'cron, duration and timezone' : 'from and to, or cron, duration and timezone';
    this.#error(
      entryOf(this.#node, 'name')?.value ?? this.#node,
      'desired.missing-key',
      `${place(this.#path)} has no ${words}; expected ${expected}`,
      `Add ${missing.map((key) => `\`${key}: …\``).join(' and ')}.`,
    );
    return true;
  }

  /** Sorted, each once. undefined: the freeze doesn't say. An empty list is an error of the schema. */
  #ids(key: 'fleets' | 'regions', aliases: Aliases): readonly Id[] | undefined | 'wrong' {
    const list = this.#of(key);
    if (list === undefined) return undefined;
    if (list.kind !== 'seq' || list.items.length === 0) return 'wrong';
    const ids = list.items.map((item) =>
      item.kind === 'scalar' && !this.#scope.problems.isBlamed(item)
        ? aliases.resolve(item, this.#file)
        : undefined,
    );
    const known = ids.filter((id) => id !== undefined);
    return known.length < ids.length ? 'wrong' : [...new Set(known)].sort(compareIds);
  }

  #templates() {
    const list = this.#of('templates');
    if (list === undefined) return undefined;
    if (list.kind !== 'seq' || list.items.length === 0) return 'wrong';
    const known = new Map(
      list.items.flatMap((item, index) => {
        const path = [...this.#path, 'templates', index];
        const ref = readTemplate(item, this.#file, path, this.#scope.problems);
        return ref === undefined ? [] : [[JSON.stringify(ref), { ref, at: this.#file.at(item) }] as const];
      }),
    );
    const read = list.items.every((item) => !this.#scope.problems.isBlamed(item));
    return read ? [...known].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one) : 'wrong';
  }
}
