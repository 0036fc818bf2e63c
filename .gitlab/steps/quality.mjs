// Findings of all plans that have a place in a file → plan/code-quality.json, which GitLab shows at their lines in a merge
// request. Facts: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, normalize } from 'node:path';

const MOST = 100;
/** UTF-16 code units. */
const LONGEST = 1000;

/** `plans`: files of `plan --out`, of a plan that failed, too. */
export function writeQuality(plans) {
  const found = new Map();
  for (const file of plans.filter((one) => existsSync(one))) {
    for (const diagnostic of JSON.parse(readFileSync(file, 'utf8')).diagnostics) {
      const entry = entryOf(diagnostic);
      if (entry !== null && found.size < MOST) found.set(entry.fingerprint, entry);
    }
  }
  writeFileSync('plan/code-quality.json', `${JSON.stringify([...found.values()], null, 2)}\n`);
}

/** null: it is at no line of this repository. */
function entryOf({ severity, code, message, hint, range }) {
  if (range === undefined || isAbsolute(range.file)) return null;
  const path = normalize(range.file);
  if (path.startsWith('..')) return null;
  // Without the line: what only moved is no new finding.
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([path, code, message]))
    .digest('hex');
  return {
    description: (hint === undefined ? message : `${message} (${hint})`).slice(0, LONGEST),
    check_name: code,
    fingerprint,
    severity: severity === 'error' ? 'critical' : 'minor',
    location: { path, lines: { begin: range.line } },
  };
}
