/** `fleetform import --all` on a scene: the file is a text. */
import { type ImportedAll, importAll } from '../../src/apply/import-all.ts';
import { compose } from '../../src/desired/compose.ts';
import { formatBytes } from '../../src/desired/format/paths.ts';
import { loadDesiredText } from '../../src/desired/load-given.ts';
import type { Desired } from '../../src/model/desired.ts';
import { FleetformError } from '../../src/model/errors.ts';
import { Crash, type Scene } from './scene.ts';

const PATH = '/fleetform.yaml';

export interface Outcome {
  readonly error: FleetformError | null;
  readonly imported: ImportedAll | null;
  readonly text: string | null;
}

export interface Asked {
  readonly selection?: {
    readonly templates: readonly string[];
    readonly fleets: readonly string[];
    readonly owners?: ReadonlyMap<string, string>;
  };
  readonly dies?: 'before-state' | 'before-file' | 'after-file';
  /** Somebody has put another file there meanwhile. */
  readonly refuses?: boolean;
  /** That an import has begun: what is on the disk. */
  readonly mark?: { isSet: boolean };
}

/** As it is read from the file; it is in the standard format. */
export async function foundBy(text: string): Promise<Desired> {
  const { before, after } = await formatBytes(Buffer.from(text), PATH);
  if (before !== after) throw new Error(`not in the standard format:\n${before}\n---\n${after}`);
  return loadDesiredText(text, { name: PATH });
}

/** `there`: the file that is there. */
export async function importEverything(
  scene: Scene,
  there: string | null = null,
  {
    selection = { templates: [], fleets: [], owners: new Map() },
    dies,
    refuses = false,
    mark = { isSet: false },
  }: Asked = {},
): Promise<Outcome> {
  let text = there;
  const dieAt = (where: Asked['dies']) => {
    if (dies !== where) return;
    // A process that is dead writes nothing more.
    scene.disk = () => {
      throw new Crash();
    };
    throw new Crash();
  };
  try {
    const imported = await scene.locked('import', (parts) =>
      importAll({
        ...parts,
        name: 'live',
        fleetformVersion: '0',
        isThere: there !== null,
        selection: () => ({
          ...selection,
          templates: new Set(selection.templates),
          fleets: new Set(selection.fleets),
        }),
        mark: {
          isCut: async () => mark.isSet && text === null,
          async set() {
            mark.isSet = true;
            dieAt('before-state');
          },
          async clear() {
            dieAt('after-file');
            mark.isSet = false;
          },
        },
        async draft(found) {
          const made = await compose({ ...found, name: 'live', api: 'sandbox' });
          return { text: made, desired: await loadDesiredText(made, { name: PATH }) };
        },
        async place(made) {
          if (there !== null && there !== made) throw new FleetformError('import.exists', made);
          dieAt('before-file');
          if (refuses) throw new FleetformError('import.exists', 'there');
          text = made;
        },
      }),
    );
    return { error: null, imported, text };
  } catch (error) {
    scene.disk = () => {};
    if (error instanceof Crash) return { error: null, imported: null, text };
    if (!(error instanceof FleetformError)) throw error;
    return { error, imported: null, text };
  }
}
