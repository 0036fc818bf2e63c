#!/usr/bin/env node
import { version } from '../version.ts';
/**
 * The entry: as little as possible, so that `--version` costs no more than Node itself. Everything else is loaded
 * when it is needed. This is also the only place that ends the process.
 */
import { enableCompileCache } from './compile-cache.ts';
import { surviveOutputErrors } from './output-errors.ts';

const args = process.argv.slice(2);
surviveOutputErrors(process);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`fleetform ${version}\n`);
} else {
  try {
    enableCompileCache(process.env);
    const { run } = await import('./program.ts');
    process.exitCode = await run(args);
  } catch (error) {
    // No folder to stand in, no file that can be opened: the words for it may not be loadable either.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    process.stderr.write(`error: fleetform cannot run here: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
