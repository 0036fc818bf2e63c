/**
 * What the one layout says of places in the file: the order of keys, and which values are ids. A path is the keys
 * and indexes from the root; keys by their text.
 */
import { isAside } from '../asides.ts';
import type { Path } from '../words.ts';

/** Columns that a flow collection (`{ a: b }`) may reach to; beyond, it is written as a block. */
export const WIDEST = 100;
/** Spaces per level. */
export const STEP = 2;

/** All keys that a desired-state file may have, in order; those of asides are added by `keyRank`. */
export const SECTIONS: readonly string[] = [
  'version',
  'name',
  'api',
  'state',
  'timezone',
  'vars',
  'fleets',
  'regions',
  'claims',
  'limits',
  'moved',
  'freezes',
  'batches',
];
/** `x-…` stand before what may use their anchors; `$schema` is the first of all. */
const ASIDES_BEFORE = SECTIONS.indexOf('vars') - 0.5;
const BATCH = [
  'template',
  'target',
  'targets',
  'union',
  'params',
  'executeAt',
  'schedule',
  'spread',
  'startingDeadline',
  'revision',
  'paused',
  'lifecycle',
];

const SCHEDULE = ['cron', 'timezone', 'horizon', 'from', 'until', 'except'];
const FREEZE = ['name', 'from', 'to', 'cron', 'duration', 'timezone', 'fleets', 'regions', 'templates'];

/** The order of the keys of the mapping at that place; undefined: the author's. */
function keyOrder(path: Path): readonly string[] | undefined {
  const [section, , key] = path;
  if (path.length === 0) return SECTIONS;
  if (path.length === 2 && section === 'freezes') return FREEZE;
  if (section !== 'batches') return undefined;
  if (path.length === 2) return BATCH;
  return path.length === 3 && key === 'schedule' ? SCHEDULE : undefined;
}

export function hasKeyOrder(path: Path): boolean {
  return keyOrder(path) !== undefined;
}

/**
 * What the keys of the mapping at that place are sorted by: the known ones, then all others. undefined: as
 * hasKeyOrder.
 */
export function keyRank(path: Path): ((key: string) => number) | undefined {
  const order = keyOrder(path);
  if (order === undefined) return undefined;
  return (key) => {
    if (path.length === 0 && isAside(key)) return key.startsWith('x-') ? ASIDES_BEFORE : -1;
    const index = order.indexOf(key);
    return index === -1 ? order.length : index;
  };
}

const ID = /^[1-9][0-9]{0,18}$/;
/** Digits that a double may not hold. */
const LONG_ID = /^[1-9][0-9]{15,18}$/;

/**
 * Whether a bare integer at that place is an id, or read as its digits in any case, so that quotes change nothing.
 * (A template is not among them: there an integer is an id, and a string a name.)
 */
export function isQuotedId(path: Path, digits: string): boolean {
  if (isIdPlace(path)) return ID.test(digits);
  return isTextPlace(path) && LONG_ID.test(digits);
}

function isIdPlace(path: Path): boolean {
  const [section, , , ...rest] = path;
  if (section === 'fleets' || section === 'regions') return path.length === 2;
  if (section === 'freezes') return path.length === 4 && (path[2] === 'fleets' || path[2] === 'regions');
  const target = targetSteps(path, rest);
  if (target === undefined) return false;
  const [kind, index] = target;
  if (kind === 'instances') return target.length === 2 && typeof index === 'number';
  return target.length === 1 && (kind === 'fleet' || kind === 'region');
}

/** Values that are taken as the text that they are written with: variables, parameters, labels. */
function isTextPlace(path: Path): boolean {
  const [section, , part, ...rest] = path;
  if (section === 'vars') return path.length === 2;
  if (section === 'batches' && part === 'params') return path.length === 4;
  const target = targetSteps(path, rest);
  return target?.[0] === 'labels' && target.length === 2;
}

/** The steps below `target` or one of `targets` of a batch. */
function targetSteps(path: Path, rest: Path): Path | undefined {
  if (path[0] !== 'batches') return undefined;
  if (path[2] === 'target') return rest;
  return path[2] === 'targets' && typeof rest[0] === 'number' ? rest.slice(1) : undefined;
}
