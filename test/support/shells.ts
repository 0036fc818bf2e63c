/** What bash, zsh and fish complete: each asked by its own means, without a terminal and without anybody's settings. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, environment, folder } from './cli.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What stands for "the shell's own completion of files", or of folders. */
export const FILES = '<files>';
export const FOLDERS = '<folders>';

/** A home without settings, and a `fleetform` on the path. */
export function shellEnvironment(): Record<string, string> {
  const home = folder();
  const bin = join(home, 'bin');
  mkdirSync(bin);
  const program = join(bin, 'fleetform');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(program, 0o755);
  return environment({
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    HOME: home,
    ZDOTDIR: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    LANG: 'C.UTF-8',
  });
}

export interface Answer {
  readonly candidates: readonly string[];
  readonly stderr: string;
}

/** `line`: up to the cursor, without `fleetform `. A candidate may be the end of the word only, as bash has it. */
export async function complete(
  shell: Shell,
  script: string,
  line: string,
  cwd: string,
  env: Record<string, string>,
): Promise<Answer> {
  const { stdout, stderr, code } = await run(shell, [...ASK[shell], script, `fleetform ${line}`], cwd, env);
  if (code !== 0) throw new Error(`${shell} ended with ${code}: ${stderr}`);
  const typed = typedPart(line);
  const lines = stdout.split('\n').filter((text) => text !== '');
  // bash and zsh escape what they insert; zsh filters what it is offered.
  const words = lines.map((text) =>
    shell === 'fish' ? (text.split('\t')[0] ?? '') : text.replaceAll('\\', ''),
  );
  const isKind = (word: string) => word === FILES || word === FOLDERS;
  const matching = shell === 'zsh' ? words.filter((word) => isKind(word) || word.startsWith(typed)) : words;
  return { candidates: [...new Set(matching)].sort(), stderr };
}

/** Of `--target=ni` only what stands behind the `=`. */
function typedPart(line: string): string {
  const word = line.slice(line.lastIndexOf(' ') + 1);
  return word.startsWith('--') ? word.slice(word.indexOf('=') + 1) : word;
}

export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<{ stdout: string; stderr: string; code: number }> {
  return new Promise((done, fail) => {
    const child = execFile(command, [...args], { cwd, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT') fail(error);
      else done({ stdout, stderr, code: typeof error?.code === 'number' ? error.code : 0 });
    });
    child.stdin?.end();
  });
}

/** Arguments: the file with the script, then the line. */
const ASK: Readonly<Record<Shell, readonly string[]>> = {
  bash: [
    '--norc',
    '--noprofile',
    '-c',
    `
compopt() { case "$*" in *dirnames*) echo '${FOLDERS}' ;; *default*) echo '${FILES}' ;; esac; }
COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
source "$1"
COMP_LINE=$2 COMP_POINT=\${#2}
_fleetform
if ((\${#COMPREPLY[@]})); then printf '%s\\n' "\${COMPREPLY[@]}"; fi`,
    'bash',
  ],
  zsh: [
    '-f',
    '-c',
    `
compdef() { }
compset() { }
_message() { }
_files() { print '${FILES}' }
_path_files() { print '${FOLDERS}' }
_wanted() { print -rl -- "\${(@P)@[-1]}" }
_describe() { print -rl -- "\${(@)\${(@P)@[-1]}%%:*}" }
source "$1"
words=("\${(z)2}")
if [[ $2 == *' ' ]]; then words+=(''); fi
CURRENT=$#words PREFIX=\${words[-1]}
_fleetform`,
    'zsh',
  ],
  fish: ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]'],
};
