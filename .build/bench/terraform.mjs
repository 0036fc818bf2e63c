// The same work in Terraform: a plan of as many resources that are up to date, which are all in memory.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetform, paired, temporaryFolder, wall } from './measure.mjs';
import { count } from './start-up.mjs';
import { folderOf, startApi } from './worlds.mjs';

export const title = "converged plan, against Terraform's plan of as many `terraform_data` resources";

/** As people write many that are alike in Terraform; and as its quickest, which nobody would write by hand. */
const SHAPES = {
  'one `for_each`': {
    aims: { 1000: 4, 3000: 12 },
    text: (names) => `locals {
  runs = {
${names.map((name) => `    ${name} = ${asHcl(wish(name))}`).join('\n')}
  }
}
resource "terraform_data" "restart" {
  for_each = local.runs
  input    = each.value
}
`,
    resources: (names) => [
      resource(
        'restart',
        names.map((name) => instance(name, { index_key: name })),
      ),
    ],
  },
  'a block each': {
    aims: {},
    text: (names) =>
      names
        .map((name) => `resource "terraform_data" "${name}" {\n  input = ${asHcl(wish(name))}\n}\n`)
        .join('\n'),
    resources: (names) => names.map((name) => resource(name, [instance(name)])),
  },
};

export async function* rows({ runs, isQuick }) {
  if (spawnSync('terraform', ['version']).error !== undefined) {
    yield { name: 'terraform', note: 'not measured: it is not on this machine' };
    return;
  }
  for (const size of isQuick ? [100] : [100, 1000, 3000]) {
    const api = await startApi();
    const ours = { cwd: folderOf(size), env: api.env };
    await fleetform(['apply', '--auto-approve'], ours);
    const one = () => fleetform(['plan', '--detailed-exitcode'], ours);
    const few = size > 1000 ? 1 : Math.min(runs, 3);
    for (const [name, shape] of Object.entries(SHAPES)) {
      const theirs = terraformFolder(size, shape);
      const other = () => wall('terraform', ['plan', '-input=false', '-detailed-exitcode'], { cwd: theirs });
      // Terraform's largest takes minutes.
      const { wall: time, ratio } = await paired(few, one, other, { warms: size <= 1000 });
      yield {
        name: `plan, ${count(size)}; ${name}`,
        wall: time,
        timesFaster: 1 / ratio,
        aim: shape.aims[size],
      };
    }
    api.stop();
  }
}

/** As `terraform apply` leaves it, which takes minutes to make so many. */
function terraformFolder(size, { text, resources }) {
  const folder = temporaryFolder();
  const names = Array.from({ length: size }, (_, i) => `restart_${i}`);
  writeFileSync(join(folder, 'main.tf'), text(names));
  const state = {
    version: 4,
    terraform_version: '1.0.0',
    serial: 1,
    lineage: randomUUID(),
    outputs: {},
    resources: resources(names),
  };
  writeFileSync(join(folder, 'terraform.tfstate'), JSON.stringify(state));
  execFileSync('terraform', ['init', '-input=false'], { cwd: folder, stdio: 'ignore' });
  return folder;
}

function resource(name, instances) {
  const provider = 'provider["terraform.io/builtin/terraform"]';
  return { mode: 'managed', type: 'terraform_data', name, provider, instances };
}

/** What a batch of ours says, too. */
function wish(name) {
  const at = new Date((1_900_000_000 + Number(name.slice('restart_'.length)) * 60) * 1000).toISOString();
  return { template: 'Restart game server', fleet: '1394296486561117717', executeAt: at };
}

function asHcl(value) {
  return `{ ${Object.entries(value)
    .map(([key, text]) => `${key} = "${text}"`)
    .join(', ')} }`;
}

function instance(name, key = {}) {
  const value = wish(name);
  const types = Object.fromEntries(Object.keys(value).map((field) => [field, 'string']));
  const input = { value, type: ['object', types] };
  const attributes = { id: randomUUID(), input, output: input, triggers_replace: null };
  return { ...key, schema_version: 0, attributes, sensitive_attributes: [] };
}
