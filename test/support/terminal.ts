/** A real terminal, driven through tmux with a server of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from './cli.ts';

export interface Terminal {
  /** Each is a text to type, or the name of a key: `Enter`, `Tab`. */
  keys(...keys: string[]): void;
  /** The screen, once it has that; throws after ten seconds. */
  shows(wanted: string | RegExp): Promise<string>;
  /** All lines since the beginning, those that have scrolled away, too. */
  history(): string;
  resize(columns: number, rows: number): void;
  /** Is the cursor to be seen? */
  hasCursor(): boolean;
}

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** `command`: a shell line that the terminal runs in `cwd`; it is ended with the work. */
export async function terminal(
  cwd: string,
  command: string,
  work: (terminal: Terminal) => Promise<void>,
  { env = {}, columns = 100, rows = 50 }: TerminalOptions = {},
): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'fleetform-tmux-'));
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-f', '/dev/null', '-S', join(place, 'socket'), ...args], {
      encoding: 'utf8',
      env: environment({ TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env }),
    });
  tmux('-u', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', cwd, command);
  try {
    await work({
      keys: (...keys) => void tmux('send-keys', ...keys),
      history: () => tmux('capture-pane', '-p', '-S', '-'),
      resize: (width, height) => void tmux('resize-window', '-x', `${width}`, '-y', `${height}`),
      hasCursor: () => tmux('display-message', '-p', '#{cursor_flag}').trim() === '1',
      async shows(wanted) {
        for (let tries = 0; tries < 200; tries += 1) {
          const screen = tmux('capture-pane', '-p');
          if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return screen;
          await new Promise((done) => setTimeout(done, 50));
        }
        throw new Error(`never shown: ${wanted}\n${tmux('capture-pane', '-p')}`);
      },
    });
  } finally {
    tmux('kill-server');
    rmSync(place, { recursive: true, force: true });
  }
}
