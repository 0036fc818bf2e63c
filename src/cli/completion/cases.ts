/**
 * The grammar as functions that bash and zsh read alike: one `case` for each question that a half-typed line asks.
 * They hand their answers to the caller's variables: `kind`, `optional` and `choices` (an array).
 */
import { everyCommand, type Flag, type Grammar, type Value } from './grammar.ts';

/** How a list of commands or flags gets into `choices`: with descriptions (zsh), or without (bash). */
export type Entry = (name: string, description: string) => string;

/**
 * - `_fleetform_enters PATH`: succeeds when there is such a command.
 * - `_fleetform_value FLAG`: what the value of that flag of the command `$at` is; kind is empty if it takes none.
 * - `_fleetform_argument`: what argument number `$count` of `$at` is, or which commands can stand there.
 * - `_fleetform_flags`: the flags of `$at`.
 */
export function grammarCases(root: Grammar, entry: Entry): string {
  const commands = everyCommand(root);
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => path);
  return [
    lines('_fleetform_enters() {', inside(cases('$1', [[paths, 'return 0']])), '  return 1', '}'),
    question('_fleetform_value', commands, ({ flags }) => flagValues(flags)),
    question('_fleetform_argument', commands, (command) => argumentValues(command, entry)),
    question('_fleetform_flags', commands, ({ flags }) => {
      const all = flags.flatMap(({ names, description }) => names.map((name) => entry(name, description)));
      return `kind=flags choices=(${all.map(quote).join(' ')})`;
    }),
  ].join('\n\n');
}

/** For both shells: bare where that is plainly safe. */
export function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function question(name: string, commands: readonly Grammar[], answer: (command: Grammar) => string): string {
  const answers = commands.map((command): [string[], string] => [[command.path], answer(command)]);
  return lines(`${name}() {`, "  kind='' optional='' choices=()", inside(cases('$at', answers)), '}');
}

function flagValues(flags: readonly Flag[]): string {
  const answers = flags.flatMap(({ names, value }): [string[], string][] =>
    value === null ? [] : [[[...names], answerOf(value) + (value.isOptional ? ' optional=1' : '')]],
  );
  return answers.length === 0 ? '' : cases('$1', answers);
}

function argumentValues({ commands, values, hasMany }: Grammar, entry: Entry): string {
  if (commands.length > 0) {
    const names = commands.map(({ name, description }) => quote(entry(name, description)));
    return lines('if ((count == 0)); then', `  kind=commands choices=(${names.join(' ')})`, 'fi');
  }
  const last = values.length - 1;
  const tests = values.map((value, index) => {
    const isIt = hasMany && index === last ? `count >= ${index}` : `count == ${index}`;
    return lines(`if ((${isIt})); then`, `  ${answerOf(value)}`, 'fi');
  });
  return tests.join('\n');
}

function answerOf(value: Value): string {
  return value.kind === 'words'
    ? `kind=words choices=(${value.words.map(quote).join(' ')})`
    : `kind=${value.kind}`;
}

/** Equal answers share a branch; empty ones need none. */
function cases(subject: string, answers: readonly (readonly [readonly string[], string])[]): string {
  const merged = new Map<string, string[]>();
  for (const [patterns, answer] of answers) {
    if (answer !== '') merged.set(answer, [...(merged.get(answer) ?? []), ...patterns.map(pattern)]);
  }
  const branches = [...merged].map(([answer, patterns]) =>
    answer.includes('\n')
      ? lines(`  ${patterns.join(' | ')})`, inside(inside(answer)), '    ;;')
      : `  ${patterns.join(' | ')}) ${answer} ;;`,
  );
  return lines(`case ${subject} in`, ...branches, 'esac');
}

function pattern(text: string): string {
  return text === '' ? "''" : quote(text);
}

function inside(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function lines(...all: string[]): string {
  return all.join('\n');
}
