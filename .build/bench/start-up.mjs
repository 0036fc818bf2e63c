// Start-up, against the floor that Node itself sets.
import { exponent, FLOOR, fleetform, node, paired, usage } from './measure.mjs';
import { folderOf } from './worlds.mjs';

export const title = 'start-up, against `node -e 0`';

export async function* rows({ runs, sizes }) {
  const floor = () => node(FLOOR);
  const beside = async (name, args, aim, options) => {
    const { wall, ratio } = await paired(runs, () => fleetform(args, options), floor);
    return { name, wall, ratio, aim };
  };
  yield beside('--version', ['--version'], 1.25);
  yield beside('--help', ['--help'], 1.25);
  yield beside('plan --help', ['plan', '--help'], 1.25);
  yield beside('completion bash', ['completion', 'bash'], 1.25);
  const aims = { 1: 1.8, 1000: 3 };
  const points = [];
  for (const size of [1, ...sizes]) {
    const options = { cwd: folderOf(size) };
    const row = await beside(`validate, ${count(size)}`, ['validate'], aims[size], options);
    const { cpu, memory } = await usage(['validate'], options);
    if (size > 1) points.push({ size, value: cpu });
    yield { ...row, cpu, memory };
  }
  if (points.length > 1) yield { name: 'validate, growth of CPU', exponent: exponent(points) };
}

export const count = (size) => `${size.toLocaleString('en')} ${size === 1 ? 'batch' : 'batches'}`;
