import { AegisError, printable } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { programIsThere } from '../doctor/servers.ts';
import type { Environment } from './environment.ts';
import { type Gateway, SERVERS_DEADLINE_MS } from './gateway.ts';

const RUN_BY_HAND = 'run its command by hand in its `cwd`, with only the variables under `env`';

/** Fails with `UPSTREAM_UNAVAILABLE` when a server is not up, and says of each where it is named, and why. */
export async function requireServers(
  { file, servers }: Configuration,
  gateway: Gateway,
  environment: Environment,
): Promise<void> {
  const down = gateway
    .servers()
    .flatMap(({ name, problem }) => (problem === undefined ? [] : [{ name, problem }]));
  const faults: { readonly where: string; readonly why: string; readonly help: string }[] = [];
  for (const { name, problem } of down) {
    const server = servers.find((one) => one.name === name);
    const where = `server \`${name}\` of ${file}`;
    const said = printable(problem).replace(`server \`${name}\``, 'it');
    if (server?.kind !== 'stdio') {
      faults.push({ where, why: said, help: 'look whether it runs, and at its `url`' });
      continue;
    }
    const [program] = server.command;
    if (!(await programIsThere(program, server.cwd, environment['PATH'] ?? ''))) {
      const help = 'install it, or write its whole path as the first word of `command`';
      faults.push({ where, why: `there is no program \`${program}\``, help });
    } else if (said === NOT_YET) {
      const why = `it has not answered within ${SERVERS_DEADLINE_MS / 1_000} seconds`;
      const help = 'run it again: what `npx` and `uvx` start is downloaded first';
      faults.push({ where, why, help });
    } else faults.push({ where, why: said, help: RUN_BY_HAND });
  }
  const [first] = faults;
  if (first === undefined) return;
  const lines = faults.map(({ where, why }) => `  where: ${where}\n  why: ${why}`).join('\n');
  throw new AegisError('UPSTREAM_UNAVAILABLE', `cannot start every server\n${lines}`, { help: first.help });
}

/** What the catalogue says of a server that has neither come up nor failed. */
const NOT_YET = 'it has not been started';
