/**
 * The programs that tests drive beside Node and git: which are here, and which tests want them. `tools.json` is the
 * one table, tool → any of its commands and its Debian packages; the runner and `.ci/run` read it, too.
 *
 * Invariant: a test that an absent tool keeps from running is told to the runner, by name. None passes unseen.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Test } from 'uvu';
import table from './tools.json' with { type: 'json' };

export type Tool = keyof typeof table;

/** The tool's program on the PATH; undefined: it is absent. */
export function pathOf(tool: Tool): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return table[tool].commands
    .flatMap((command) => folders.map((folder) => join(folder, command)))
    .find(isProgram);
}

/** A link to nowhere, a folder, and a file that may not be run are no programs. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The suite, for tests that drive all of these tools. Where one is absent: a stand-in whose tests and hooks don't run,
 * and are told to the runner instead. Of a whole file, `const it = needs(suite('…'), 'tmux')`; of some of its tests,
 * `const onTerminal = needs(it, 'tmux')`, which runs with `it`.
 */
export function needs(it: Test, ...tools: readonly Tool[]): Test {
  const absent = tools.filter((tool) => pathOf(tool) === undefined);
  return absent.length === 0 ? it : standIn(it, absent);
}

/** As `needs`, for tests that take the part of several users, which only root can. */
export function needsRoot(it: Test): Test {
  return process.getuid?.() === 0 ? it : standIn(it, ['root']);
}

function standIn(it: Test, absent: readonly string[]): Test {
  // The runner counts these lines, see `wantedIn` in .build/test.mjs.
  const tell = (test: string) => console.log(`\n${JSON.stringify({ wants: absent, test })}`);
  const noHook = Object.assign(() => {}, { each: () => {} });
  // One that was left in stays a failure, whatever is absent.
  const { skip, run } = it;
  return Object.assign(tell, { before: noHook, after: noHook, only: skip, skip, run });
}
