// fleetform as a library: plan and apply on a sandbox, with a storage and a clock of one's own.
// In a folder that has the package installed: node nightly.mjs
import { randomUUID } from 'node:crypto';
import {
  apply,
  cellBackend,
  createClient,
  createSandbox,
  hasChanges,
  loadDesiredObject,
  observe,
  plan,
  renderPlan,
  version,
} from 'fleetform';

// A clock that stands still until somebody waits: unix seconds.
let time = Date.parse('2026-12-01T00:00:00Z') / 1000;
const now = () => Math.floor(time);
const sleep = async (/** @type {number} */ ms) => {
  time += ms / 1000;
};

// A storage: one text, replaced only where nobody else has. An object store with ETags, a row, a key-value store.
/** @type {string | null} */
let kept = null;
const backend = cellBackend({
  location: 'memory',
  get: async () => kept,
  swap: async (expected, text) => {
    if (kept !== expected) return false;
    kept = text;
    return true;
  },
});

// The API: here a sandbox in memory; in production createHttpTransport({ baseUrl, env: process.env }) and a token.
const { transport, origin } = createSandbox({ clock: now });
const clock = () => time * 1000;
const api = createClient({ transport, origin, token: null, sleep, clock, random: Math.random });

const desired = await loadDesiredObject({
  version: 1,
  name: 'nightly',
  api: 'sandbox',
  fleets: { eu: '1394296486561117717', us: '1394296486561117718' },
  batches: {
    restart: {
      template: 'Restart game server',
      targets: [{ fleet: 'eu' }, { fleet: 'us' }],
      executeAt: new Date('2026-12-01T03:00:00Z'),
    },
  },
});

async function planned() {
  const state = await backend.read();
  const observation = await observe(api, { desired, state, now });
  return plan({ desired, state, observation, now: observation.at, fleetformVersion: version, api: origin });
}

console.log(renderPlan(await planned(), { now: now(), color: false, width: 100, timezone: 'UTC' }));

const { outcome } = await apply({
  desired,
  api,
  backend,
  fleetformVersion: version,
  approve: async () => true,
  now,
  sleep,
  newId: randomUUID,
});
console.log(`applied: ${outcome?.created ?? 0} created`);

const again = await planned();
console.log(`again: ${hasChanges(again) ? 'some' : 0} changes`);
await backend.close();
