/** The grammar of the commands → the script of a shell. */
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import type { Grammar, Shell } from './grammar.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<Shell, (root: Grammar) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function scriptOf(shell: Shell, root: Grammar): string {
  return SCRIPTS[shell](root);
}
