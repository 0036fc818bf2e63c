/**
 * When a block runs: its `executeAt`, `schedule`, `revision` and `spread` → `When`, for each of its targets. Guards as
 * in expand.ts.
 */
import type { Targets, When } from '../model/desired.ts';
import { compareText } from '../model/ids.ts';
import { LATEST } from '../model/latest-time.ts';
import type { Schedule } from '../model/schedule.ts';
import { namesAnything } from '../schedule/names-anything.ts';
import { spreadOffsets } from '../schedule/spread.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import { type Entry, entryOf, isMeant, type MapNode, type SourceFile, type SourceNode } from './source.ts';
import { type DurationBounds, MINUTE_TO_YEAR, TimeValues } from './time-values.ts';
import type { Path } from './words.ts';

const SPREAD: DurationBounds = { least: 1, most: 86_399, words: 'from 1s to less than 1d' };

/** The keys that say when; no two of them go together. */
const TIMES = ['executeAt', 'schedule', 'revision'] as const;
const KEYS = ['target', 'targets', 'template', 'spread', ...TIMES];

export interface Timing {
  of(targets: Targets): When;
}

/** undefined: it can't be read, which is told. */
export function readTiming(
  name: string,
  block: MapNode,
  file: SourceFile,
  problems: Problems,
): Timing | undefined {
  return new Reading(name, block, file, problems).timing();
}

class Reading {
  readonly #name: string;
  readonly #block: MapNode;
  readonly #file: SourceFile;
  readonly #problems: Problems;
  readonly #values: TimeValues;

  constructor(name: string, block: MapNode, file: SourceFile, problems: Problems) {
    this.#name = name;
    this.#block = block;
    this.#file = file;
    this.#problems = problems;
    this.#values = new TimeValues(file, problems);
  }

  timing(): Timing | undefined {
    this.#refuseConflicts();
    const executeAt = entryOf(this.#block, 'executeAt');
    const schedule = entryOf(this.#block, 'schedule');
    const spread = this.#spread(executeAt ?? schedule);
    const at = this.#values.time(executeAt?.value, this.#path('executeAt'));
    const read = this.#schedule(schedule?.value);
    if (spread === undefined) return undefined;
    const offsetOf = (targets: Targets) =>
      spread === 0 ? 0 : (spreadOffsets([JSON.stringify(targets)], spread)[0] ?? 0);
    if (executeAt !== undefined) {
      if (at === undefined || this.#isTooLate(at + Math.max(0, spread - 1))) return undefined;
      return { of: (targets) => ({ kind: 'at', executeAt: at + offsetOf(targets) }) };
    }
    if (schedule !== undefined) {
      if (read === undefined) return undefined;
      return { of: (targets) => ({ kind: 'schedule', schedule: read, offset: offsetOf(targets) }) };
    }
    const revision = entryOf(this.#block, 'revision')?.value;
    const once: When = { kind: 'once', revision: revision?.kind === 'scalar' ? Number(revision.text) : null };
    return { of: () => once };
  }

  #path(...rest: (string | number)[]): Path {
    return ['batches', this.#name, ...rest];
  }

  #error(node: SourceNode, code: string, message: string, hint?: string): void {
    this.#problems.error(this.#file, node, { code, message, hint });
  }

  #refuseConflicts(): void {
    const times = TIMES.map((key) => entryOf(this.#block, key)).filter((entry) => entry !== undefined);
    const [first, ...others] = times;
    if (first === undefined) return;
    for (const { key } of others) {
      const both = `batch ${quoted(this.#name)} has both "${key.text}" and "${first.key.text}"`;
      const isRevision = key.text === 'revision';
      this.#error(
        key,
        'desired.conflict',
        isRevision
          ? `${both}; a revision is for a batch without a time`
          : `${both}; expected one of the two, or neither`,
        isRevision
          ? `Remove one of them. A batch with a ${first.key.text === 'schedule' ? 'schedule runs at each of its occurrences' : 'time runs again when its time changes'}.`
          : 'Remove one of them: a batch runs at one time, or again and again.',
      );
    }
  }

  /** 0: there is none. undefined: it can't be read, or has nothing to spread. */
  #spread(time: Entry | undefined): number | undefined {
    const spread = entryOf(this.#block, 'spread');
    if (spread === undefined) return 0;
    const seconds = this.#values.duration(spread.value, this.#path('spread'), SPREAD);
    const hasTargets = isMeant(this.#block, 'targets', KEYS);
    const hasTime = TIMES.some((key) => key !== 'revision' && isMeant(this.#block, key, KEYS));
    if (hasTargets && hasTime) return time === undefined ? undefined : seconds;
    const missing = [hasTargets ? [] : '"targets"', hasTime ? [] : '"executeAt" or "schedule"'].flat();
    this.#error(
      spread.key,
      'desired.conflict',
      `batch ${quoted(this.#name)} has a "spread" but no ${missing.join(' and no ')}; it moves the time of each of several targets`,
      'Remove it, or give the batch what it needs.',
    );
    return undefined;
  }

  #isTooLate(last: number): boolean {
    if (last <= LATEST) return false;
    const spread = entryOf(this.#block, 'spread');
    this.#error(
      spread?.value ?? this.#block,
      'desired.time',
      `"spread" of batch ${quoted(this.#name)} goes beyond 2038-01-19T03:14:07Z, the latest time that the API accepts`,
    );
    return true;
  }

  #schedule(node: SourceNode | undefined): Schedule | undefined {
    if (node?.kind !== 'map') return undefined;
    const path = (key: string) => this.#path('schedule', key);
    const of = (key: string) => entryOf(node, key)?.value;
    const cron = this.#values.cron(of('cron'), path('cron'));
    const timezone = this.#values.zone(of('timezone'), path('timezone'));
    const horizon = this.#values.duration(of('horizon'), path('horizon'), MINUTE_TO_YEAR);
    const [from, until] = [this.#limit(node, 'from'), this.#limit(node, 'until')];
    const except = this.#except(of('except'));
    if (from != null && until != null && from >= until)
      this.#nothingLeft(node, '"until" is not after "from"');
    else if (
      cron !== undefined &&
      timezone !== undefined &&
      horizon !== undefined &&
      from !== undefined &&
      until !== undefined &&
      except !== undefined
    ) {
      const schedule = { cron, timezone, horizon, from, until, except };
      if (namesAnything(schedule)) return schedule;
      this.#nothingLeft(node, `${quoted(cron)} names nothing ${between(schedule)}`);
    }
    return undefined;
  }

  /** null: there is none. undefined: it can't be read. */
  #limit(node: MapNode, key: 'from' | 'until'): number | null | undefined {
    const entry = entryOf(node, key);
    return entry === undefined ? null : this.#values.time(entry.value, this.#path('schedule', key));
  }

  /** Sorted, each once. */
  #except(node: SourceNode | undefined): Schedule['except'] | undefined {
    if (node === undefined) return [];
    if (node.kind !== 'seq') return undefined;
    const read = node.items.map((item, index) =>
      this.#values.dayOrTime(item, this.#path('schedule', 'except', index)),
    );
    if (read.includes(undefined)) return undefined;
    const days = new Set(read.filter((one) => typeof one === 'string'));
    const moments = new Set(read.filter((one) => typeof one === 'number'));
    return [...[...days].sort(compareText), ...[...moments].sort((a, b) => a - b)];
  }

  #nothingLeft(node: MapNode, why: string): void {
    const limit = entryOf(node, 'until') ?? entryOf(node, 'from') ?? entryOf(node, 'except');
    this.#error(
      limit?.value ?? node,
      'desired.time',
      `the schedule of batch ${quoted(this.#name)} has no occurrence: ${why}`,
      'Change its limits, or remove the batch.',
    );
  }
}

function between({ until, except }: Schedule): string {
  const limits = until === null ? 'after "from"' : 'between "from" and "until"';
  return `${limits}${except.length === 0 ? '' : ' that "except" leaves'}`;
}
