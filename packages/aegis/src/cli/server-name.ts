import { configurationName } from '../clients/wrap.ts';

/** Programs that run another one: the server is what they are given. */
const RUNNERS =
  /^(?:npx|bunx|pnpx|uvx|pipx|npm|pnpm|yarn|bun|deno|node|tsx|uv|python[\d.]*|env|sh|bash)(?:\.(?:cmd|exe))?$/i;

/** Words with which a runner says that it runs something. */
const VERBS = new Set(['run', 'exec', 'x', 'dlx', 'tool']);

/**
 * What to call a server that is known by its command alone: the package, script or program that it
 * runs, without its scope, version and extension.
 */
export function serverNameOf(command: readonly string[]): string {
  const [program = 'server', ...args] = command;
  const runner = RUNNERS.test(last(program));
  const named = runner ? args.find((word) => !word.startsWith('-') && !VERBS.has(word)) : undefined;
  const bare = last(named ?? program)
    .replace(/(?<=.)@.*$/, '')
    .replace(/\.(?:[cm]?[jt]s|py|exe|cmd|sh)$/i, '');
  return configurationName(bare);
}

function last(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}
