/**
 * One picture on a terminal, drawn over itself until it is closed. It is on the alternate screen, so that nothing of it
 * stays in what scrolls back, however tall it is and however the window is resized.
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

export function openPicture(
  stdout: Pick<NodeJS.WriteStream, 'write' | 'on' | 'off' | 'columns' | 'rows'>,
  hasColour: boolean,
): Picture {
  let paint: ((size: Size) => string) | undefined;
  let notice = '';
  let isShown = false;

  const redraw = () => {
    if (paint === undefined) return;
    const columns = Math.max(1, stdout.columns || 80);
    const rows = Math.max(1, stdout.rows || 24);
    const room = notice === '' ? rows : rows - 1;
    const lines = paint({ columns, rows: room }).replace(/\n$/, '').split('\n').slice(0, room);
    if (notice !== '') lines.push(notice);
    const text = lines.map((line) => legible(line, hasColour) + TO_LINE_END).join('\r\n');
    stdout.write(`${HOME}${text}${TO_SCREEN_END}`);
  };
  const leave = () => {
    if (!isShown) return;
    isShown = false;
    stdout.write(LEAVE);
  };
  return {
    draw(next) {
      paint = next;
      notice = '';
      if (!isShown) {
        isShown = true;
        stdout.write(ENTER);
        stdout.on('resize', redraw);
        // A second signal ends the process where it is.
        process.once('exit', leave);
      }
      redraw();
    },
    notice(text) {
      notice = text;
      redraw();
    },
    isShown: () => isShown,
    close() {
      stdout.off('resize', redraw);
      process.off('exit', leave);
      leave();
    },
  };
}
