// A row as a line of text. Times in milliseconds, memory in MB.
const COLUMNS = [
  ['wall', (value) => (value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`), 9],
  ['ratio', (value) => `${value.toFixed(2)} x`, 9],
  ['ofWork', (value) => `work ${value.toFixed(2)} x`, 13],
  ['cpu', (value) => `cpu ${(value / 1000).toFixed(2)} s`, 12],
  ['memory', (value) => `${value.toFixed(0)} MB`, 7],
  ['requests', (value) => `${value.toLocaleString('en')} requests`, 16],
  ['timesFaster', (value) => `${value.toFixed(1)} times as fast`, 20],
  ['growth', (value) => `cpu ${value.toFixed(1)} times`, 16],
  ['exponent', (value) => `exponent ${value.toFixed(2)}`, 14],
  ['exponentOfWall', (value) => `${value.toFixed(2)} of time`, 14],
  ['megabytes', (value) => `${value.toFixed(2)} MB`, 9],
  ['count', (value) => String(value), 9],
  ['note', (value) => value, 0],
];
const WIDEST_NAME = 44;

export function line(row) {
  const cells = COLUMNS.filter(([key]) => row[key] !== undefined).map(([key, text, width]) =>
    text(row[key]).padStart(width),
  );
  const aim =
    row.aim === undefined
      ? ''
      : `   (aim: ${row.timesFaster === undefined ? 'at most' : 'at least'} ${row.aim})`;
  return `  ${row.name.padEnd(WIDEST_NAME)}${cells.join('')}${aim}`;
}
