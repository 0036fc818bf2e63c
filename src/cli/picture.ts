/**
 * One picture on a terminal, drawn over itself until it is closed. It is on the alternate screen, so that nothing of it
 * stays in what scrolls back, however tall it is and however the window is resized.
 *
 * Invariant: what is on the screen is the newest picture, or comes to be it as soon as the terminal has taken what was
 * written before: no picture waits for the next one to be drawn.
 */
import { legible } from '../model/safe-text.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Picture {
  /** `paint` makes the text for a window of that size; it is asked again when that changes. */
  draw(paint: (size: Size) => string): void;
  /** A line below the picture, until the next one is drawn. */
  notice(text: string): void;
  isShown(): boolean;
  /** The terminal is as it was before. */
  close(): void;
}

/** The alternate screen, without a cursor; what is too wide is cut and not wrapped. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const TO_LINE_END = '\u001b[K';
const TO_SCREEN_END = '\u001b[J';
const PATIENCE_MS = 300;

export function openPicture(
  stdout: Pick<NodeJS.WriteStream, 'write' | 'on' | 'off' | 'columns' | 'rows' | 'writableLength'>,
  hasColour: boolean,
): Picture {
  let paint: ((size: Size) => string) | undefined;
  let notice = '';
  let isShown = false;
  let isOwed = false;

  const redraw = () => {
    if (paint === undefined || !isShown || isOwed) return;
    // On top of one that nobody has read yet nothing is put; what is newest by then is drawn when it has been.
    if (stdout.writableLength > 0) return owe();
    const columns = Math.max(1, stdout.columns || 80);
    const rows = Math.max(1, stdout.rows || 24);
    const room = notice === '' ? rows : rows - 1;
    const lines = paint({ columns, rows: room }).replace(/\n$/, '').split('\n').slice(0, room);
    if (notice !== '') lines.push(notice);
    // What is erased is erased first: behind a line as wide as the window the cursor still stands on its last character.
    const text = lines.map((line) => TO_LINE_END + legible(line, hasColour)).join('\r\n');
    stdout.write(`${HOME}${text}${lines.length < rows ? `\r\n${TO_SCREEN_END}` : ''}`);
  };
  /** A write that says nothing is over when all before it are. There is no `drain` of what is less than a buffer. */
  const owe = () => {
    isOwed = true;
    stdout.write('', (error) => {
      isOwed = false;
      if (!error) redraw();
    });
  };
  const enter = () => {
    isShown = true;
    stdout.write(ENTER);
  };
  const leave = () => {
    if (!isShown) return;
    isShown = false;
    stdout.write(LEAVE);
  };
  /** The shell gets its screen back while it has the terminal; one that takes nothing keeps nobody from stopping. */
  const afterLeaving = (act: () => void) => {
    leave();
    if (stdout.writableLength === 0) return act();
    let isDone = false;
    const once = () => {
      if (isDone) return;
      isDone = true;
      clearTimeout(late);
      act();
    };
    const late = setTimeout(once, PATIENCE_MS);
    stdout.write('', once);
  };
  const onSuspend = () => afterLeaving(() => process.kill(process.pid, 'SIGSTOP'));
  const onContinue = () => {
    // Whoever stopped it by another signal has not been given the screen back.
    if (!isShown) enter();
    redraw();
  };
  const onQuit = () => {
    unhook();
    afterLeaving(() => process.kill(process.pid, 'SIGQUIT'));
  };
  const hooks: readonly (readonly [Pick<NodeJS.EventEmitter, 'on' | 'off'>, string, () => void])[] = [
    [stdout, 'resize', redraw],
    [process, 'SIGTSTP', onSuspend],
    [process, 'SIGCONT', onContinue],
    [process, 'SIGQUIT', onQuit],
    // A second signal ends the process where it stands.
    [process, 'exit', leave],
  ];
  const hook = () => {
    for (const [source, event, listener] of hooks) source.on(event, listener);
  };
  const unhook = () => {
    for (const [source, event, listener] of hooks) source.off(event, listener);
  };
  return {
    draw(next) {
      paint = next;
      notice = '';
      if (!isShown) {
        enter();
        hook();
      }
      redraw();
    },
    notice(text) {
      notice = text;
      redraw();
    },
    isShown: () => isShown,
    close() {
      unhook();
      leave();
    },
  };
}
