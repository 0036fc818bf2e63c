/**
 * Desired-state files → `Desired`, the way in for everything else:
 * find → read → parse → put variables in → validate → merge → expand. Each step tells what is wrong and goes on with
 * the rest; after the last one, either nothing was wrong, or all of it is thrown at once.
 */
import { resolve } from 'node:path';
import type { Desired } from '../model/desired.ts';
import { type Diagnostic, DiagnosticsError } from '../model/errors.ts';
import { Aliases } from './aliases.ts';
import { desiredDigest } from './digest.ts';
import { expand } from './expand.ts';
import { type FoundFiles, findFiles, reasonOf, unreadable } from './find.ts';
import { merge } from './merge.ts';
import { readMoved } from './moved.ts';
import { type ParsedFile, parse } from './parse.ts';
import { Problems } from './problems.ts';
import { type ReadFile, readSource } from './read.ts';
import { readSettings } from './settings.ts';
import { validate } from './validate.ts';
import { silenceReferences, Variables } from './variables.ts';

export interface LoadOptions {
  /** Absolute, or relative to the process's folder; messages name files relative to it. */
  readonly cwd: string;
  /** The values of -f: files and folders. None: search. */
  readonly files?: readonly string[];
  /** The values of --var. */
  readonly vars?: Readonly<Record<string, string>>;
  /** FLEETFORM_VAR_* is read from it, and nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Throws a `FleetformError`: `desired.invalid` with everything that is wrong (a `DiagnosticsError`),
 * `desired.unreadable` (likewise), `desired.not-found`, `desired.ambiguous`.
 */
export async function loadDesired(options: LoadOptions): Promise<Desired> {
  const cwd = resolve(options.cwd);
  const found = await findFiles(cwd, options.files ?? []);
  const read = readAll(found.files, cwd);
  const problems = new Problems(read.map(({ file }) => file));
  const files: ParsedFile[] = [];
  for (const one of read) {
    const parsed = await parse(one, problems);
    if (parsed !== undefined) files.push(parsed);
  }
  const variables =
    files.length === read.length
      ? new Variables(files, { vars: options.vars ?? {}, env: options.env }, problems)
      : undefined;
  for (const file of files) {
    if (variables === undefined) silenceReferences(file.root, problems);
    else variables.putInto(file);
    validate(file, problems);
  }
  // What a file that can't be parsed declares is unknown, so nothing can be said about what refers to it.
  if (variables === undefined) problems.throwIfAny();
  return assemble(found, files, variables, problems);
}

function assemble(
  found: FoundFiles,
  files: readonly ParsedFile[],
  variables: Variables | undefined,
  problems: Problems,
): Desired {
  const sections = merge(files, problems);
  const fleets = new Aliases('fleet', sections.fleets, problems);
  const regions = new Aliases('region', sections.regions, problems);
  const settings = readSettings(sections, problems);
  const batches = expand(sections.batches, { fleets, regions, problems });
  const moved = readMoved(files, batches, problems);
  problems.throwIfAny();
  for (const declared of [variables, fleets, regions]) declared?.noteUnused();
  return {
    ...settings,
    files: found.files,
    root: found.root,
    moved,
    batches,
    aliases: { fleets: fleets.record(), regions: regions.record() },
    digest: desiredDigest({ ...settings, moved, batches }),
    diagnostics: problems.notes,
  };
}

function readAll(paths: readonly string[], cwd: string): ReadFile[] {
  const read: ReadFile[] = [];
  const wrong: Diagnostic[] = [];
  for (const path of paths) {
    try {
      read.push(readSource(path, cwd));
    } catch (error) {
      wrong.push(unreadable(path, reasonOf(error)));
    }
  }
  if (wrong.length > 0) throw new DiagnosticsError('desired.unreadable', wrong);
  return read;
}
