// What is published needs no scripts and no development dependencies: an install runs nothing and brings nothing.
// `strip` puts such a package.json in place for as long as npm packs, `restore` puts the whole one back. npm runs both.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const MANIFEST = 'package.json';
const WHOLE = '.package.json.whole';

const [what] = process.argv.slice(2);
if (what === 'strip') {
  if (existsSync(WHOLE)) {
    throw new Error(
      `${WHOLE} is there: another npm pack is running, or was killed (then: node .build/manifest.mjs restore)`,
    );
  }
  const {
    scripts: _scripts,
    devDependencies: _development,
    ...published
  } = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  renameSync(MANIFEST, WHOLE);
  writeFileSync(MANIFEST, `${JSON.stringify(published, null, 2)}\n`);
} else if (what === 'restore') {
  // Renamed, so that its time stays and nothing is built anew.
  if (existsSync(WHOLE)) renameSync(WHOLE, MANIFEST);
} else {
  throw new Error('usage: node .build/manifest.mjs strip|restore');
}
