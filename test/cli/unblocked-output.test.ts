/** Two streams that are one file: what is written comes out in that order, however slowly each is read. */
import { Writable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inTurn } from '../../src/cli/unblocked-output.ts';

const it = suite('outputs in turn');

/** Two slow streams: each write is over when `read` is called, and only then is it in `seen`. */
function slow() {
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  const stream = () =>
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        waiting.push(() => {
          seen.push(chunk);
          done();
        });
      },
    });
  const [out, err] = [stream(), stream()];
  const { stdout, stderr } = inTurn({ stdout: out, stderr: err } as never);
  const read = async () => {
    while (waiting.length > 0) {
      waiting.shift()!();
      await new Promise((done) => setImmediate(done));
    }
  };
  return { seen, read, stdout, stderr, err };
}

it('keeps the order of both, and tells each of what is over', async () => {
  const { seen, read, stdout, stderr } = slow();
  const told: string[] = [];
  for (const [index, stream] of [stdout, stdout, stderr, stdout, stderr, stderr].entries())
    stream.write(`${index}`, () => void told.push(`${index}`));
  assert.equal(seen, []);
  assert.is(stdout.writableLength, 6);
  assert.is(stderr.writableLength, 6);
  await read();
  assert.equal(seen, ['0', '1', '2', '3', '4', '5']);
  assert.equal(told, seen);
  assert.is(stdout.writableLength, 0);
});

it('writes at once where nothing waits', async () => {
  const { seen, read, stdout, stderr } = slow();
  stdout.write('a');
  await read();
  stderr.write('b');
  await read();
  assert.equal(seen, ['a', 'b']);
});

it('goes on when one of them has failed', async () => {
  const { seen, read, stdout, stderr, err } = slow();
  err.on('error', () => {});
  stderr.write('a');
  stdout.write('b');
  err.destroy(new Error('gone'));
  await new Promise((done) => setImmediate(done));
  await read();
  assert.ok(seen.includes('b'));
});

it.run();
