import { printable } from '@aegis/core';
import { secretArguments, withoutCredentials } from '../../../clients/plain-value.ts';
import { listServices, type Service } from '../../../daemon/services.ts';
import { JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configure } from '../../configure.ts';
import { EXIT } from '../../exit.ts';

export const listServicesCommand: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  positionals: 0,
  async run(args, terminal) {
    const services = (await listServices(await configure(args, terminal))).map((service) => ({
      name: service.name,
      kind: service.kind,
      endpoint: endpointOf(service),
      credentials: service.credentials,
    }));
    const json = args.options['json'] === true;
    const width = Math.max(0, ...services.map(({ name }) => name.length));
    const wide = Math.max(0, ...services.map(({ endpoint }) => endpoint.length));
    for (const service of services) {
      const { name, endpoint, credentials } = service;
      const count = `${credentials} credential${credentials === 1 ? '' : 's'}`;
      const line = `${name.padEnd(width)}  ${endpoint.padEnd(wide)}  ${count}`;
      terminal.stdout.write(`${json ? JSON.stringify(service) : printable(line)}\n`);
    }
    if (services.length === 0 && !json)
      terminal.stdout.write('no services yet: `aegis mcp add` adds a server\n');
    return EXIT.ok;
  },
};

/** SECURITY: whatever somebody wrote into an address or a command line, this does not show it. */
function endpointOf({ server, domain }: Service): string {
  if (server === undefined) return `https://${domain ?? ''}`;
  if (server.kind === 'http') return withoutCredentials(server.url);
  const secret = secretArguments(server.command);
  return server.command.map((word, at) => (secret.includes(at) ? '[secret]' : word)).join(' ');
}
