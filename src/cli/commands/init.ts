/**
 * `fleetform init`: a first desired-state file that plans and applies at once, against the embedded sandbox. And its
 * schema beside it: the one path that holds on every machine that has the repository, however fleetform is installed
 * there, and without a network.
 *
 * Invariant: nothing is written that `validate` would refuse, and the name is never more than a name.
 */
import { join, relative } from 'node:path';
import firstFile from '../../../examples/first/fleetform.yaml';
import desiredState from '../../../schemas/desired-state.schema.json' with { type: 'json' };
import { SCHEMA_FILE } from '../../desired/find.ts';
import { placeFile } from '../../files/write-file.ts';
import { FleetformError } from '../../model/errors.ts';
import { unwritable } from '../../model/machine-error.ts';
import { safeJson } from '../../model/safe-text.ts';
import { checkedName, nameFrom } from '../new-name.ts';
import { refuseTwoNames } from '../new-place.ts';
import { type Session, usageError } from '../session.ts';

export interface InitFlags {
  readonly name?: string;
}

/** Editors take the path from the file that says it. */
const MODELINE = `# yaml-language-server: $schema=./${SCHEMA_FILE}\n`;

export async function init(session: Session, flags: InitFlags): Promise<number> {
  if (session.flags.file !== undefined) {
    throw usageError(
      'init writes fleetform.yaml; it does not take -f',
      'To write it into another folder, use --chdir.',
    );
  }
  const name = checkedName(flags.name ?? nameFrom(session.cwd));
  const path = join(session.cwd, 'fleetform.yaml');
  refuseTwoNames(path, (file) => relative(session.world.cwd, file) || file, 'init.exists');
  const text = MODELINE + firstFile.replace(/^name: .*$/m, () => `name: ${asYaml(name)}`);
  try {
    await placeFile(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw unwritable(path, error, 'init.unwritable');
    throw new FleetformError('init.exists', `${relative(session.world.cwd, path) || path} exists already`, {
      hint: 'Nothing was changed. `fleetform validate` checks it.',
    });
  }
  const schema = join(session.cwd, SCHEMA_FILE);
  await placeSchema(schema);
  if (session.flags.json === true) session.printJson({ file: path, name, schema });
  else if (session.flags.quiet !== true) {
    session.print(
      `Wrote fleetform.yaml, which uses the embedded sandbox, and ${SCHEMA_FILE}, by which editors check it. Next:\n` +
        '  fleetform plan\n  fleetform apply\n',
    );
  }
  return 0;
}

/** One that is there already is somebody's, and serves as well. */
async function placeSchema(path: string): Promise<void> {
  try {
    await placeFile(path, `${safeJson(JSON.stringify(desiredState, null, 2))}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, error, 'init.unwritable');
  }
}

/** Quoted where YAML, of any version, could read a number, a truth or a date in it. */
function asYaml(name: string): string {
  const isPlain = /^[a-z]/.test(name) && !/^(?:null|true|false|yes|no|on|off|y|n)$/.test(name);
  return isPlain ? name : `"${name}"`;
}
