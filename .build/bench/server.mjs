// The account over HTTP, in a process of its own: `fork`ed, it tells its URL, and answers `counts` and `stop`.
// Arguments: { fleets, latency } as JSON; `latency` in milliseconds, for every answer.
import { createServer } from 'node:http';
import { createAccount } from './account.mjs';

const { fleets, latency = 0 } = JSON.parse(process.argv[2]);
const account = createAccount(fleets);
let counts = {};
let inFlight = 0;
let most = 0;
/** From the first request that writes on, reads in between included: when it came, and the last was answered. */
let work = { count: 0, first: 0, last: 0 };

const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
  inFlight += 1;
  most = Math.max(most, inFlight);
  const isWork = work.count > 0 || incoming.method !== 'GET';
  if (isWork && work.count === 0) work.first = performance.now();
  if (isWork) work.count += 1;
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
      if (isWork) work.last = performance.now();
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
      work: { count: work.count, span: work.last - work.first },
      ...account.sizes(),
    });
    counts = {};
    work = { count: 0, first: 0, last: 0 };
    most = 0;
  } else process.exit(0);
});
process.on('disconnect', () => process.exit(0));
