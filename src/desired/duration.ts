/** Durations as people write them: `30s`, `10m`, `2h`, `1d`, and combinations from long to short (`1h30m`). */

const PATTERN = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/;

/** The duration in whole seconds; undefined if the text is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '' || text.length > 50) return undefined;
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, days, hours, minutes, seconds] = match;
  return (
    Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  );
}
