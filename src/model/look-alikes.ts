/**
 * Characters that a reader takes for others: blanks that are no plain space, what cannot be seen, letters of another
 * script in a Latin word (the Cyrillic `а` of `templаte`) or in one that has no other letters (`сор`), digits of
 * another script in a number or a Latin word, and the wide or curled forms of what a keyboard has.
 */

import { lazy } from './lazy.ts';

const CYRILLIC = ['асеорхуіјѕһԁԛԝАВСЕНІЈКМОРЅТХУ', 'aceopxyijshdqwABCEHIJKMOPSTXY'] as const;
const GREEK = ['ονιαρυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ovlapuxABEZHIKMNOPTYX'] as const;
const LATIN_OF: ReadonlyMap<string, string> = new Map(
  [CYRILLIC, GREEK].flatMap(([from, to]) =>
    [...from].map((letter, index) => [letter, to[index] as string] as const),
  ),
);
const LETTERS = `[${CYRILLIC[0]}${GREEK[0]}]`;
const LATIN = String.raw`\p{Script=Latin}`;

/** Such a letter with a Latin one in its word. For regular expressions with the flag `u`. */
export const MIXED_LETTER = String.raw`${LETTERS}(?:(?<=${LATIN}[\p{L}\p{N}\p{Cf}_-]{0,63})|(?=[\p{L}\p{N}\p{Cf}_-]{0,63}${LATIN}))`;

/** A whole word that could be a Latin one. */
const LATIN_LOOK = String.raw`(?<=(?<!\p{L})${LETTERS}{0,63})${LETTERS}(?=${LETTERS}{0,63}(?!\p{L}))`;

/** In a word that has letters of another script, too, such digits are at home. */
const DIGIT = String.raw`(?=\p{Nd})(?<!(?!${LATIN})\p{L}[\p{L}\p{N}\p{M}_-]{0,63})\p{Nd}(?![\p{L}\p{N}\p{M}_-]{0,63}(?!${LATIN})\p{L})`;

/**
 * Not Latin letters: of a keyboard's own signs, what a text processor makes of them, and what an Asian keyboard types.
 */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ...[...'‘’‛′'].map((sign) => [sign, "'"] as const),
  ...[...'“”„‟″'].map((sign) => [sign, '"'] as const),
  ...[...'‐‑‒–—―−'].map((sign) => [sign, '-'] as const),
  ...Array.from({ length: 0x5e }, (_, index) => {
    return [String.fromCharCode(0xff01 + index), String.fromCharCode(0x21 + index)] as const;
  }),
]);
const SIGN = `[${[...SIGNS.keys()].join('')}]`;

const BLANK = String.raw`(?! )\p{Zs}`;
const UNSEEN = String.raw`[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]`;
/** All that there is to find. */
const ODD = /[^ -~]/;
const odd = lazy(
  () => new RegExp(`(?=[^ -~])(?:${BLANK}|${UNSEEN}|${MIXED_LETTER}|${LATIN_LOOK}|${SIGN}|${DIGIT})`, 'gu'),
);

const NAMES: ReadonlyMap<string, string> = new Map([
  ['\u00a0', 'no-break space'],
  ['\u00ad', 'soft hyphen'],
  ['\u1680', 'ogham space mark'],
  ['\u2000', 'en quad'],
  ['\u2001', 'em quad'],
  ['\u2002', 'en space'],
  ['\u2003', 'em space'],
  ['\u2004', 'three-per-em space'],
  ['\u2005', 'four-per-em space'],
  ['\u2006', 'six-per-em space'],
  ['\u2007', 'figure space'],
  ['\u2008', 'punctuation space'],
  ['\u2009', 'thin space'],
  ['\u200a', 'hair space'],
  ['\u200b', 'zero width space'],
  ['\u200c', 'zero width non-joiner'],
  ['\u200d', 'zero width joiner'],
  ['\u202f', 'narrow no-break space'],
  ['\u205f', 'medium mathematical space'],
  ['\u2060', 'word joiner'],
  ['\u2800', 'braille pattern blank'],
  ['\u3000', 'ideographic space'],
  ['\ufeff', 'zero width no-break space'],
]);

export interface OddCharacter {
  readonly index: number;
  /** `U+00A0 no-break space`, `U+0430 Cyrillic letter that looks like "a"` */
  readonly name: string;
}

export function oddCharacters(text: string): OddCharacter[] {
  if (!ODD.test(text)) return [];
  return [...text.matchAll(odd())].map(({ 0: char, index }) => ({ index, name: nameOf(char) }));
}

function nameOf(char: string): string {
  const code = `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
  const sign = SIGNS.get(char);
  if (sign !== undefined) return `${code}, which looks like ${sign === '"' ? "'\"'" : `"${sign}"`}`;
  const digit = digitOf(char);
  if (digit !== undefined) return `${code} digit of another script, which stands for "${digit}"`;
  const latin = LATIN_OF.get(char);
  if (latin === undefined) return `${code} ${NAMES.get(char) ?? 'invisible character'}`;
  return `${code} ${CYRILLIC[0].includes(char) ? 'Cyrillic' : 'Greek'} letter that looks like "${latin}"`;
}

/** Unicode has the ten digits of each script in a row, and every such row begins with its zero. */
function digitOf(char: string): string | undefined {
  const isDigit = (code: number) => /^\p{Nd}$/u.test(String.fromCodePoint(code));
  const code = char.codePointAt(0) as number;
  if (!isDigit(code)) return undefined;
  let first = code;
  while (isDigit(first - 1)) first--;
  return String((code - first) % 10);
}

/** What a reader takes the text for. */
export function lookOf(text: string): string {
  if (!ODD.test(text)) return text;
  return text.replace(
    odd(),
    (char) =>
      LATIN_OF.get(char) ?? SIGNS.get(char) ?? digitOf(char) ?? (/\p{Zs}|\u2800/u.test(char) ? ' ' : ''),
  );
}
