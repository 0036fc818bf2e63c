/** Folders of files for one test file's run, gone when its process ends; and what a refused one was told. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadDesired } from '../../src/desired/load.ts';
import type { Desired } from '../../src/model/desired.ts';
import { type Diagnostic, DiagnosticsError } from '../../src/model/errors.ts';

export const HEAD = 'version: 1\nname: live-ops\n';

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Path → content; the folders in between are made. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'fleetform-desired-'));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export function load(
  text: string,
  options: { readonly vars?: Record<string, string>; readonly env?: Record<string, string> } = {},
): Promise<Desired> {
  const cwd = folderOf({ 'fleetform.yaml': text });
  return loadDesired({ cwd, files: ['fleetform.yaml'], env: {}, varsFlag: '--var', ...options });
}

/** The errors that it was refused with; not being refused is a failure. */
export async function refusal(loaded: Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await loaded;
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  }
  throw new Error('it was taken');
}
