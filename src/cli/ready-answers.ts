/**
 * The answers that are known when fleetform is built: the help of each command, and the completion scripts. The build
 * writes them into `dist/answers/`, from the very commands that are run (`command-line/answers.ts`).
 *
 * Invariant: what is not there, or cannot be read, is for the program to answer.
 */
import { readFileSync } from 'node:fs';

/** No flag, and no part of a path that leads elsewhere. */
const WORD = /^[a-z][a-z-]*$/;

/** undefined: there is none. On a terminal, help is as wide as that. */
export function readyAnswer(
  args: readonly string[],
  folder: string,
  isTerminal: boolean,
): string | undefined {
  const words = asked(args);
  if (words === undefined || (isTerminal && words.at(-1) === '--help')) return undefined;
  try {
    return readFileSync(`${folder}/answers/${words.join('.')}.txt`, 'utf8');
  } catch {
    return undefined;
  }
}

function asked(args: readonly string[]): readonly string[] | undefined {
  const isHelp = args.at(-1) === '--help' || args.at(-1) === '-h';
  const words = isHelp ? args.slice(0, -1) : args[0] === 'help' ? args.slice(1) : args;
  if (!words.every((word) => WORD.test(word))) return undefined;
  if (isHelp || args[0] === 'help') return [...words, '--help'];
  return words[0] === 'completion' && words.length === 2 ? words : undefined;
}
