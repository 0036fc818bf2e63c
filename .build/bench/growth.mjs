// Plan, apply and destroy of more and more batches, over an API that answers at once: what fleetform itself costs.
import { exponent, FLOOR, fleetform, median, node, paired, usage } from './measure.mjs';
import { count } from './start-up.mjs';
import { folderOf, startApi, total } from './worlds.mjs';

export const title = 'plan, apply, destroy, against `node -e 0`; memory at its peak';

const CONVERGED = {
  'plan, converged': ['plan'],
  'plan --refresh=false': ['plan', '--refresh=false'],
};

export async function* rows({ runs, sizes }) {
  const points = new Map();
  const keep = (name, size, { wall, cpu }) => {
    points.set(name, [...(points.get(name) ?? []), { size, wall, cpu }]);
  };
  for (const size of sizes) {
    const api = await startApi();
    const options = { cwd: folderOf(size), env: api.env };
    const floor = median([await node(FLOOR), await node(FLOOR), await node(FLOOR)]);
    const once = async (name, args) => {
      await api.counts();
      const used = await usage(args, options);
      keep(name, size, used);
      const requests = total(await api.counts());
      return { name: `${name}, ${count(size)}`, ...used, ratio: used.wall / floor, requests };
    };
    yield once('apply, all new', ['apply', '--auto-approve']);
    for (const [name, args] of Object.entries(CONVERGED)) {
      const row = await once(name, args);
      const few = Math.min(runs, size > 1000 ? 2 : 5);
      const { wall, ratio } = await paired(
        few,
        () => fleetform(args, options),
        () => node(FLOOR),
      );
      yield { ...row, wall, ratio };
    }
    yield once('destroy', ['destroy', '--auto-approve']);
    api.stop();
  }
  if (sizes.length < 2) return;
  for (const [name, all] of points) {
    const large = all.slice(-2);
    const of = (key) => exponent(large.map((point) => ({ size: point.size, value: point[key] })));
    const times = large[1].cpu / large[0].cpu;
    const span = `${large[0].size.toLocaleString('en')} to ${large[1].size.toLocaleString('en')}`;
    yield {
      name: `${name}, ${span}`,
      exponent: of('cpu'),
      exponentOfWall: of('wall'),
      growth: times,
      aim: 12,
    };
  }
}
