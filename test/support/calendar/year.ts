/**
 * A year of pipelines over schedules and freezes: the file is edited, pipelines are killed, states are lost, and days
 * go by without any. All of it follows from one number.
 */
import type { State } from '../../../src/model/state.ts';
import { Scene } from '../scene.ts';
import { Dice } from '../schedules/random.ts';
import { type Edit, editsOf, firstFile } from './edits.ts';
import { type CalendarFile, DAY, WORLD } from './file.ts';
import { Clocks } from './moments.ts';
import { type Pipeline, runPipeline, TROUBLES } from './pipelines.ts';
import { judge, type Verdict } from './verdict.ts';

export interface YearOptions {
  readonly seed: number;
  /** Default: 365. */
  readonly days?: number;
  /** RFC 3339; default: the first of January of a year that the seed draws. */
  readonly from?: string;
  /** Called after each pipeline. */
  readonly tell?: (line: string) => void;
}

export async function runYear({ seed, days = 365, from, tell = () => {} }: YearOptions): Promise<Verdict> {
  const dice = new Dice(seed);
  const start = (from === undefined ? Date.UTC(2026 + dice.below(4), 0, 1) : Date.parse(from)) / 1000;
  const end = start + days * DAY;
  const clocks = new Clocks(start - 4 * DAY, end + 20 * DAY);
  const file = firstFile(start, end, dice);
  const edits = aimed(editsOf(start, end, dice), file, clocks, dice);
  const scene = new Scene({ sandbox: { world: WORLD, seed } });
  scene.now = start;
  const pipelines = await runAll(scene, { file, edits, times: timesOf(start, end, edits, dice), dice, tell });
  // What was made has time to end.
  scene.pass(20 * DAY);
  return judge({ start, end, pipelines, record: scene.record, clocks });
}

interface Course {
  readonly file: CalendarFile;
  readonly edits: readonly Edit[];
  readonly times: readonly number[];
  readonly dice: Dice;
  readonly tell: (line: string) => void;
}

async function runAll(scene: Scene, course: Course): Promise<Pipeline[]> {
  const { edits, times, dice, tell } = course;
  const pipelines: Pipeline[] = [];
  const lossAt = Math.floor(times.length * (0.5 + dice.unit() * 0.4));
  const restoreAt = Math.floor(times.length * (0.1 + dice.unit() * 0.3));
  let { file } = course;
  let edited = 0;
  let older: State | null = null;
  let newest: State | null = null;
  let question: 'older' | 'hidden' | null = null;
  for (const [n, time] of times.entries()) {
    if (time > scene.now) scene.pass(time - scene.now);
    for (; edited < edits.length && edits[edited]!.at <= scene.now; edited += 1) {
      file = edits[edited]!.change(file);
      tell(`${iso(edits[edited]!.at)} the file: ${edits[edited]!.name}`);
    }
    if (n === restoreAt - 4) older = structuredClone(scene.state);
    const isAnswered: boolean = question === 'older' || (question === 'hidden' && showsAllLive(scene));
    const memory: Pipeline['memory'] =
      n === lossAt ? 'lost' : n === restoreAt ? 'older' : isAnswered ? 'repaired' : 'kept';
    if (memory === 'older') newest = scene.state;
    if (memory === 'older' || memory === 'lost') scene.state = memory === 'lost' ? null : older;
    // Who has taken the wrong one takes the right one.
    if (isAnswered && question === 'older') scene.state = newest;
    const assumeMissing = isAnswered && question === 'hidden';
    const isPlain = edits.some(({ at, isAimed }) => isAimed === true && at === time);
    const trouble = memory === 'kept' && !isPlain && dice.chance(0.15) ? dice.pick(TROUBLES) : null;
    const review =
      trouble === null && memory === 'kept' && !isPlain && dice.chance(0.15)
        ? dice.between(600, 30_000)
        : null;
    const done = await runPipeline(scene, { file, trouble, memory, review, assumeMissing }, dice);
    pipelines.push(done);
    if (done.ending !== 'asks') question = null;
    else if (memory === 'older') question = memory;
    else question ??= 'hidden';
    tell(lineOf(done));
  }
  return pipelines;
}

/** The list shows the last 100: is nothing that is still to run hidden behind them? */
function showsAllLive({ record, now }: Scene): boolean {
  return record.batches
    .slice(0, -100)
    .every(
      ({ executeAt, taskIds }) =>
        executeAt < now - 3 * 3600 || taskIds.every((id) => record.tasks[id]!.cancelledAt !== null),
    );
}

/** Most days one, some two or three, some none; several outages; some just around a run; one after each aimed edit. */
function timesOf(start: number, end: number, edits: readonly Edit[], dice: Dice): number[] {
  const times = edits.flatMap(({ at, isAimed }) => (isAimed === true ? at : []));
  let outage = 0;
  for (let day = start; day < end; day += DAY) {
    if (outage === 0 && dice.chance(0.02)) outage = dice.between(2, 9);
    if (outage > 0) {
      outage -= 1;
      continue;
    }
    const count = dice.pick([0, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
    for (let i = 0; i < count; i += 1) times.push(day + dice.below(DAY));
    // Half past four somewhere, and a little before or after.
    if (dice.chance(0.1))
      times.push(day + dice.pick([2.5, 3.5, 8.5, 9.5, 17.5, 18]) * 3600 + dice.below(900));
  }
  return times.sort((a, b) => a - b);
}

/** Some edits come while a run is under way, or right after it. */
function aimed(edits: readonly Edit[], file: CalendarFile, clocks: Clocks, dice: Dice): Edit[] {
  return edits
    .map((edit) => {
      const block = file.blocks.find(({ family }) => family === edit.aim);
      if (block === undefined) return edit;
      const next = [...clocks.moments(block.cron, block.timezone)].find((at) => at >= edit.at);
      if (next === undefined) return edit;
      const offset = edit.offset ?? dice.pick(block.targets).offset;
      const at = next + offset + dice.pick([3, 6, 9, 20, 200]);
      return { ...edit, at, isAimed: true };
    })
    .sort((a, b) => a.at - b.at);
}

function lineOf(one: Pipeline): string {
  const words = [
    iso(one.start),
    one.isSaved ? `reviewed since ${iso(one.plannedAt)}` : '',
    one.trouble ?? '',
    one.memory === 'kept' ? '' : `state ${one.memory}`,
    one.ending,
    `${one.entries} entries`,
    one.missed.length > 0 ? `missed ${one.missed.length}` : '',
    ...one.errors,
    ...one.differences,
  ];
  return words.filter((word) => word !== '').join(', ');
}

function iso(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 19);
}
