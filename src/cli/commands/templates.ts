/** `fleetform templates`: what a file may name, and which params each one needs. */
import { renderTemplates, templatesToJson } from '../../render/templates.ts';
import { loadFileSettings } from '../load-file.ts';
import type { Session } from '../session.ts';
import { openWorkspace } from '../workspace.ts';

export async function templates(session: Session): Promise<number> {
  const workspace = await openWorkspace(session, () => loadFileSettings(session));
  try {
    const list = await workspace.api.listTemplates();
    const isJson = session.flags.json === true;
    const view = { color: session.outColor, width: session.width, mayCut: session.mayCut };
    if (isJson) session.printJsonText(templatesToJson(list));
    else session.print(renderTemplates(list, view));
    return 0;
  } finally {
    await workspace.close();
  }
}
