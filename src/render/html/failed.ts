/** What there is instead of a page: that it could not be made, and why. In the look of the others. Pure. */
import type { Diagnostic } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { counted } from '../phrases.ts';
import { findingsSections } from './findings.ts';
import { html } from './html.ts';
import { document, linksLine, type PageView } from './page.ts';

export interface Failed {
  readonly what: 'plan' | 'status' | 'calendar';
  readonly mode?: Plan['mode'];
  /** null: the file did not tell. */
  readonly name: string | null;
  readonly api: string | null;
  /** Where its name would come from: instead of it. */
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function renderFailedPage(failed: Failed, view: PageView): string {
  const { what, mode, name, api, file, diagnostics } = failed;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const findings = findingsSections(diagnostics, view.cwd, view.timezone);
  const kind = mode === 'refresh-only' ? 'drift' : mode === 'destroy' ? 'plan to destroy' : what;
  const body = html`<header>
<p class="kind">fleetform ${kind}</p>
<h1>${name ?? file}</h1>
${linksLine(view.links)}
${api === null ? null : html`<p class="quiet about">${api}</p>`}
</header>
<main id="main">
<section aria-labelledby="summary-title"><h2 class="summary" id="summary-title">${counted(errors, 'error')}: no ${what} could be made.</h2></section>
${findings.errors}
${findings.others}
</main>`;
  return document(`fleetform ${what}: ${name ?? file}: no ${what}`, body, '', view);
}
