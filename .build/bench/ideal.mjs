// Wall time against what the API's latency leaves no way around: its calls, as many at once as may be.
import { usage } from './measure.mjs';
import { folderOf, startApi, total } from './worlds.mjs';

export const title =
  'apply over 50 ms of latency, against ceil(calls ÷ parallelism) × latency: the whole command, and from its first write on';

const LATENCY = 50;

export async function* rows({ isQuick }) {
  const seconds = isQuick ? 1 : 5;
  for (const parallelism of [1, 10, 50]) {
    const size = (parallelism * seconds * 1000) / LATENCY;
    const api = await startApi({ latency: LATENCY });
    const options = { cwd: folderOf(size), env: api.env };
    yield measured('apply', api, options, parallelism);
    api.stop();
  }
  const tasks = isQuick ? 1000 : 5000;
  const shapes = [
    { batches: 1, servers: tasks },
    { batches: tasks / 10, servers: 10 },
  ];
  for (const { batches, servers } of shapes) {
    const api = await startApi({ latency: LATENCY, servers });
    const options = { cwd: folderOf(batches), env: api.env };
    await usage(['apply', '--auto-approve', '--parallelism', '50'], options);
    await api.counts();
    const name = `destroy, ${tasks.toLocaleString('en')} tasks of ${batches.toLocaleString('en')} batches`;
    yield measured('destroy', api, options, 50, name);
    api.stop();
  }
}

async function measured(command, api, options, parallelism, name = command) {
  const { wall } = await usage([command, '--auto-approve', '--parallelism', String(parallelism)], options);
  const counted = await api.counts();
  const calls = total(counted);
  const ideal = Math.ceil(calls / parallelism) * LATENCY;
  // From the first request that writes to the last answer: without the start, the plan, and what is printed.
  const { count, span } = counted.work;
  const ofWork = span / (Math.ceil(count / parallelism) * LATENCY);
  return {
    name: `${name}, ${parallelism} at once`,
    wall,
    ratio: wall / ideal,
    aim: 1.15,
    ofWork,
    requests: calls,
  };
}
