/** What has to be minded, on a page: errors stand above all else, the rest after the changes. */
import type { Diagnostic } from '../../model/errors.ts';
import { relativePath } from '../diagnostics.ts';
import { countOf, countText, type Finding, findingsOf } from '../findings.ts';
import { counted } from '../phrases.ts';
import { type Html, html } from './html.ts';

const SHOWN = 50;

export interface FindingsSections {
  readonly errors: Html | null;
  readonly others: Html | null;
  /** `2 warnings`, of those that are no errors; null: none. */
  readonly othersText: string | null;
}

export function findingsSections(
  diagnostics: readonly Diagnostic[],
  cwd: string | undefined,
  timezone: string,
): FindingsSections {
  const all = findingsOf(diagnostics, timezone);
  const others = all.filter(({ severity }) => severity !== 'error');
  const isWarned = others.every(({ severity }) => severity === 'warning');
  return {
    errors: section(
      all.filter(({ severity }) => severity === 'error'),
      { id: 'errors', title: 'Errors', cwd },
    ),
    others: section(others, { id: 'findings', title: isWarned ? 'Warnings' : 'Findings', cwd }),
    othersText: others.length === 0 ? null : counted(countOf(others), isWarned ? 'warning' : 'finding'),
  };
}

function section(
  all: readonly Finding[],
  { id, title, cwd }: { readonly id: string; readonly title: string; readonly cwd: string | undefined },
): Html | null {
  if (all.length === 0) return null;
  const drawn = all.map((one) => finding(one, cwd));
  const rest = countOf(all.slice(SHOWN));
  const one = title.toLowerCase().replace(/s$/, '');
  return html`<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${drawn.slice(0, SHOWN)}
${rest > 0 ? html`<details><summary>${counted(rest, `more ${one}`)}</summary>${drawn.slice(SHOWN)}</details>` : null}</section>`;
}

function finding(one: Finding, cwd: string | undefined): Html {
  const { severity, message, hint, range, snippet } = one;
  const place = range === undefined ? null : `${relativePath(range.file, cwd)}:${range.line}:${range.column}`;
  const subject = one.subject === undefined ? null : html`<code>${one.subject}</code>${countText(one)}: `;
  return html`<div class="finding ${severity}"><p><strong>${severity}</strong> ${subject}${message}</p>
${place === null ? null : html`<p class="place"><code>${place}</code>${snippet === undefined ? null : html` <code class="snippet">${snippet.trim()}</code>`}</p>`}
${hint === undefined ? null : html`<p class="quiet">${hint}</p>`}</div>`;
}
