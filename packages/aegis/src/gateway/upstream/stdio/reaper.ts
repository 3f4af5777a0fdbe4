import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Sees to it that no process group outlives this process, even when it is killed and can clean up
 * nothing. A small shell waits at the other end of a pipe: when the pipe closes, it ends what is left.
 */
export interface Reaper {
  watch(group: number): void;
  forget(group: number): void;
}

// Ignores what a terminal sends to everyone: it has to outlive us. `kill` on a group that is gone fails quietly.
const SCRIPT = `
trap '' INT TERM HUP QUIT
groups=' '
while read -r op group; do
  case $op in
    watch) groups="$groups$group " ;;
    forget) case $groups in *" $group "*) groups="\${groups%% "$group" *} \${groups#* "$group" }" ;; esac ;;
  esac
done
[ -z "\${groups## }" ] && exit 0
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
sleep 1
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
exit 0
`;

/** One reaper for a process; its shell is started with the first group. Does nothing on Windows, which has no groups. */
export function createReaper(): Reaper {
  let shell: ChildProcess | undefined;
  const tell = (line: string): void => {
    if (process.platform === 'win32') return;
    shell ??= start();
    shell.stdin?.write(line);
  };
  return {
    watch: (group) => tell(`watch ${group}\n`),
    forget: (group) => tell(`forget ${group}\n`),
  };
}

function start(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is nothing to fall back to, and closing still ends every child.
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  shell.unref();
  (shell.stdin as { unref?: () => void } | null)?.unref?.();
  return shell;
}
