/** Two streams that are one file: what is written comes out in that order, however slowly each is read. */
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
      write(chunk, encoding, done) {
        waiting.push(() => {
          seen.push(encoding === 'base64' ? `base64 ${chunk}` : chunk);
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

it('says when it has room again, and keeps the encoding', async () => {
  const { seen, read, stdout, stderr } = slow();
  const told: string[] = [];
  stderr.on('drain', () => told.push('stderr')).on('drain', () => told.push('again'));
  stdout.on('drain', () => told.push('stdout'));
  stdout.write('a');
  assert.is(stderr.write('YmM=', 'base64'), false);
  assert.ok(stderr.writableNeedDrain);
  assert.equal(told, []);
  await read();
  assert.equal(told, ['stderr', 'again']);
  assert.not.ok(stderr.writableNeedDrain);
  assert.equal(seen, ['a', 'base64 YmM=']);
});

it('a source that is piped into it is read to its end', async () => {
  const { seen, read, stdout, stderr } = slow();
  stdout.write('a');
  const piped = pipeline(Readable.from(['b', 'c', 'd'], { objectMode: false, highWaterMark: 1 }), stderr, {
    end: false,
  });
  for (let turn = 0; turn < 9; turn += 1) {
    await new Promise((done) => setImmediate(done));
    await read();
  }
  await piped;
  assert.equal(seen.map(String).join(''), 'abcd');
});

it('its end comes behind what was written before', async () => {
  const { seen, read, stdout, stderr } = slow();
  stdout.write('a');
  stderr.write('b');
  stderr.end('c');
  stdout.write('d');
  await read();
  assert.equal(seen, ['a', 'b', 'c', 'd']);
  assert.ok(stderr.writableFinished);
});

it.run();
