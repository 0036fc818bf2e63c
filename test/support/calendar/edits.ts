/** What is done to the file over the year: each edit at a moment, and most of them undone later. */
import type { Dice } from '../schedules/random.ts';
import { type Block, type CalendarFile, DAY, DEPLOY_LIKE, type FileFreeze, FLEETS, RESTART } from './file.ts';

export interface Edit {
  readonly at: number;
  readonly name: string;
  readonly change: (file: CalendarFile) => CalendarFile;
  /** It comes while a run of that family is under way, or right after it, and a pipeline with it. */
  readonly aim?: string;
  /** What one of its targets has of the spread by then; default: as in the first file. */
  readonly offset?: number;
  readonly isAimed?: boolean;
}

type Change = Edit['change'];

const NIGHTLY = { template: RESTART, cron: '30 4 * * *', horizon: 7 * DAY, deadline: 300 };
const ALWAYS = { from: null, until: null };

/** Nightly restarts in three zones, and two light schedules for a month over a change of clock. */
export function firstFile(start: number, end: number, dice: Dice): CalendarFile {
  const target = (alias: keyof typeof FLEETS, offset = 0) => ({ alias, fleet: FLEETS[alias], offset });
  const light = { template: DEPLOY_LIKE, horizon: 2 * DAY, deadline: 300 };
  const month = Math.min(30 * DAY, (end - start) / 2);
  const lateDay = new Date(start * 1000).getUTCFullYear();
  const spring = within(start, end, Date.UTC(lateDay, 2, 1 + dice.below(5)) / 1000, month);
  const autumn = within(start, end, Date.UTC(lateDay, 9, 10 + dice.below(5)) / 1000, month);
  return {
    blocks: [
      {
        ...{ ...NIGHTLY, ...ALWAYS, family: 'eu', name: 'nightly-eu', timezone: 'Europe/Amsterdam' },
        targets: [target('ams', 137), target('lab', 412)],
      },
      {
        ...{ ...NIGHTLY, ...ALWAYS, family: 'us', name: 'nightly-us', timezone: 'America/New_York' },
        targets: [target('nyc')],
      },
      {
        ...{ ...NIGHTLY, ...ALWAYS, family: 'lhi', name: 'nightly-lhi', timezone: 'Australia/Lord_Howe' },
        targets: [target('lhi')],
      },
      {
        ...{ ...light, family: 'hourly', name: 'hourly', cron: '0 * * * *' },
        targets: [target('logs')],
        ...{ timezone: 'Europe/Amsterdam', from: spring, until: spring + month / 2 },
      },
      {
        ...{ ...light, family: 'light', name: 'light', cron: '*/15 0-3 * * *' },
        targets: [target('quick')],
        ...{ timezone: 'America/New_York', from: autumn, until: autumn + month },
      },
    ],
    freezes: [
      {
        name: 'finals',
        fleets: [FLEETS.nyc],
        time: dated(start + (end - start) * 0.3 + dice.below(DAY), dice.between(2, 5) * DAY),
      },
      {
        name: 'first of the month',
        templates: [RESTART],
        time: { cron: '0 2 1 * *', timezone: 'Europe/Amsterdam', duration: 36 * 3600 },
      },
    ],
    moved: [],
  };
}

function within(start: number, end: number, at: number, length: number): number {
  const moment = at >= start && at + length <= end ? at : start + (end - start - length) / 2;
  return Math.floor(moment / 60) * 60;
}

function dated(from: number, length: number): { readonly from: number; readonly to: number } {
  const start = Math.floor(from / 60) * 60;
  return { from: start, to: start + length };
}

/** By their time. */
export function editsOf(start: number, end: number, dice: Dice): Edit[] {
  const edits: Edit[] = [];
  const day = (share: number) => start + Math.floor(share * (end - start)) + dice.below(DAY);
  const add = (at: number, name: string, change: Change, aim?: string, offset?: number) =>
    edits.push({ at, name, change, ...(aim && { aim }), ...(offset && { offset }) });
  /** At a share of the year, and for so many days. */
  const during = (share: number, days: number, name: string, change: Change, undo: Change) => {
    const from = day(share);
    add(from, name, change);
    add(from + days * DAY + dice.below(DAY), `${name}: undone`, undo);
  };
  const family = dice.pick(['eu', 'us', 'lhi']);

  const horizon = (days: number) => everyBlock((block) => nightly(block, { horizon: days * DAY }));
  add(day(0.08), 'horizon 14d', horizon(14));
  add(day(0.14), 'horizon 3d', horizon(3));
  add(day(0.2), 'horizon 7d', horizon(7));

  const deadline = (seconds: number) => everyBlock((block) => ({ ...block, deadline: seconds }));
  during(0.23, dice.between(10, 20), 'startingDeadline 2h', deadline(7200), deadline(300));
  during(0.7, dice.between(5, 20), 'startingDeadline 2h', deadline(7200), deadline(300));

  const from = day(0.33);
  const sudden: FileFreeze = {
    name: 'sudden',
    fleets: [FLEETS.ams, FLEETS.lhi],
    time: dated(from + 2 * DAY, 4 * DAY),
  };
  const frozen = (file: CalendarFile) => ({ ...file, freezes: [...file.freezes, sudden] });
  const thawed = (name: string) => (file: CalendarFile) => ({
    ...file,
    freezes: file.freezes.filter((freeze) => freeze.name !== name),
  });
  add(from, 'a freeze over what is made', frozen);
  add(from + dice.between(1, 6) * DAY, 'the freeze removed', thawed(sudden.name));
  const late = day(0.58);
  const now: FileFreeze = { name: 'at once', fleets: [FLEETS.ams, FLEETS.lab], time: dated(late, 3 * DAY) };
  add(
    late,
    'a freeze over what is under way',
    (file) => ({ ...file, freezes: [...file.freezes, now] }),
    'eu',
  );
  add(late + 5 * DAY, 'that freeze removed', thawed(now.name));
  const sundays: FileFreeze = {
    name: 'sundays',
    fleets: [FLEETS.nyc, FLEETS.lab, FLEETS.logs, FLEETS.quick],
    time: { cron: '30 2 * * 0', timezone: 'America/New_York', duration: 3 * 3600 },
  };
  const onSundays = (file: CalendarFile) => ({ ...file, freezes: [...file.freezes, sundays] });
  during(0.4, 45, 'no runs on Sunday mornings', onSundays, thawed('sundays'));
  during(0.78, 30, 'no runs on Sunday mornings', onSundays, thawed('sundays'));

  // Over the changes of clock, as a rule: to times that do not exist, or exist twice.
  for (const share of [0.17, 0.48, 0.8]) {
    const of = dice.pick(['eu', 'us', 'lhi']);
    const cron = of === 'lhi' ? '10 2 * * *' : '30 2 * * *';
    during(
      share,
      dice.between(8, 26),
      `${of} at ${cron}`,
      one(of, { cron }),
      one(of, { cron: NIGHTLY.cron }),
    );
  }

  const rename = (name: string, isMoved: boolean): Change => {
    return (file) => {
      const old = file.blocks.find((block) => block.family === family)!.name;
      const moved = isMoved && old !== name ? [{ from: old, to: name }] : [];
      return { ...one(family, { name })(file), moved };
    };
  };
  add(day(0.43), 'renamed, with moved', rename('restart', true));
  add(day(0.47), 'renamed, without', rename('restart-nightly', false));

  const spread = (offsets: readonly number[]): Change =>
    everyBlock((block) =>
      block.family === 'eu'
        ? { ...block, targets: block.targets.map((target, i) => ({ ...target, offset: offsets[i] ?? 77 })) }
        : block,
    );
  // Beyond the shorter horizon, what changes is not made again yet.
  add(day(0.155), 'another spread', spread([300, 200]), 'eu');
  add(day(0.52), 'another spread', spread([412, 30]), 'eu', 300);
  add(day(0.62), 'another spread', spread([599, 137]), 'eu', 412);

  add(
    day(0.56),
    'alias renamed',
    everyBlock((block) => aliased(block, FLEETS.ams, 'europe')),
  );
  const more: Change = everyBlock((block) =>
    block.family === 'us'
      ? { ...block, targets: [...block.targets, { alias: 'spare', fleet: FLEETS.logs, offset: 61 }] }
      : block,
  );
  const less: Change = everyBlock((block) =>
    block.family === 'us'
      ? { ...block, targets: block.targets.filter(({ alias }) => alias !== 'spare') }
      : block,
  );
  during(0.6, dice.between(9, 30), 'a target more', more, less);
  const template = (of: string) => one('lhi', { template: of });
  const other = day(0.66);
  add(other, 'another template', template(DEPLOY_LIKE), 'lhi');
  add(other + dice.between(3, 9) * DAY, 'another template: undone', template(RESTART), 'lhi');
  return edits.sort((a, b) => a.at - b.at);
}

function nightly(block: Block, fields: Partial<Block>): Block {
  return ['eu', 'us', 'lhi'].includes(block.family) ? { ...block, ...fields } : block;
}

function everyBlock(change: (block: Block) => Block): Change {
  return (file) => ({ ...file, blocks: file.blocks.map(change) });
}

export function one(family: string, fields: Partial<Block>): Change {
  return everyBlock((block) => (block.family === family ? { ...block, ...fields } : block));
}

function aliased(block: Block, fleet: string, alias: string): Block {
  return {
    ...block,
    targets: block.targets.map((target) => (target.fleet === fleet ? { ...target, alias } : target)),
  };
}
