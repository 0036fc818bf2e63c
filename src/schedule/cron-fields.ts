/**
 * The text of a cron expression → its fields in plain numbers, or which field is wrong and what it may be.
 *
 * croner knows what an expression means; this says what is wrong with one, in words, and lets through less: five
 * fields, no `W`, `?`, `+`, `/5` or `5/15`.
 */

import { safeText } from '../model/safe-text.ts';
import { didYouMean } from '../model/suggest.ts';

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** The first is `least`. */
  readonly names: readonly string[];
  readonly allowed: string;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly [Field, Field, Field, Field, Field] = [
  { name: 'minute', least: 0, most: 59, names: [], allowed: '0 to 59' },
  { name: 'hour', least: 0, most: 23, names: [], allowed: '0 to 23' },
  { name: 'day of month', least: 1, most: 31, names: [], allowed: '1 to 31, or L for the last day' },
  { name: 'month', least: 1, most: 12, names: MONTHS, allowed: '1 to 12, or JAN to DEC' },
  {
    name: 'day of week',
    least: 0,
    most: 7,
    names: WEEKDAYS,
    allowed: '0 to 7 (0 and 7 are Sunday) or SUN to SAT, FRI#2 for the second Friday, FRIL for the last',
  },
];

const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Longer than any that a person would write; work grows with it. */
const LONGEST = 256;

export type Fields = readonly [minute: string, hour: string, day: string, month: string, weekday: string];
export type FieldsProblem = { readonly problem: string; readonly hint: string };

const FIELDS_HINT =
  'Write five fields: minute, hour, day of month, month, day of week, such as "30 4 * * *" for 04:30 every day.';

/** The five fields without names and nicknames. The problem is the end of a sentence that begins with the text. */
export function parseFields(text: string): Fields | FieldsProblem {
  if (text.length > LONGEST) {
    return { problem: `has ${text.length} characters; ${LONGEST} are allowed`, hint: FIELDS_HINT };
  }
  const words = text.trim().split(/[ \t]+/);
  if (words[0]?.startsWith('@') === true) return ofNickname(text.trim());
  const [minute, hour, day, month, weekday] = words;
  if (words.length !== 5 || !minute || !hour || !day || !month || !weekday) return wrongCount(words);
  const read = [minute, hour, day, month, weekday].map((word, index) => readField(word, FIELDS[index]!));
  const wrong = read.find((one): one is FieldsProblem => typeof one !== 'string');
  return wrong ?? (read as unknown as Fields);
}

function ofNickname(text: string): Fields | FieldsProblem {
  const expression = NICKNAMES[text.toLowerCase()];
  if (expression !== undefined) return parseFields(expression);
  const known = Object.keys(NICKNAMES);
  const near = didYouMean(text, known);
  return {
    problem: `is no expression that is known${near}`,
    hint: `There are ${known.join(', ')}. ${FIELDS_HINT}`,
  };
}

function wrongCount(words: readonly string[]): FieldsProblem {
  const count = words.filter((word) => word !== '').length;
  const extra = count === 6 ? ' (seconds and years are not supported)' : '';
  return { problem: `has ${count} ${count === 1 ? 'field' : 'fields'}, not 5${extra}`, hint: FIELDS_HINT };
}

function readField(word: string, field: Field): string | FieldsProblem {
  const parts = word.split(',').map((part) => readPart(part, field));
  const wrong = parts.find((part): part is FieldsProblem => typeof part !== 'string');
  if (wrong === undefined) return parts.join(',');
  return { problem: `is wrong in the ${field.name}: ${wrong.problem}`, hint: wrong.hint };
}

/** One item of a list: `*`, `5`, `1-5`, each of them with or without a step, and what only days can be. */
function readPart(part: string, field: Field): string | FieldsProblem {
  const allowed = `The ${field.name} may be ${field.allowed}; *, ranges (a-b), steps (*/n, a-b/n) and lists (a,b).`;
  const problem = (text: string): FieldsProblem => ({ problem: text, hint: allowed });
  const shown = `"${safeText(part, 40)}"`;
  if (part === '') return problem('an item of the list is empty');
  if (field.name === 'day of month' && /^l$/i.test(part)) return 'L';

  const special = field.name === 'day of week' ? /^(\w+?)(l|#(\d+))$/i.exec(part) : null;
  if (special !== null) {
    const day = numberOf(special[1]!, field);
    if (day === null) return problem(`${shown} is no day`);
    if (special[3] !== undefined && !/^[1-5]$/.test(special[3])) {
      return problem(`${shown}: a month has that day one to five times`);
    }
    return `${day}${special[2]!.toUpperCase()}`;
  }

  const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
  if (match === null) return problem(`${shown} is not understood`);
  const [, first, last, step] = match;
  if (step !== undefined && first !== undefined && last === undefined) {
    const instead = `${first}-${field.name === 'day of week' ? 6 : field.most}/${step}`;
    return problem(`${shown} has a step without a range; write ${instead}`);
  }
  const size = field.name === 'day of week' ? 7 : field.most - field.least + 1;
  if (step !== undefined && (Number(step) < 1 || Number(step) > size)) {
    return problem(`the step of ${shown} is not 1 to ${size}`);
  }
  const suffix = step === undefined ? '' : `/${Number(step)}`;
  if (first === undefined) return Number(step) === 1 ? '*' : `*${suffix}`;
  const from = numberOf(first, field);
  if (from === null) return problem(`"${safeText(first, 40)}" is not allowed`);
  if (last === undefined) return `${from}`;
  const to = lastOf(last, field);
  if (to === null) return problem(`"${safeText(last, 40)}" is not allowed`);
  // Sunday is 7 at the end of a range, and 0 at its beginning.
  if (from > to && from === 7 && field.name === 'day of week') {
    return problem(`the range ${shown} goes backwards; write it as 0-${last}`);
  }
  if (from > to) {
    return problem(
      `the range ${shown} goes backwards; write it as two, such as ${around(first, last, field)}`,
    );
  }
  return `${from}-${to}${suffix}`;
}

function numberOf(word: string, field: Field): number | null {
  const named = field.names.indexOf(word.toUpperCase());
  if (named !== -1) return named + field.least;
  const value = /^\d{1,2}$/.test(word) ? Number(word) : -1;
  return value >= field.least && value <= field.most ? value : null;
}

/** A week that is written to its end ends with Sunday: SAT-SUN. */
function lastOf(word: string, field: Field): number | null {
  return field.name === 'day of week' && /^sun$/i.test(word) ? 7 : numberOf(word, field);
}

/** `22-2` → `22-23,0-2`. */
function around(first: string, last: string, field: Field): string {
  const most = field.name === 'day of week' ? 6 : field.most;
  const named = /^[a-z]/i.test(first) && field.names.length > 0;
  const word = (value: number): string => (named ? field.names[value - field.least]! : `${value}`);
  return `${first}-${word(most)},${word(field.least)}-${last}`;
}
