/** What ran over the year against what had to: the wrongs, and the figures. */
import type { SandboxBatch, SandboxRecord } from '../../../src/sandbox/world.ts';
import { Expectations, firstAfter } from './expectation.ts';
import { DAY } from './file.ts';
import type { Clocks } from './moments.ts';
import type { Pipeline } from './pipelines.ts';
import { keyOf, type Occurrence, Wishes } from './wishes.ts';

export interface Wrong {
  readonly what: string;
  readonly text: string;
}

export interface Verdict {
  readonly figures: readonly (readonly [name: string, count: number])[];
  readonly cancels: ReadonlyMap<string, number>;
  readonly endings: ReadonlyMap<string, number>;
  readonly wrongs: readonly Wrong[];
}

export interface Year {
  readonly start: number;
  readonly end: number;
  readonly pipelines: readonly Pipeline[];
  readonly record: SandboxRecord;
  readonly clocks: Clocks;
}

/** One that an occurrence was made as. */
interface Made {
  readonly batch: SandboxBatch;
  readonly hasRun: boolean;
  readonly beginsAt: number;
}

export function judge(year: Year): Verdict {
  const wishes = new Wishes(year.clocks);
  const judgement = new Judgement(year, wishes);
  for (const batch of year.record.batches) judgement.take(batch);
  judgement.occurrences();
  judgement.missed();
  judgement.states();
  judgement.endings();
  return judgement.verdict();
}

class Judgement {
  readonly #year: Year;
  readonly #wishes: Wishes;
  readonly #made = new Map<string, Made[]>();
  readonly #cancels = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #wrongs: Wrong[] = [];
  /** By key: how often each occurrence was told as missed. */
  readonly #told = new Map<string, Pipeline[]>();

  constructor(year: Year, wishes: Wishes) {
    this.#year = year;
    this.#wishes = wishes;
    for (const pipeline of year.pipelines)
      for (const address of pipeline.missed) {
        const occurrence = this.#occurrenceOf(pipeline, address);
        if (occurrence === null) this.#wrong('missed, and never wanted', pipeline, address);
        else push(this.#told, keyOf(occurrence), pipeline);
      }
  }

  take(batch: SandboxBatch): void {
    const body = batch.request as { fleetId: string; taskTemplateId: string };
    const pipeline = this.#during(batch.createdAt);
    const run = batch.executeAt;
    const asked = { template: body.taskTemplateId, fleet: body.fleetId, run };
    const occurrence = pipeline && this.#wishes.madeFor(pipeline.file, asked);
    if (!pipeline || !occurrence) {
      this.#wrong('nobody asked for it', pipeline, `${JSON.stringify(body)} at ${iso(run)}`);
      return;
    }
    const wish = this.#wishes.of(pipeline.file, occurrence)!;
    const tasks = batch.taskIds.map((id) => this.#year.record.tasks[id]!);
    const hasRun = tasks.some(({ cancelledAt, startsAt }) => cancelledAt === null || cancelledAt > startsAt);
    const beginsAt = Math.max(run, batch.createdAt);
    const key = keyOf(occurrence);
    push(this.#made, key, { batch, hasRun, beginsAt });
    if (pipeline.end + wish.block.horizon + 60 < run) this.#wrong('made beyond the horizon', pipeline, key);
    if (batch.createdAt >= run + wish.block.deadline) this.#wrong('created too late', pipeline, key);
    if (hasRun) {
      const frozen = this.#wishes.freezeAt(pipeline.file, wish, beginsAt);
      if (frozen !== null) this.#wrong('runs in a freeze', pipeline, `${key}: ${frozen}`);
      const told = this.#told.get(key)?.[0];
      if (told?.ending === 'done') this.#wrong('missed, and has run', told, key);
    }
    const cancelled = tasks.find(({ cancelledAt }) => cancelledAt !== null)?.cancelledAt ?? null;
    if (cancelled !== null) this.#cancelled(batch, occurrence, cancelled, beginsAt);
  }

  /** Each cancel has its reason in the file. */
  #cancelled(batch: SandboxBatch, occurrence: Occurrence, at: number, beginsAt: number): void {
    const pipeline = this.#during(at);
    const key = keyOf(occurrence);
    if (pipeline === null) {
      this.#wrong('cancelled by nobody', null, key);
      return;
    }
    const wish = this.#wishes.of(pipeline.file, occurrence);
    const body = batch.request as { taskTemplateId: string };
    const freeze = wish && this.#wishes.freezeAt(pipeline.file, wish, wish.run);
    const reason =
      wish === null
        ? 'no longer named'
        : freeze !== null
          ? 'a freeze'
          : wish.run !== batch.executeAt
            ? 'another spread'
            : wish.block.template !== body.taskTemplateId
              ? 'another template'
              : null;
    if (reason === null) this.#wrong('cancelled, and wanted', pipeline, `${key}, batch ${batch.id}`);
    else if (wish !== null && pipeline.plannedAt >= beginsAt)
      this.#wrong('cancelled under way', pipeline, `${key}: ${reason}`);
    else add(this.#cancels, reason);
  }

  occurrences(): void {
    const expectations = new Expectations(this.#year.pipelines, this.#wishes);
    for (const occurrence of this.#all()) {
      const key = keyOf(occurrence);
      const { fate, freeze, isWanted, isLoose, missedBy } = expectations.of(occurrence);
      const ran = (this.#made.get(key) ?? []).filter(({ hasRun }) => hasRun);
      const told = this.#told.get(key) ?? [];
      if (isWanted) add(this.#counts, 'wanted');
      if (ran.length > 0) add(this.#counts, 'ran');
      if (told.length > 0) add(this.#counts, 'missed');
      if (isWanted && freeze !== null && ran.length === 0) add(this.#counts, 'skipped');
      if (isWanted && ran.length + told.length === 0 && freeze === null) add(this.#counts, 'neither');
      if (fate === 'may') add(this.#counts, 'may');
      const batches = ran.map(({ batch }) => `${batch.id} at ${iso(batch.executeAt)}`).join(' and ');
      if (ran.length > (isLoose ? 2 : 1)) this.#wrong('runs twice', null, `${key}: ${batches}`);
      if (fate === 'runs' && ran.length === 0) this.#wrong('never runs', null, key);
      if (fate === 'not' && ran.length > 0)
        this.#wrong(freeze === null ? 'runs, and is not wanted' : 'runs in a freeze', null, key);
      if (missedBy !== null && ran.length === 0 && !told.includes(missedBy))
        this.#wrong('missed, and not told', missedBy, key);
    }
  }

  /** Told once; again only by whom the memory of it was taken from. */
  missed(): void {
    for (const [key, pipelines] of this.#told) {
      const isForgotten = this.#year.pipelines.some(
        ({ start, memory }) =>
          memory !== 'kept' && start > pipelines[0]!.start && start <= pipelines.at(-1)!.start,
      );
      const done = pipelines.filter(({ ending }) => ending === 'done');
      if (done.length > 1 && !isForgotten) this.#wrong('told as missed twice', pipelines[1]!, key);
    }
  }

  /** Of what has ended long ago nothing is left. */
  states(): void {
    const { pipelines, record } = this.#year;
    const batches = record.batches;
    for (const pipeline of pipelines) {
      if (pipeline.ending !== 'done') continue;
      const { end, entries, bytes } = pipeline;
      const open = batches.filter(
        ({ createdAt, executeAt }) => createdAt <= end && executeAt > end - 3 * 3600,
      ).length;
      // What has ended goes with whatever is written next, and some pipelines write nothing.
      if (entries > open + 45)
        this.#wrong('the state grows', pipeline, `${entries} entries, ${open} are open`);
      if (bytes > 12_000 + 1200 * entries)
        this.#wrong('the state grows', pipeline, `${bytes} bytes for ${entries} entries`);
    }
  }

  /** What nothing troubles comes to its end; a reviewed plan holds as long as nothing of it has come due. */
  endings(): void {
    const { pipelines } = this.#year;
    // What a lost state, or an apply in the middle, leaves open is asked until a person answers.
    let isAsking = false;
    for (const [i, pipeline] of pipelines.entries()) {
      const wasCut = ['killed', 'partly', 'failed'].includes(pipelines[i - 1]?.ending ?? 'done');
      isAsking = pipeline.ending === 'asks' && (isAsking || wasCut || pipeline.memory !== 'kept');
      const { ending, trouble, errors, plannedAt, end } = pipeline;
      const isTroubled = trouble !== null || pipeline.memory !== 'kept';
      const told = [...errors, ...pipeline.differences].join('; ');
      if (ending === 'stale') {
        if (!this.#comesDue(pipeline, plannedAt, end) && pipelines[i - 1]?.ending === 'done')
          this.#wrong('stale without need', pipeline, told);
      } else if (ending !== 'done' && !isTroubled && !isAsking) this.#wrong('does not end', pipeline, told);
    }
  }

  #comesDue({ file }: Pipeline, from: number, to: number): boolean {
    return this.#wishes.all(file, from - 3 * 3600, to + 3600).length > 0;
  }

  verdict(): Verdict {
    const { start, end, pipelines, clocks, record } = this.#year;
    const days = new Set(pipelines.map((one) => Math.floor((one.start - start) / DAY)));
    const zones = ['Europe/Amsterdam', 'America/New_York', 'Australia/Lord_Howe'];
    const count = (name: string) => this.#counts.get(name) ?? 0;
    const wrong = (what: string) => this.#wrongs.filter((one) => one.what === what).length;
    const endings = new Map<string, number>();
    for (const { ending, isSaved, trouble } of pipelines)
      add(endings, `${isSaved ? 'reviewed, ' : ''}${ending}${trouble === null ? '' : ` (${trouble})`}`);
    return {
      endings,
      cancels: this.#cancels,
      wrongs: this.#wrongs,
      figures: [
        ['pipelines', pipelines.length],
        ['days without one', Math.round((end - start) / DAY) - days.size],
        ['changes of clock crossed', zones.reduce((sum, zone) => sum + clocks.changes(zone), 0)],
        ['batches made', record.batches.length],
        ['occurrences wanted', count('wanted')],
        ['  ran', count('ran')],
        ['  missed', count('missed')],
        ['  skipped in a freeze', count('skipped')],
        ['  not run, and an edit or a loss explains it', count('neither')],
        ['  either would be right', count('may')],
        ['most entries of the state', Math.max(...pipelines.map(({ entries }) => entries))],
        ['largest state, bytes', Math.max(...pipelines.map(({ bytes }) => bytes))],
        ['ran twice', wrong('runs twice')],
        ['ran in a freeze', wrong('runs in a freeze')],
        ['cancelled, and wanted', wrong('cancelled, and wanted')],
      ],
    };
  }

  /** Whatever any file of the year named. */
  #all(): Occurrence[] {
    const { start, end, pipelines } = this.#year;
    const found = new Map<string, Occurrence>();
    for (const file of new Set(pipelines.map((one) => one.file)))
      for (const one of this.#wishes.all(file, start, end + 15 * DAY)) found.set(keyOf(one), one);
    return [...found.values()].sort((a, b) => a.at - b.at);
  }

  /** By its address: `name[fleet:alias]@time`. */
  #occurrenceOf({ file }: Pipeline, address: string): Occurrence | null {
    const [, name, alias, time] = /^(.+)\[fleet:(.+)\]@(.+)$/.exec(address)!;
    const block = file.blocks.find((one) => one.name === name);
    const target = block?.targets.find((one) => one.alias === alias);
    if (!block || !target) return null;
    const found = { family: block.family, fleet: target.fleet, at: Date.parse(time!) / 1000 };
    return this.#wishes.of(file, found) === null ? null : found;
  }

  #during(at: number): Pipeline | null {
    const { pipelines } = this.#year;
    const pipeline = pipelines[firstAfter(pipelines, at + 1) - 1];
    return pipeline !== undefined && at <= pipeline.end ? pipeline : null;
  }

  #wrong(what: string, pipeline: Pipeline | null, text: string): void {
    this.#wrongs.push({ what, text: `${pipeline === null ? '' : `${iso(pipeline.start)} `}${text}` });
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function add(map: Map<string, number>, name: string): void {
  map.set(name, (map.get(name) ?? 0) + 1);
}

function iso(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 19);
}
