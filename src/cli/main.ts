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
  enableCompileCache(process.env);
  const { run } = await import('./program.ts');
  process.exitCode = await run(args);
}
