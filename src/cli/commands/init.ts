/**
 * `fleetform init`: a first desired-state file that plans and applies at once, against the embedded sandbox. And its
 * schema beside it: the one path that holds on every machine that has the repository, however fleetform is installed
 * there, and without a network.
 *
 * Invariant: nothing is written that `validate` would refuse, and the name is never more than a name.
 */
import { join, relative } from 'node:path';
import firstFile from '../../../examples/first/fleetform.yaml';
import { placeFile } from '../../files/write-file.ts';
import { FleetformError } from '../../model/errors.ts';
import { unwritable } from '../../model/machine-error.ts';
import { checkedName, nameFrom } from '../new-name.ts';
import { refuseTwoNames } from '../new-place.ts';
import { type FoundPlaces, schemaPlace, writeSchema } from '../schema-place.ts';
import { type Session, usageError } from '../session.ts';

export interface InitFlags {
  readonly name?: string;
}

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
  const schema = schemaPlace(session.cwd);
  const text = modeline(schema) + firstFile.replace(/^name: .*$/m, () => `name: ${asYaml(name)}`);
  try {
    await placeFile(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw unwritable(path, error, 'init.unwritable');
    throw new FleetformError('init.exists', `${relative(session.world.cwd, path) || path} exists already`, {
      hint: 'Nothing was changed. `fleetform validate` checks it.',
    });
  }
  if (schema.place !== null) await writeSchema(schema.place);
  if (session.flags.json === true) {
    const { place } = schema;
    session.printJson({
      file: path,
      name,
      schema: place?.path ?? null,
      schemaWas: place?.found ?? 'foreign',
    });
  } else if (session.flags.quiet !== true) {
    session.print(`${told(schema)} Next:\n  fleetform plan\n  fleetform apply\n`);
  }
  return 0;
}

/** Editors take the path from the file that says it. */
function modeline({ place }: FoundPlaces): string {
  return place === null ? '' : `# yaml-language-server: $schema=./${place.name}\n`;
}

function told({ place, foreign }: FoundPlaces): string {
  const others = foreign.map((one) => ` ${one} is something else and was left as it is.`).join('');
  const file = 'fleetform.yaml, which uses the embedded sandbox';
  if (place === null)
    return `Wrote ${file}, without a schema for editors.${others} \`fleetform schema\` prints it.`;
  const { name, found } = place;
  if (found === 'this')
    return `Wrote ${file}; ${name}, by which editors check it, was there already.${others}`;
  const as = found === 'older' ? `${name} anew, which was that of another version` : name;
  return `Wrote ${file}, and ${as}, by which editors check it.${others}`;
}

/** Quoted where YAML, of any version, could read a number, a truth or a date in it. */
function asYaml(name: string): string {
  const isPlain = /^[a-z]/.test(name) && !/^(?:null|true|false|yes|no|on|off|y|n)$/.test(name);
  return isPlain ? name : `"${name}"`;
}
