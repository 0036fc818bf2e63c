/** git-http-backend, as any web server runs it, behind a password. */
import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface GitHttp {
  readonly url: string;
  /** Of every request: `GET /remote.git/info/refs`. */
  readonly requests: string[];
  /** Whether a push is let through. */
  mayPush: boolean;
  /** Of the same user: what may only fetch. */
  readOnlyPassword: string | null;
  close(): Promise<void>;
}

export async function serveGit(folder: string, user: string, password: string): Promise<GitHttp> {
  const program = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');
  const login = (secret: string) => `basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    served.requests.push(`${request.method} ${url.pathname}`);
    const given = request.headers.authorization?.replace(/^basic/i, 'basic');
    const isReader = served.readOnlyPassword !== null && given === login(served.readOnlyPassword);
    if (!isReader && given !== login(password)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no');
    } else if ((isReader || !served.mayPush) && `${url}`.includes('git-receive-pack'))
      response.writeHead(403).end('read only');
    else runCgi(program, folder, url, request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const served: GitHttp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    mayPush: true,
    readOnlyPassword: null,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return served;
}

function runCgi(
  program: string,
  folder: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const child = spawn(program, {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      REMOTE_USER: 'someone',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      HTTP_GIT_PROTOCOL: request.headers['git-protocol'] as string | undefined,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => {});
  let head = Buffer.alloc(0);
  let isBody = false;
  child.stdout.on('data', (part: Buffer) => {
    if (isBody) {
      response.write(part);
      return;
    }
    head = Buffer.concat([head, part]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    isBody = true;
    const headers = head
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': ') as [string, string]);
    const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
    response.writeHead(Number.parseInt(status, 10), headers.filter(([name]) => name !== 'Status').flat());
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => response.end());
}
