/**
 * The grammar as a script for fish: a `complete` for each command, flag and argument, with a condition on where the
 * cursor is. fish splits the line, knows `--flag=value`, and escapes what is inserted itself.
 */
import { everyCommand, type Flag, type Grammar, type Value } from './grammar.ts';

export function fishScript(root: Grammar): string {
  const commands = everyCommand(root);
  return [
    HEAD,
    grammarFunctions(commands),
    WALK,
    ADDRESSES,
    'complete -c fleetform -e',
    'complete -c fleetform -f',
    `complete -c fleetform -n _fleetform_ended -F`,
    ...commands.map(completions),
    '',
  ].join('\n');
}

const HEAD = `# Completion of fleetform for fish. For this shell alone:
#   fleetform completion fish | source
# For all to come: fleetform completion fish > ~/.config/fish/completions/fleetform.fish
`;

function completions({ path, flags, values, hasMany, commands }: Grammar): string {
  const where = (range: string) =>
    `complete -c fleetform -n ${quote(`_fleetform_at ${quote(path)}${range}`)}`;
  const last = values.length - 1;
  return [
    ...commands.map(
      ({ name, description }) => `${where(' 0 0')} -a ${quote(quote(name))}${about(description)}`,
    ),
    ...values.flatMap((value, index) => {
      const range = ` ${index} ${hasMany && index === last ? 9999 : index}`;
      const completed = completes(value);
      return completed === '' ? [] : [`${where(range)}${completed}`];
    }),
    ...flags.map((flag) => `${where('')}${spelled(flag)}${taken(flag)}${about(flag.description)}`),
  ].join('\n');
}

function spelled({ names }: Flag): string {
  return names
    .map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`))
    .join('');
}

function taken({ value }: Flag): string {
  if (value === null) return '';
  return (value.isOptional ? '' : ' -r') + (completes(value) || ' -f');
}

function completes(value: Value): string {
  if (value.kind === 'words') return ` -f -a ${quote(value.words.map(quote).join(' '))}`;
  if (value.kind === 'file') return ' -F';
  if (value.kind === 'folder') return " -f -a '(_fleetform_folders)'";
  return value.kind === 'address' ? " -f -a '(_fleetform_addresses)'" : '';
}

function about(description: string): string {
  return description === '' ? '' : ` -d ${quote(description)}`;
}

/** Which commands there are, and which flags take a value: what WALK must know to find its way. */
function grammarFunctions(commands: readonly Grammar[]): string {
  const paths = commands.map(({ path }) => path).filter((path) => path !== '');
  const flags = commands.map(({ path, flags: all }): [string, readonly Flag[]] => [path, all]);
  const named = (all: readonly Flag[], isOptional: boolean) =>
    all.flatMap(({ names, value }) => (value?.isOptional === isOptional ? names : []));
  const lists = [true, false].map((isOptional) => {
    const name = isOptional ? '_fleetform_may_take' : '_fleetform_takes';
    const branches = flags.flatMap(([path, all]) => {
      const names = named(all, isOptional);
      return names.length === 0
        ? []
        : [`        case ${quote(path)}`, `            contains -- $argv[2] ${names.join(' ')}`];
    });
    const otherwise = ["        case '*'", '            false'];
    return [`function ${name}`, '    switch "$argv[1]"', ...branches, ...otherwise, '    end', 'end'].join(
      '\n',
    );
  });
  const enters = `function _fleetform_enters\n    contains -- "$argv[1]" ${paths.map(quote).join(' ')}\nend`;
  return [enters, ...lists, ''].join('\n\n');
}

const WALK = `# Prints the command that the line is in, how many arguments it has, and what is next: more, value (of the flag
# before it, which need not have one) or ended (after --).
function _fleetform_walk
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l at ''
    set -l count 0
    set -l next more
    for word in $typed
        if test "$next" = needed
            set next more
            continue
        end
        if test "$next" = value
            set next more
            string match -q -- '-*' $word; or continue
        end
        test "$next" = ended; and continue
        switch $word
            case --
                set next ended
            case '--*=*'
            case '-?*'
                if _fleetform_takes "$at" $word
                    set next needed
                else if _fleetform_may_take "$at" $word
                    set next value
                end
            case '*'
                if test $count -eq 0; and _fleetform_enters (string trim -- "$at $word")
                    set at (string trim -- "$at $word")
                else
                    set count (math $count + 1)
                end
        end
    end
    printf '%s\\n' "$at" $count $next
end

# _fleetform_at COMMAND [FROM TO]: is the line in that command, and (with numbers) at one of these arguments?
function _fleetform_at
    set -l here (_fleetform_walk)
    test "$here[1]" = "$argv[1]"; and test "$here[3]" != ended; or return 1
    test (count $argv) -eq 1; and return 0
    test "$here[3]" = more; and test $here[2] -ge $argv[2]; and test $here[2] -le $argv[3]
end

function _fleetform_ended
    set -l here (_fleetform_walk)
    test "$here[3]" = ended
end
`;

const ADDRESSES = `function _fleetform_addresses
    set -l typed (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $typed[1])
    set -e typed[1]
    type -q -- $program; or set program fleetform
    $program __complete addresses -- $typed 2>/dev/null </dev/null
end

function _fleetform_folders
    set -l current (commandline -ct)
    __fish_complete_directories (string replace -r -- '^--[^=]*=' '' $current) ''
end
`;

/** For fish: only a backslash and the quote itself mean something between single quotes. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
