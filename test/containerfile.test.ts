/** .github/Containerfile: all that it copies is there, and the image runs fleetform as nobody special. */
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const it = suite('containerfile');
const lines = readFileSync('.github/Containerfile', 'utf8').split('\n');

it('what it copies from the repository exists, and is all that the package consists of', () => {
  const copied = lines.flatMap((line) => {
    const words = line.split(' ');
    return words[0] === 'COPY' && !line.includes('--from=') ? words.slice(1, -1) : [];
  });
  assert.ok(copied.length > 0);
  for (const path of copied) assert.ok(existsSync(path), path);
  const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const path of files) {
    if (path !== 'dist' && !path.startsWith('!')) assert.ok(copied.includes(path), path);
  }
});

it('no root, fleetform as the entry point, git and certificates', () => {
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  assert.ok(last.includes('USER node'));
  assert.ok(last.includes('ENTRYPOINT ["fleetform"]'));
  assert.match(last.join('\n'), /ca-certificates git /);
});

it.run();
