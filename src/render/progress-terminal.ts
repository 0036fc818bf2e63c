/**
 * The rows on a terminal, by listr2. Its renderer costs time by the square of the rows and redraws at each change
 * of a title, so it gets a fixed, small number of untitled tasks, and their titles are set just before each of its
 * own frames: thousands of events cost no more than ten redraws a second.
 */
import {
  DefaultRenderer,
  Listr,
  ListrDefaultRendererLogLevels,
  ListrLogger,
  ProcessOutput,
  Spinner,
} from 'listr2';
import { painter } from './color.ts';
import type { Progress } from './progress-port.ts';
import { progressRows } from './progress-rows.ts';

export interface RowsOptions {
  /** Must not throw. */
  readonly write: (text: string) => void;
  /** Has the last frame not been read yet? Then the next one is left out: its rows stay as they are, and cost nothing. */
  readonly isBehind: () => boolean;
  readonly color: boolean;
  /** Columns and lines of the terminal. */
  readonly width: number;
  readonly height: number;
}

/** Rows that get a line of their own; four more are for what they share. */
const MOST_ROWS = 15;
const SHARED_ROWS = 4;
/** listr2 breaks lines at the width of stdout, or at 80 columns, whatever stream it writes to. */
const WIDEST = 76;

/** Nothing is written before the first event. */
export function startRows(options: RowsOptions): Progress {
  const limit = Math.max(1, Math.min(MOST_ROWS, options.height - SHARED_ROWS - 2));
  const width = Math.max(20, Math.min(WIDEST, options.width - 4));
  const rows = progressRows({ limit, width, paint: painter(options.color) });
  let screen: Screen | undefined;
  let isOver = false;
  return {
    emit: (event) => {
      rows.take(event);
      screen ??= openScreen(options, limit + SHARED_ROWS, (spinner) => rows.lines(spinner));
    },
    notice(text, plainly) {
      // While rows move, whatever else is written would make a second set of them.
      if (screen !== undefined && !isOver) rows.notice(text);
      else plainly(text);
    },
    end: async () => {
      await screen?.close();
      isOver = true;
      // All of them: what failed is what has to be dealt with.
      for (const remark of rows.remarks()) options.write(`${remark}\n`);
    },
  };
}

interface Screen {
  close(): Promise<void>;
}

/** Asks whether stdout is a terminal; whether our own stream is one has been found out before. */
class AnyStreamRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

function openScreen(options: RowsOptions, size: number, linesOf: (spinner: string) => string[]): Screen {
  const tasks: { title?: string }[] = [];
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  let allStarted = () => {};
  const started = new Promise<void>((resolve) => {
    allStarted = resolve;
  });
  const draw = (spinner: string) => {
    const lines = linesOf(spinner);
    for (const [index, task] of tasks.entries()) {
      const line = lines[index];
      if (line !== undefined) task.title = line;
      else delete task.title;
    }
  };
  const list = new Listr(
    Array.from({ length: size }, () => ({
      task: (_: unknown, wrapper: { task: { title?: string } }) => {
        tasks.push(wrapper.task);
        if (tasks.length === size) allStarted();
        return closed;
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: AnyStreamRenderer,
      rendererOptions: {
        formatOutput: 'truncate',
        icon: NO_ICONS,
        logger: new ListrLogger({ useIcons: false, processOutput: outputTo(options) }),
        spinner: new Frames((spinner) => {
          if (!options.isBehind()) draw(spinner);
        }),
      },
    },
  );
  const ended = list.run().then(
    () => {},
    () => {},
  );
  return {
    close: async () => {
      // A short story may be over before the first frame.
      await Promise.race([started, ended]);
      draw('·');
      close();
      await ended;
    },
  };
}

/** Calls back before each of the renderer's frames; the icons are ours, in the titles. */
class Frames extends Spinner {
  private readonly draw: (spinner: string) => void;
  private frame = 0;

  constructor(draw: (spinner: string) => void) {
    super();
    this.draw = draw;
  }

  override spin(): void {
    this.frame = (this.frame + 1) % FRAMES.length;
    this.draw(FRAMES[this.frame] ?? '');
  }

  override fetch(): string {
    return '';
  }
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

const NO_ICONS = Object.fromEntries(Object.values(ListrDefaultRendererLogLevels).map((level) => [level, '']));

/** listr2 takes over the `write` of what it is given: a stand-in, so that the real stream stays everyone's. */
function outputTo(options: RowsOptions): ProcessOutput {
  const stand = {
    isTTY: true,
    columns: options.width,
    rows: options.height,
    write: (text: string) => {
      options.write(text);
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  return new ProcessOutput(stand, stand);
}
