/**
 * Desired-state files → `Desired`, the way in for everything else: find → read → parse → put variables in → validate →
 * merge → expand. Each step reports what is wrong and continues with the rest; after the last one, either nothing was
 * wrong, or all of it is thrown at once.
 */
import { basename, resolve } from 'node:path';
import type { Desired, DesiredSettings } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import { lazy } from '../model/lazy.ts';
import { Aliases } from './aliases.ts';
import { withoutAsides } from './asides.ts';
import { desiredDigest } from './digest.ts';
import { expand } from './expand.ts';
import { type FoundFiles, findFiles, SCHEMA_FILES } from './find.ts';
import { readFreezes } from './freezes.ts';
import { merge } from './merge.ts';
import { readMoved } from './moved.ts';
import { type ParsedFile, parse } from './parse.ts';
import { Problems } from './problems.ts';
import { shown } from './quote.ts';
import { type ReadFile, readSources } from './read.ts';
import { readSettings } from './settings.ts';
import type { Entry } from './source.ts';
import { validate } from './validate.ts';
import { silenceReferences, Variables } from './variables.ts';
import { checkVars } from './wrong-argument.ts';

const ABOUT_BATCHES: ReadonlySet<string> = new Set(['batches', 'moved', 'freezes']);

/** Where files are looked for, and what their variables are. */
export interface LoadOptions {
  /** Absolute, or relative to the process's folder; messages name files relative to it. */
  readonly cwd: string;
  /** The values of -f: files and folders. None: search. */
  readonly files?: readonly string[];
  /** Values of variables, which beat those of `env`. */
  readonly vars?: Readonly<Record<string, string>>;
  /** What messages call the flag that `vars` come from; none: they speak of `vars`. */
  readonly varsFlag?: string;
  /** FLEETFORM_VAR_* is read from it, and nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told how many characters there are, before anything is made of them. */
  readonly onRead?: (characters: number) => void;
}

/**
 * Throws a `FleetformError`: `desired.invalid` with everything that is wrong (a `DiagnosticsError`),
 * `desired.unreadable` (likewise), `desired.not-found`, `desired.ambiguous`.
 */
export async function loadDesired(options: LoadOptions): Promise<Desired> {
  return desiredFrom(await sourcesOf(options), options);
}

/** The same of what has been read, or was given; with nothing of it a file is looked at. */
export async function desiredFrom(sources: Sources, values: Values): Promise<Desired> {
  checkVars(values.vars ?? {});
  const { found, files, variables, problems } = await parseAll(sources, values);
  const { settings, sections, fleets, regions } = assemble(found, files, problems);
  const scope = { fleets, regions, problems };
  const blocks = expand(sections.batches, scope);
  const freezes = readFreezes(files, scope);
  const moved = readMoved(files, blocks, problems);
  problems.throwIfAny();
  for (const declared of [variables, fleets, regions]) declared.noteUnused();
  const digest = lazy(() => desiredDigest({ ...settings, moved, blocks, freezes }));
  return {
    ...settings,
    moved,
    blocks,
    freezes,
    // Only a plan asks for it, and all of cryptography is loaded for it.
    get digest() {
      return digest();
    },
    diagnostics: [...problems.notes, ...found.records.filter(isWorthTelling).map(passedOver)],
  };
}

/** The schema that `init` puts there is meant to be there. */
function isWorthTelling({ path, record }: FoundFiles['records'][number]): boolean {
  return record.kind !== 'schema' || !SCHEMA_FILES.includes(basename(path));
}

function passedOver({ path, record }: FoundFiles['records'][number]): Diagnostic {
  return {
    severity: 'note',
    code: 'desired.passed-over',
    message: `${shown(path, 200)} is ${record.what}, and is not read as a desired-state file`,
  };
}

/**
 * The same without the batches, for what is about the recorded state alone: neither a mistake in a batch nor a
 * variable that only batches need is in its way. Throws as `loadDesired` does.
 */
export async function loadSettings(options: LoadOptions): Promise<DesiredSettings> {
  const { found, files, problems } = await parseAll(await sourcesOf(options), options, ABOUT_BATCHES);
  const { settings } = assemble(found, files, problems);
  problems.throwIfAny();
  return settings;
}

/** What a desired state is read from. */
export interface Sources {
  readonly found: FoundFiles;
  readonly read: readonly ReadFile[];
}

/** Who gives the values of variables. */
export type Values = Partial<Pick<LoadOptions, 'vars' | 'env' | 'varsFlag'>>;

async function sourcesOf({ cwd: given, files = [], onRead }: LoadOptions): Promise<Sources> {
  const cwd = resolve(given);
  const found = await findFiles(cwd, files);
  const read = await readSources(found, cwd);
  onRead?.(read.reduce((sum, { file }) => sum + file.text.length, 0));
  return { found, read };
}

interface ParsedFiles {
  readonly found: FoundFiles;
  readonly files: readonly ParsedFile[];
  readonly variables: Variables;
  readonly problems: Problems;
}

/** `without`: keys of the top level that are read as if they held nothing. */
async function parseAll(
  { found, read }: Sources,
  { vars = {}, env = {}, varsFlag }: Values,
  without?: ReadonlySet<string>,
): Promise<ParsedFiles> {
  const problems = new Problems(read.map(({ file }) => file));
  const files: ParsedFile[] = [];
  for (const one of read) {
    const whole = await parse(one, problems);
    if (whole === undefined) continue;
    const parsed = { ...whole, root: withoutAsides(whole.root) };
    files.push(without === undefined ? parsed : emptied(parsed, without, problems));
  }
  if (files.length < read.length) {
    // What a file that can't be parsed declares is unknown, so nothing can be said about what refers to it.
    for (const file of files) {
      silenceReferences(file.root, problems);
      validate(file, problems);
    }
    throw problems.asError();
  }
  const variables = new Variables(
    files,
    { vars, env, varsFlag },
    problems,
    without === undefined ? 'all' : 'used',
  );
  for (const file of files) {
    variables.putInto(file);
    validate(file, problems);
  }
  return { found, files, variables, problems };
}

function assemble({ files: paths, root }: FoundFiles, files: readonly ParsedFile[], problems: Problems) {
  const sections = merge(files, problems);
  const fleets = new Aliases('fleet', sections.fleets, problems);
  const regions = new Aliases('region', sections.regions, problems);
  const settings: DesiredSettings = {
    ...readSettings(sections, problems),
    files: paths,
    root,
    aliases: { fleets: fleets.record(), regions: regions.record() },
  };
  return { settings, sections, fleets, regions };
}

/** Those keys of the top level hold nothing any more; that they are there still counts. */
function emptied({ file, root }: ParsedFile, keys: ReadonlySet<string>, problems: Problems): ParsedFile {
  const entries = root.entries.map(({ key, value }): Entry => {
    if (!keys.has(key.text) || value.kind === 'scalar') return { key, value };
    problems.drop(file, value);
    return { key, value: value.kind === 'map' ? { ...value, entries: [] } : { ...value, items: [] } };
  });
  return { file, root: { ...root, entries } };
}
