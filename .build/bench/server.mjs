// The account over HTTP, in a process of its own: `fork`ed, it tells its URL, and answers `counts` and `stop`.
// Arguments: { fleets, latency } as JSON; `latency` in milliseconds, for every answer.
import { createServer } from 'node:http';
import { createAccount } from './account.mjs';

const { fleets, latency = 0 } = JSON.parse(process.argv[2]);
const account = createAccount(fleets);
let counts = {};
let inFlight = 0;
let most = 0;
/** Of the requests that write: when the first came, and the last was answered. */
let writes = { count: 0, first: 0, last: 0 };

const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
  inFlight += 1;
  most = Math.max(most, inFlight);
  const isWrite = incoming.method !== 'GET';
  if (isWrite && writes.count === 0) writes.first = performance.now();
  if (isWrite) writes.count += 1;
  const parts = [];
  incoming.on('data', (part) => parts.push(part));
  incoming.on('end', () => {
    const name = `${incoming.method} ${incoming.url.split('?')[0].replace(/\d+/g, 'ID').replace('/vID/', '/v3/')}`;
    counts[name] = (counts[name] ?? 0) + 1;
    const { status, body, headers } = account.answer(
      incoming.method,
      incoming.url,
      Buffer.concat(parts).toString(),
      incoming.headers,
    );
    const send = () => {
      inFlight -= 1;
      if (isWrite) writes.last = performance.now();
      outgoing.writeHead(status, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        ...headers,
      });
      outgoing.end(body);
    };
    if (latency === 0) send();
    else setTimeout(send, latency);
  });
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));

process.on('message', (message) => {
  if (message === 'counts') {
    process.send({
      counts,
      most,
      writes: { count: writes.count, span: writes.last - writes.first },
      ...account.sizes(),
    });
    counts = {};
    writes = { count: 0, first: 0, last: 0 };
    most = 0;
  } else process.exit(0);
});
process.on('disconnect', () => process.exit(0));
