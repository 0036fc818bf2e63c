/** What has to be minded, on a page: errors first. */
import type { Diagnostic } from '../../model/errors.ts';
import { relativePath } from '../diagnostics.ts';
import { countOf, countText, type Finding, findingsOf } from '../findings.ts';
import { type Html, html } from './html.ts';

const SHOWN = 50;

export function findingsSection(diagnostics: readonly Diagnostic[], cwd: string | undefined): Html | null {
  if (diagnostics.length === 0) return null;
  const ordered = findingsOf(diagnostics);
  const rest = countOf(ordered.slice(SHOWN));
  return html`<section aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
${ordered.slice(0, SHOWN).map((diagnostic) => finding(diagnostic, cwd))}
${rest > 0 ? html`<details><summary>${rest} more</summary>${ordered.slice(SHOWN).map((diagnostic) => finding(diagnostic, cwd))}</details>` : null}</section>`;
}

function finding(one: Finding, cwd: string | undefined): Html {
  const { severity, message, hint, range, snippet } = one;
  const place = range === undefined ? null : `${relativePath(range.file, cwd)}:${range.line}:${range.column}`;
  const subject = one.subject === undefined ? null : html`<code>${one.subject}</code>${countText(one)}: `;
  return html`<article class="finding ${severity}"><p><strong>${severity}</strong> ${subject}${message}</p>
${place === null ? null : html`<p class="place"><code>${place}</code>${snippet === undefined ? null : html` <code class="snippet">${snippet.trim()}</code>`}</p>`}
${hint === undefined ? null : html`<p class="quiet">${hint}</p>`}</article>`;
}
