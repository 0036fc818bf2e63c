// The same work in Terraform: a plan of as many resources that are up to date, which are all in memory.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetform, paired, temporaryFolder, wall } from './measure.mjs';
import { count } from './start-up.mjs';
import { folderOf, startApi } from './worlds.mjs';

export const title = "converged plan, against Terraform's plan of as many `terraform_data` resources";

export async function* rows({ runs, isQuick }) {
  if (spawnSync('terraform', ['version']).error !== undefined) {
    yield { name: 'terraform', note: 'not measured: it is not on this machine' };
    return;
  }
  for (const size of isQuick ? [100] : [100, 1000, 3000]) {
    const theirs = terraformFolder(size);
    const api = await startApi();
    const ours = { cwd: folderOf(size), env: api.env };
    await fleetform(['apply', '--auto-approve'], ours);
    const one = () => fleetform(['plan', '--detailed-exitcode'], ours);
    const other = () => wall('terraform', ['plan', '-input=false', '-detailed-exitcode'], { cwd: theirs });
    const few = size > 1000 ? 1 : Math.min(runs, 3);
    const { wall: time, ratio } = await paired(few, one, other);
    const aim = { 1000: 4, 3000: 12 }[size];
    yield { name: `plan, ${count(size)}`, wall: time, timesFaster: 1 / ratio, aim };
    api.stop();
  }
}

/** As `terraform apply` leaves it, which takes minutes to make so many. */
function terraformFolder(size) {
  const folder = temporaryFolder();
  const names = Array.from({ length: size }, (_, i) => `restart_${i}`);
  const blocks = names.map((name) => `resource "terraform_data" "${name}" {\n  input = "${name}"\n}\n`);
  writeFileSync(join(folder, 'main.tf'), blocks.join('\n'));
  const resources = names.map((name) => {
    const input = { value: name, type: 'string' };
    const attributes = { id: randomUUID(), input, output: input, triggers_replace: null };
    return {
      mode: 'managed',
      type: 'terraform_data',
      name,
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
    };
  });
  const state = {
    version: 4,
    terraform_version: '1.0.0',
    serial: 1,
    lineage: randomUUID(),
    outputs: {},
    resources,
  };
  writeFileSync(join(folder, 'terraform.tfstate'), JSON.stringify(state));
  execFileSync('terraform', ['init', '-input=false'], { cwd: folder, stdio: 'ignore' });
  return folder;
}
