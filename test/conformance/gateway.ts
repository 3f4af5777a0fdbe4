import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, startDaemon } from '../e2e/aegis.ts';
import type { Endpoint } from '../servers/conformance/endpoint.ts';
import type { Pairing } from './pairings.ts';

const MANIFEST = `server: reference
client_requests: [sampling/createMessage, elicitation/create, roots/list]
`;

export interface Gateway extends Endpoint {
  /** What Aegis printed, when it has ended without being asked to. */
  ended(): string | undefined;
}

/** Starts Aegis in front of the reference server; its policy lets everything pass. */
export async function openGateway(pairing: Pairing, reference: Endpoint): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-conformance-'));
  try {
    const configuration = join(folder, 'aegis.toml');
    writeFileSync(join(folder, 'reference.yaml'), MANIFEST);
    writeFileSync(configuration, configurationOf(pairing, reference));
    const daemon = await startDaemon(configuration);
    return {
      url: daemon.url,
      ended: () =>
        daemon.child.exitCode === null && daemon.child.signalCode === null ? undefined : daemon.output(),
      close: async () => {
        await daemon.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function configurationOf({ transport, keys }: Pairing, { url }: Endpoint): string {
  const command = [process.execPath, join(root, 'test/servers/conformance/main.ts')];
  const server = { ...(transport === 'http' ? { url } : { command }), ...keys };
  return `
[daemon]
addr = "127.0.0.1:0"
anonymous = "suite"

[limits]
max_steps = 1000000
max_tool_calls = 1000000
max_wall_time_ms = 3600000
max_identical_calls = 64

[[servers]]
name = "reference"
manifest = "reference.yaml"
${Object.entries(server)
  .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  .join('\n')}

[[policies]]
name = "everything"
action = "allow"
`;
}
