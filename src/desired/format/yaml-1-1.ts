/**
 * What a text without quotes may be to readers of YAML 1.1 (PyYAML, Psych, go-yaml v2), which look at the same files:
 * the one place that says it. Invariant: it errs towards quotes, never away from them.
 *
 * By the types of https://yaml.org/type/ (bool, float, int, merge, null, timestamp, value), each together with what
 * these readers take beside it: any case, digits grouped by commas, an exponent without a dot, a sign or (by the
 * `yaml` package, as NaN) any digits before it.
 */

/** Digits in groups. */
const DIGITS = '[0-9][0-9_,]*';

const IMPLICIT: readonly RegExp[] = [
  // bool, null
  /^(?:y|yes|n|no|true|false|on|off)$/i,
  /^(?:~|null|)$/i,
  // int: base 2, 8, 16; base 10 and 8 with a leading zero are those of float without its fraction
  /^[-+]?0(?:b[01_,]+|o[0-7_,]+|x[0-9a-f_,]+)$/i,
  // float (the type's own expression lets `1.2.3` pass, by a slip that no reader took over)
  new RegExp(String.raw`^[-+]?(?:${DIGITS}(?:\.[0-9_,]*)?|\.[0-9_,]*)(?:e[-+]?[0-9]+)?$`, 'i'),
  /^[-+]?e[-+]?[0-9]+$/i,
  /^[-+]?\.inf$|^[-+]?\.nan$/i,
  // int and float in base 60
  new RegExp(String.raw`^[-+]?${DIGITS}(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`),
  // timestamp: a day, or a day and a time, perhaps with its offset
  /^-?\d{4}-\d{1,2}-\d{1,2}(?:(?:t|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d*)?(?:[ \t]*(?:z|[-+]\d{1,2}(?::?\d{2})?))?)?$/i,
  // merge, value
  /^<<$|^=$/,
  // Psych's symbols
  /^:./,
];

/** Whether the text, without quotes, could be anything but itself to a reader of YAML 1.1. */
export function isAmbiguousIn11(text: string): boolean {
  return IMPLICIT.some((type) => type.test(text));
}
