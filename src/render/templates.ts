/** The API's templates as a list for people, or as JSON: what a file may name, and which params each one needs. */
import { compareIds } from '../model/ids.ts';
import type { Template } from '../model/observed.ts';
import { safeText } from '../model/safe-text.ts';
import { painter } from './color.ts';
import { NARROW, wrap } from './display-width.ts';
import { type Room, tableRows } from './table.ts';

export interface TemplatesView extends Room {
  readonly color: boolean;
}

/** By id; ends with a line break. */
export function renderTemplates(templates: readonly Template[], view: TemplatesView): string {
  const paint = painter(view.color);
  if (templates.length === 0) return 'No templates: the API lists none for this key.\n';
  const sorted = [...templates].sort((a, b) => compareIds(a.id, b.id));
  const rows = [
    ['ID', 'NAME', view.width < NARROW ? 'PARAMS' : 'REQUIRED PARAMS'].map((text) => ({
      text,
      style: 'dim' as const,
    })),
    ...sorted.map((template) => [
      { text: safeText(template.id, 24) },
      { text: safeText(template.name, 200), style: 'bold' as const },
      { text: paramsText(template.requiredParams) },
    ]),
  ];
  const [head = [], ...lines] = tableRows(rows, { ...view, paint, flexible: [2, 1] });
  const indent = '    ';
  const blocks = sorted.flatMap((template, index) => [
    ...(lines[index] ?? []),
    ...wrap(safeText(template.description.trim(), 1000), view.width - indent.length)
      .filter((line) => line !== '')
      .map((line) => paint('dim', indent + line)),
  ]);
  return `${[...head, ...blocks].join('\n')}\n`;
}

/** Ends with a line break. */
export function templatesToJson(templates: readonly Template[]): string {
  return `${JSON.stringify(templates, null, 2)}\n`;
}

function paramsText(params: readonly string[] | null): string {
  if (params === null) return 'unknown';
  return params.length === 0 ? 'none' : params.map((param) => safeText(param, 80)).join(', ');
}
