/** What has to be minded, on a page: errors first. */
import type { Diagnostic } from '../../model/errors.ts';
import { relativePath } from '../diagnostics.ts';
import { isNamedIn } from '../phrases.ts';
import { type Html, html } from './html.ts';

const SEVERITIES = ['error', 'warning', 'note'] as const;
const SHOWN = 50;

export function findingsSection(diagnostics: readonly Diagnostic[], cwd: string | undefined): Html | null {
  if (diagnostics.length === 0) return null;
  const ordered = SEVERITIES.flatMap((severity) => diagnostics.filter((d) => d.severity === severity));
  const rest = ordered.length - SHOWN;
  return html`<section aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
${ordered.slice(0, SHOWN).map((diagnostic) => finding(diagnostic, cwd))}
${rest > 0 ? html`<details><summary>${rest} more</summary>${ordered.slice(SHOWN).map((diagnostic) => finding(diagnostic, cwd))}</details>` : null}</section>`;
}

function finding(
  { severity, message, hint, address, range, snippet }: Diagnostic,
  cwd: string | undefined,
): Html {
  const place = range === undefined ? null : `${relativePath(range.file, cwd)}:${range.line}:${range.column}`;
  const subject =
    address === undefined || isNamedIn(message, address) ? null : html`<code>${address}</code>: `;
  return html`<article class="finding ${severity}"><p><strong>${severity}</strong> ${subject}${message}</p>
${place === null ? null : html`<p class="place"><code>${place}</code>${snippet === undefined ? null : html` <code class="snippet">${snippet.trim()}</code>`}</p>`}
${hint === undefined ? null : html`<p class="quiet">${hint}</p>`}</article>`;
}
