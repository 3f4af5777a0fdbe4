import { stat } from 'node:fs/promises';

/** Milliseconds between two looks at the files, and what each file adds to that. */
const LOOK_MS = 500;
const LOOK_MS_PER_FILE = 2;

/** Files that are looked at for changes. */
export interface Watch {
  /** Looks at these files from now on. Each one counts as changed once, since it may have been since it was read. */
  follow(files: Iterable<string>): void;
  /** Looks now, as it does by itself from time to time. Never rejects. */
  look(): Promise<void>;
  /** Counts everything as changed once more. */
  again(): void;
  close(): void;
}

/**
 * Calls `changed` when files have changed and then stayed as they are for one look, so that one that is
 * half written is not read. Files are looked at, not listened to: so a file that is replaced, a link that
 * is moved, and a folder of another machine are seen like any other.
 */
export function watchFiles(changed: () => void, lookMs = LOOK_MS): Watch {
  let seen = new Map<string, string | undefined>();
  let unsettled = false;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const look = async (): Promise<void> => {
    const files = seen;
    let moved = false;
    for (const file of files.keys()) {
      const now = await stateOf(file);
      if (now !== files.get(file)) moved = true;
      files.set(file, now);
    }
    if (closed) return;
    const settled = unsettled && !moved;
    unsettled = moved;
    if (settled) changed();
  };
  const wait = (): void => {
    if (closed) return;
    timer = setTimeout(() => void look().then(wait), lookMs + LOOK_MS_PER_FILE * seen.size);
    timer.unref();
  };
  wait();
  return {
    look,
    follow(files) {
      seen = new Map([...files].map((file) => [file, seen.get(file)]));
    },
    again() {
      seen = new Map([...seen.keys()].map((file) => [file, undefined]));
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** What tells one content of a file from another without reading it; a file that is not there has a state, too. */
async function stateOf(file: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(file, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  }
}
