/** The `name` of a file that is about to be written: what a flag says, or what the folder is called. */
import { basename } from 'node:path';
import { expectedName } from '../desired/name.ts';
import { safeText } from '../model/safe-text.ts';
import { usageError } from './session.ts';

/** The schema says what a name is; it names files, too. */
export function checkedName(name: string): string {
  const expected = expectedName(name);
  if (expected === undefined) return name;
  throw usageError(
    `--name ${JSON.stringify(safeText(name))} is invalid; expected ${expected}`,
    'Nothing was written. It names the recorded state, `.fleetform/NAME.state.json`.',
  );
}

/** The folder's name, as far as the grammar of names allows. */
export function nameFrom(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return name.replace(/-+$/, '') || 'live-ops';
}
