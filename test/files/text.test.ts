/** What is text, whoever saved it; and what is none is called by its name. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RefusedFile, textIn, valueIn } from '../../src/files/text.ts';

const it = suite('text');

const why = (bytes: Buffer) => {
  try {
    return `text: ${textIn(bytes)}`;
  } catch (error) {
    return error instanceof RefusedFile ? error.message : String(error);
  }
};

it('UTF-8, with or without a mark', () => {
  for (const text of ['', 'é', '\ufeffé', '\ufeff']) {
    assert.is(textIn(Buffer.from(text)), text.replace('\ufeff', ''), JSON.stringify(text));
  }
});

it('what is something else is refused by its name', () => {
  const wide = Buffer.from('{"a":1}', 'utf16le');
  assert.match(why(Buffer.from('\ufeff{}', 'utf16le')), /^is UTF-16, .*save it as UTF-8/);
  assert.match(why(wide), 'UTF-16 (little endian)');
  assert.match(why(Buffer.from(wide).swap16()), 'UTF-16 (big endian)');
  assert.is(why(Buffer.from('é', 'latin1')), 'is not text in UTF-8');
});

it('a value loses its carriage returns, its mark, and one line break at its end', () => {
  const values = {
    'a\r\nb\r\n': 'a\nb',
    'a\n\n': 'a\n',
    '\ufeffa': 'a',
    'a\rb': 'a\rb',
    '\n': '',
    ' a ': ' a ',
  };
  for (const [given, value] of Object.entries(values))
    assert.is(valueIn(given), value, JSON.stringify(given));
});

it.run();
