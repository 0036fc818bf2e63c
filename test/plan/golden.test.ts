/**
 * Each kind of change and finding, one folder each (golden-case.ts says how to read them). `UPDATE_GOLDEN=1` rewrites
 * `plan.json` and `plan.txt`; what a case has to come to stands in its `case.json`, and no run rewrites that.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/model/plan.ts';
import { hasErrors } from '../../src/model/plan-summary.ts';
import { planToJson } from '../../src/model/plan-text.ts';
import { plan } from '../../src/plan/plan.ts';
import { parsePlan } from '../../src/plan/plan-json.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { loadCase } from './golden-case.ts';

const ROOT = 'test/plan/golden';
const isUpdate = process.env.UPDATE_GOLDEN === '1';
const it = suite('plan golden');

for (const name of readdirSync(ROOT).sort()) {
  const folder = join(ROOT, name);
  it(name, async () => {
    const { input, expect } = await loadCase(folder);
    const made = plan(input);
    assert.equal(outcome(made), expect, `${folder}/case.json expects otherwise`);
    const json = planToJson(made);
    assert.equal(parsePlan(json), JSON.parse(JSON.stringify(made)), 'its own schema refuses it');
    compareFile(join(folder, 'plan.json'), normalised(json));
    compareFile(
      join(folder, 'plan.txt'),
      renderPlan(made, {
        now: input.now,
        color: false,
        width: 100,
        timezone: 'Europe/Amsterdam',
        aliases: input.desired.aliases,
        cwd: resolve(folder),
      }),
    );
  });
}

/** One line per change and per error or warning, in the plan's order. */
function outcome(made: Plan): string[] {
  const changes = made.changes.map(({ action, address }) => `${action} ${address}`);
  const findings = made.diagnostics
    .filter(({ code }) => code.startsWith('plan.'))
    .map(({ severity, code, address }) => [severity, code, address].filter(Boolean).join(' '));
  const unmanaged = made.unmanaged.map(({ batchId }) => `unmanaged ${batchId}`);
  assert.is(
    hasErrors(made),
    findings.some((line) => line.startsWith('error')),
  );
  const moves = made.moves.map(({ from, to }) => `move ${from} -> ${to}`);
  const drift = made.drift.map(
    ({ kind, address, count, total }) => `drift ${kind} ${address} ${count}/${total}`,
  );
  return [...changes, ...moves, ...drift, ...unmanaged, ...findings];
}

/** Without what differs from run to run and from machine to machine. */
function normalised(json: string): string {
  const { plannedAt: _at, fleetformVersion: _version, desiredDigest: _digest, ...rest } = JSON.parse(json);
  return `${JSON.stringify(rest, null, 2).replaceAll(JSON.stringify(resolve('.')).slice(1, -1), '')}\n`;
}

function compareFile(file: string, text: string): void {
  if (isUpdate) writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is missing; UPDATE_GOLDEN=1 writes it`);
  assert.fixture(text, readFileSync(file, 'utf8'), `${file} differs`);
}

it.run();
