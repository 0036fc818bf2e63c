/**
 * Many half-typed lines asked of one shell at once. zsh answers with its own completion system, on a terminal of its
 * own (zpty); bash through its completion function, fish through `complete -C`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../../support/cli.ts';
import { run, type Shell } from '../../support/shells.ts';

export interface Offered {
  /** Whole words, in order. bash: only what stands behind the last character that breaks words. */
  readonly words: readonly string[];
  /** zsh: the line after Tab. */
  readonly inserted: string | undefined;
}

/** `lines`: whole, `|` is the cursor (else it is at the end). Throws when the shell says anything on stderr. */
export async function askAll(
  shell: Shell,
  script: string,
  lines: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Map<string, Offered>> {
  const args = shell === 'zsh' ? zshArguments(script, lines) : [...ASK[shell], script, ...lines];
  const { stdout, stderr, code } = await run(shell, args, cwd, { ...env });
  if (code !== 0 || stderr !== '') throw new Error(`${shell} ended with ${code}: ${stderr}`);
  const answers = stdout.split('\nline\n').slice(1);
  if (answers.length !== lines.length) throw new Error(`${shell}: ${lines.length} lines, but:\n${stdout}`);
  return new Map(lines.map((line, index) => [line, offered(answers[index]!)]));
}

function offered(answer: string): Offered {
  const starting = (mark: string) =>
    answer
      .split('\n')
      .filter((text) => text.startsWith(mark))
      .map((text) => text.slice(mark.length));
  const words = starting('word ').map((text) => text.replace(/\t.*/, ''));
  return { words: [...new Set(words)].sort(), inserted: starting('inserted ')[0] };
}

const ASK: Readonly<Record<'bash' | 'fish', readonly string[]>> = {
  // Stricter than any shell that people type into, so that the script suits them all.
  bash: [
    '--norc',
    '--noprofile',
    '-euc',
    `
compopt() { :; }
COMP_WORDBREAKS=\${BREAKS-$' \\t\\n"\\'@><=;|&(:'}
source "$1"
shift
for line; do
  before=\${line%%'|'*}
  COMP_LINE=\${line/'|'/} COMP_POINT=\${#before}
  _fleetform
  printf '\\nline\\n'
  if ((\${#COMPREPLY[@]})); then printf 'word %s\\n' "\${COMPREPLY[@]}"; fi
done`,
    'bash',
  ],
  fish: [
    '--no-config',
    '-c',
    `
source $argv[1]
for line in $argv[2..-1]
    printf '\\nline\\n'
    for word in (complete -C $line)
        printf 'word %s\\n' $word
    end
end`,
  ],
};

/** Runs in the terminal, before the first prompt is typed at. */
const ZSH_INSIDE = `
unsetopt beep
autoload -Uz compinit && compinit -D -u
source "$ASK_SCRIPT"
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a matching
  builtin compadd -O matching "$@"
  offered+=("$IPREFIX"\${^matching})
  builtin compadd "$@"
}
ask() {
  local line before
  local -aU offered
  for line in "\${(@f)$(<$ASK_LINES)}"; do
    before=\${line%%'|'*}
    BUFFER=\${line/'|'/} CURSOR=$#before offered=()
    zle complete-word
    print -r -u8 -- $'\\nline'
    print -rl -u8 -- 'word '\${^offered}
    print -r -u8 -- "inserted $BUFFER"
  done 8>$ASK_ANSWERS
  print ALL-ASKED
}
zle -N zle-line-init ask
`;

/** Starts the terminal and waits for the end; 30 s without a word is a failure. */
const ZSH_OUTSIDE = `
zmodload zsh/zpty zsh/zselect
zpty -b terminal zsh -d -i
screen='' idle=0
while ((idle < 600)) && [[ $screen != *ALL-ASKED* ]]; do
  if zpty -r terminal part; then
    screen+=$part idle=0
  elif ! zpty -t terminal; then
    break
  else
    zselect -t 5
    idle=$((idle + 1))
  fi
done
zpty -d terminal
if [[ $screen != *ALL-ASKED* ]]; then
  print -r -u2 -- "zsh never answered; its screen: $screen"
  exit 1
fi
print -r -- "$(<$ASK_ANSWERS)"
`;

function zshArguments(script: string, lines: readonly string[]): string[] {
  const place = folder({ '.zshrc': ZSH_INSIDE, lines: `${lines.join('\n')}\n` });
  const settings = {
    ZDOTDIR: place,
    ASK_SCRIPT: script,
    ASK_LINES: join(place, 'lines'),
    ASK_ANSWERS: join(place, 'answers'),
  };
  const outside = join(place, 'outside.zsh');
  const exports = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'`);
  writeFileSync(outside, `${exports.join('\n')}\n${ZSH_OUTSIDE}`);
  return ['-f', outside];
}
