/** Colour, decided by the caller: without it every style is the identity. Only text that is already safe goes in. */
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';
export type Paint = (style: Style, text: string) => string;

export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  // The caller has looked at the stream and at NO_COLOR; newer versions of Node would look again, at stdout.
  return (style, text) => (text === '' ? '' : styleText(style, text, { validateStream: false }));
}
