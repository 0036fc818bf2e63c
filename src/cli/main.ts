#!/usr/bin/env node
/**
 * The entry: as little as possible, so that what is known already (`--version`, help) costs no more than Node itself. Everything
 * else is loaded when it is needed. This is also the only place that ends the process.
 *
 * Invariant: nothing that is in another file of `dist/` is imported before `try`: it may be what cannot be opened.
 */
import { version } from '../version.ts';
import { enableCompileCache } from './compile-cache.ts';
import { nodeTooOld } from './node-version.ts';
import { surviveOutputErrors } from './output-errors.ts';
import { readyAnswer } from './ready-answers.ts';

surviveOutputErrors(process);
void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const unfit = nodeTooOld(process.versions.node);
  if (unfit !== undefined) {
    process.stderr.write(`error: ${unfit}\n`);
    process.exitCode = 1;
    return;
  }
  try {
    const answer = isVersion(args)
      ? `fleetform ${version}\n`
      : readyAnswer(args, import.meta.dirname, process.stdout.isTTY);
    if (answer !== undefined) process.stdout.write(answer);
    else {
      enableCompileCache(process.env);
      const { run } = await import('./program.ts');
      process.exitCode = await run(args);
    }
  } catch (error) {
    // No file that can be opened: the words for it may not be loadable either.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    process.stderr.write(`error: fleetform cannot run here: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function isVersion(args: readonly string[]): boolean {
  return args.length === 1 && (args[0] === '--version' || args[0] === '-V');
}
