/** `fleetform fmt [PATH…]`: desired-state files in their one layout. Nothing is asked of any API. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type Formatted, formatBytes, formatPaths } from '../../desired/format/paths.ts';
import { writeFile } from '../../files/write-file.ts';
import { unwritable } from '../../model/machine-error.ts';
import { safeText } from '../../model/safe-text.ts';
import { fileDiff, renderFileDiff } from '../../render/file-diff.ts';
import { type Session, usageError } from '../session.ts';
import { beforeAnything } from '../signals.ts';

export interface FmtFlags {
  /** Writes nothing; exit 1 if a file is not in its layout. */
  readonly check?: boolean;
  /** Shows what changes. */
  readonly diff?: boolean;
}

const STDIN = '-';

/**
 * `paths`: files and folders (of a folder, its desired-state files), together with those of -f; `-` alone is stdin,
 * formatted to stdout. Throws what `formatPaths` throws, `cli.usage`, `cli.unwritable`, or `files.foreign`. Of several
 * files none is written unless all can be.
 */
export async function fmt(session: Session, paths: readonly string[], flags: FmtFlags): Promise<number> {
  const given = [...(session.flags.file ?? []), ...paths];
  if (given.includes(STDIN)) return fmtStdin(session, given, flags);
  const { files, foreign } = await beforeAnything(() => formatPaths(session.cwd, given));
  for (const { name, reason } of foreign) {
    session.remark(`Skipped ${safeText(name)}: ${reason}. Name the file itself to format it.\n`);
  }
  const changed = files.filter(({ before, after }) => before !== after);
  if (flags.check !== true) await writeAll(changed);
  if (session.flags.json === true) {
    const diffs = Object.fromEntries(changed.map((file) => [file.name, fileDiff(file)]));
    session.printJson({
      changed: changed.map(({ name }) => name),
      checked: files.length,
      passedOver: foreign.map(({ name }) => name),
      ...(flags.diff === true ? { diffs } : {}),
    });
  } else {
    for (const file of changed) {
      if (session.flags.quiet !== true) session.print(`${safeText(file.name)}\n`);
      if (flags.diff === true) session.print(renderFileDiff(file, session.outColor));
    }
  }
  return flags.check === true && changed.length > 0 ? 1 : 0;
}

async function fmtStdin(session: Session, given: readonly string[], flags: FmtFlags): Promise<number> {
  if (given.length > 1)
    throw usageError(
      '- (stdin) cannot be combined with other files',
      'Nothing was written. Format the files in a command of their own.',
    );
  const text = await formatBytes(await buffer(session.world.stdin), 'stdin');
  const isChanged = text.before !== text.after;
  if (session.flags.json === true) {
    session.printJson({
      changed: isChanged ? [STDIN] : [],
      checked: 1,
      ...(flags.diff === true ? { diffs: isChanged ? { [STDIN]: fileDiff(text) } : {} } : {}),
      ...(flags.check === true ? {} : { formatted: text.after }),
    });
  } else if (flags.diff === true) session.print(renderFileDiff(text, session.outColor));
  else if (flags.check !== true) {
    // The content of a file, for whatever reads it: to the byte, in CI, too, where a log cannot be told from a file
    // (`--check` and `--diff` are what a log is for). Only a terminal is certainly read by a person.
    if (session.world.stdout.isTTY) session.print(text.after);
    else session.printExact(text.after);
  }
  return flags.check === true && isChanged ? 1 : 0;
}

async function writeAll(files: readonly Formatted[]): Promise<void> {
  for (const file of files) await attempt(file, () => access(file.path, constants.W_OK));
  // It follows links and keeps the mode of what is there.
  for (const file of files) await attempt(file, () => writeFile(file.path, file.after));
}

async function attempt(file: Formatted, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw unwritable(safeText(file.name, 200), error);
  }
}
