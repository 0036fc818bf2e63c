// An account of the API in memory, as small and quick as it can be: what the client costs is to be measured, not this.
// It behaves; the tests have those that don't. Nothing of `src/` is used. Times are this machine's.
const DONE = 127;
const CANCELLED = 125;
const PAUSED = 2;
const PENDING = 0;
const LIST = 100;

export const TEMPLATES = [
  { id: 7, name: 'Restart game server', description: 'Stop and start', actions: [] },
  { id: 9, name: 'Collect logs', description: '', actions: [] },
];

/** `fleets`: how many game servers each has, by id. */
export function createAccount(fleets) {
  const servers = Object.entries(fleets).flatMap(([fleetId, count], nth) =>
    Array.from({ length: count }, (_, i) => ({
      id: String(1_500_000_000_000_000_000n + BigInt(nth) * 100_000n + BigInt(i)),
      fleetId,
      regionId: '42',
    })),
  );
  const byFleet = groupBy(servers);
  const batches = new Map();
  const tasks = new Map();
  const newest = [];
  const newestTasks = [];
  const ofServer = new Map();
  let nextBatch = 5001;
  let nextTask = 90001;

  function create({ taskTemplateId, fleetId, applicationInstanceIds, executeAt }) {
    const at = now();
    const ids = applicationInstanceIds ?? (byFleet.get(fleetId) ?? []).map(({ id }) => id);
    const batch = { id: nextBatch++, createdAt: at, executeAt: executeAt ?? at, finishedAt: 0, taskIds: [] };
    const { name } = TEMPLATES.find(({ id }) => String(id) === String(taskTemplateId));
    for (const entityId of ids) {
      const task = {
        id: nextTask++,
        name,
        batchId: batch.id,
        entityId,
        executeAt: batch.executeAt,
        resultCode: PENDING,
        finishedAt: 0,
      };
      batch.taskIds.push(task.id);
      tasks.set(task.id, task);
      keep(newestTasks, task);
      const own = ofServer.get(entityId) ?? [];
      ofServer.set(entityId, own);
      keep(own, task, 50);
    }
    batches.set(batch.id, batch);
    keep(newest, batch);
    return batch;
  }

  const batchText = (batch) => {
    const own = batch.taskIds.map((id) => tasks.get(id));
    const count = (code) => own.filter((task) => task.resultCode === code).length;
    const { id, createdAt, executeAt, finishedAt, taskIds } = batch;
    return (
      `{"id":${id},"createdAt":${createdAt},"executeAt":${executeAt},"finishedAt":${finishedAt},` +
      `"numTasks":${taskIds.length},"numTasksOk":${count(DONE)},"numTasksFailed":0,` +
      `"numTasksCancelled":${count(CANCELLED)},"taskIds":[${taskIds.join(',')}]}`
    );
  };

  function change(task, next) {
    if (task === undefined) return NOT_FOUND;
    const code = next(task.resultCode);
    if (code === null) return CONFLICT;
    task.resultCode = code;
    if (code === CANCELLED) task.finishedAt = now();
    return ok(taskText(task));
  }

  const cancel = (code) => (code >= CANCELLED ? null : CANCELLED);
  const toggle = (code) => (code === PENDING ? PAUSED : code === PAUSED ? PENDING : null);

  /** `{ status, body, headers }` */
  function answer(method, path, body, headers) {
    const [where, query = ''] = path.split('?');
    const [, , , kind, id, more] = where.split('/');
    if (where === '/v3/applicationInstance') return inventory(query, headers);
    if (kind === 'task' && id === 'template') return ok(JSON.stringify(TEMPLATES).slice(1, -1));
    if (kind === 'task' && id === undefined && method === 'POST')
      return ok(batchText(create(JSON.parse(body))));
    if (kind === 'task' && id === undefined) return ok(newestTasks.map(taskText).join(','));
    if (kind === 'task') {
      const task = tasks.get(Number(id));
      if (method === 'DELETE') return change(task, cancel);
      if (method === 'PUT') return change(task, toggle);
      return task === undefined ? NOT_FOUND : ok(taskText(task));
    }
    if (kind === 'taskBatch' && id === undefined) return ok(newest.map(batchText).join(','));
    if (kind === 'taskBatch') {
      const batch = batches.get(Number(id));
      return batch === undefined ? NOT_FOUND : ok(batchText(batch));
    }
    if (id === 'task' && more === undefined) return ok((ofServer.get(kind) ?? []).map(taskText).join(','));
    return NOT_FOUND;
  }

  function inventory(query, headers) {
    const filters = new URLSearchParams(query).get('filters') ?? '';
    const fleet = /fleetId\s*=\s*'?(\d+)/.exec(filters)?.[1];
    const region = /regionId\s*=\s*'?(\d+)/.exec(filters)?.[1];
    const all = servers.filter(
      (one) =>
        (fleet === undefined || one.fleetId === fleet) && (region === undefined || one.regionId === region),
    );
    const results = Number(/results=(\d+)/.exec(headers['ranged-data'] ?? '')?.[1] ?? 25);
    const start = Number(headers['page-token'] ?? 0);
    const end = start + results;
    const page = all.slice(start, end).map((one) => JSON.stringify(one));
    return { ...ok(page.join(',')), ...(end < all.length && { headers: { 'PAGE-TOKEN': String(end) } }) };
  }

  return { create, answer, sizes: () => ({ batches: batches.size, tasks: tasks.size }) };
}

function groupBy(servers) {
  const groups = new Map();
  for (const one of servers) groups.set(one.fleetId, [...(groups.get(one.fleetId) ?? []), one]);
  return groups;
}

function keep(list, item, most = LIST) {
  list.unshift(item);
  if (list.length > most) list.pop();
}

const now = () => Math.floor(Date.now() / 1000);
const ok = (items) => ({ status: 200, body: `[${items}]` });
const refusal = (status, message) => ({
  status,
  body: `{"errorCode":${status},"errorMessage":"${message}","errors":[]}`,
});
const NOT_FOUND = refusal(404, 'not found');
const CONFLICT = refusal(409, 'cannot be cancelled');

function taskText({ id, name, batchId, entityId, executeAt, resultCode, finishedAt }) {
  return (
    `{"id":${id},"name":"${name}","batchId":${batchId},"categoryId":1,"entityId":${entityId},` +
    `"currentActionIdx":0,"executeAt":${executeAt},"lastActivityAt":0,"finishedAt":${finishedAt},` +
    `"resultCode":${resultCode},"resultText":""}`
  );
}
