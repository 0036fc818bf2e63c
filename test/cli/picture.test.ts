import { EventEmitter } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openPicture } from '../../src/cli/picture.ts';

const it = suite('picture');

class Screen extends EventEmitter {
  columns = 80;
  rows = 5;
  written = '';
  writableLength = 0;
  isSlow = false;
  private readonly waiting: ((error?: Error) => void)[] = [];
  write(text: string, done?: (error?: Error) => void): boolean {
    this.written += text;
    if (this.isSlow) this.writableLength += text.length;
    if (done !== undefined) this.waiting.push(done);
    return true;
  }
  /** The terminal takes what was written. */
  take(error?: Error): void {
    this.writableLength = 0;
    for (const done of this.waiting.splice(0)) done(error);
  }
  /** What came since the last time. */
  read(): string {
    const text = this.written;
    this.written = '';
    return text;
  }
}

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';

it('enters at the first picture, draws each from the top, leaves once', () => {
  const screen = new Screen();
  const picture = openPicture(screen as never, false);
  picture.close();
  assert.is(screen.read(), '');
  picture.draw(() => 'a\nb\n');
  assert.match(screen.read(), /^\u001b\[\?1049h.*\u001b\[H\u001b\[Ka\r\n\u001b\[Kb\r\n\u001b\[J$/s);
  picture.draw(() => 'c\n');
  assert.is(screen.read(), '\u001b[H\u001b[Kc\r\n\u001b[J');
  picture.close();
  picture.close();
  assert.is(screen.read().split(LEAVE).length, 2);
  assert.is(screen.listenerCount('resize'), 0);
});

it('no taller than its window, which may change; a notice has the last line until the next picture', () => {
  const screen = new Screen();
  const picture = openPicture(screen as never, false);
  const sizes: unknown[] = [];
  const paint = (size: { columns: number; rows: number }) => {
    sizes.push(size);
    return 'a\n'.repeat(9);
  };
  picture.draw(paint);
  assert.is(screen.read().split('\r\n').length, 5);
  picture.notice('Waiting\u001b[2J');
  const noticed = screen.read().split('\r\n');
  assert.is(noticed.length, 5);
  assert.match(noticed.at(-1) ?? '', /^\u001b\[KWaiting\\u\{1b\}\[2J/);
  screen.rows = 3;
  screen.columns = 20;
  screen.emit('resize');
  assert.is(screen.read().split('\r\n').length, 3);
  picture.draw(paint);
  assert.not.match(screen.read(), 'Waiting');
  assert.equal(sizes, [
    { columns: 80, rows: 5 },
    { columns: 80, rows: 4 },
    { columns: 20, rows: 2 },
    { columns: 20, rows: 3 },
  ]);
  picture.close();
});

it('a line as wide as the window, and a picture as tall, are whole', () => {
  const screen = new Screen();
  const picture = openPicture(screen as never, false);
  const wide = 'x'.repeat(80);
  picture.draw(() => `${wide}\n`.repeat(5));
  const [, first] = screen.read().split('\u001b[H');
  assert.is(first, Array(5).fill(`\u001b[K${wide}`).join('\r\n'));
  picture.close();
});

it('a process that ends leaves the terminal as it was', () => {
  const before = process.listeners('exit');
  const screen = new Screen();
  const picture = openPicture(screen as never, false);
  picture.draw(() => 'a\n');
  assert.match(screen.read(), ENTER);
  const added = process.listeners('exit').filter((one) => !before.includes(one));
  assert.is(added.length, 1);
  added[0]?.(0);
  assert.match(screen.read(), LEAVE);
  picture.close();
  assert.is(screen.read(), '');
  assert.equal(process.listeners('exit'), before);
});

it('what a slow terminal has missed is drawn when it is through, the newest of it, and once', () => {
  const screen = new Screen();
  const picture = openPicture(screen as never, false);
  picture.draw(() => 'a\n');
  screen.isSlow = true;
  screen.write('-');
  screen.read();
  for (const text of ['b', 'c', 'd']) picture.draw(() => text);
  screen.emit('resize');
  assert.is(screen.read(), '');
  screen.take();
  assert.is(screen.read(), '\u001b[H\u001b[Kd\r\n\u001b[J');
  screen.take();
  assert.is(screen.read(), '');
  picture.close();
});

for (const [what, end] of [
  ['closed meanwhile', (picture: { close(): void }) => picture.close()],
  ['gone', () => {}],
] as const) {
  it(`nothing more is drawn on a terminal that is ${what}`, () => {
    const screen = new Screen();
    const picture = openPicture(screen as never, false);
    picture.draw(() => 'a\n');
    screen.isSlow = true;
    screen.write('-');
    picture.draw(() => 'b');
    end(picture);
    screen.read();
    screen.take(what === 'gone' ? new Error('EIO') : undefined);
    assert.is(screen.read(), '');
    picture.close();
  });
}

it.run();
