/** `fleetform init`: a first desired-state file that plans and applies at once, against the embedded sandbox. */
import { basename, join, relative } from 'node:path';
import firstFile from '../../../examples/first/fleetform.yaml';
import { createFile } from '../../files/write-file.ts';
import { FleetformError } from '../../model/errors.ts';
import type { Session } from '../session.ts';

export interface InitFlags {
  readonly name?: string;
}

export async function init(session: Session, flags: InitFlags): Promise<number> {
  const name = flags.name ?? nameFrom(session.cwd);
  const path = join(session.cwd, 'fleetform.yaml');
  const text = firstFile.replace(/^name: .*$/m, `name: ${name}`);
  try {
    await createFile(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new FleetformError('init.unwritable', `${path} cannot be written (${code})`);
    throw new FleetformError('init.exists', `${relative(session.world.cwd, path) || path} exists already`, {
      hint: 'Nothing was changed. `fleetform validate` checks it.',
    });
  }
  if (session.flags.json === true) session.printJson({ file: path, name });
  else if (session.flags.quiet !== true) {
    session.print(
      `Wrote fleetform.yaml, against the embedded sandbox. Next:\n  fleetform plan\n  fleetform apply\n`,
    );
  }
  return 0;
}

/** The folder's name, as far as the grammar of names allows. */
function nameFrom(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return name.replace(/-+$/, '') || 'live-ops';
}
