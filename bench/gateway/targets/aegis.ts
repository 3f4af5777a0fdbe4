import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd, type Started, startProgram } from '../measure/process.ts';
import { type Configured, configure } from './configuration.ts';
import { countCalls } from './ledger.ts';
import { type ProfileName, PROFILES } from './profiles.ts';
import { behind, type Scene, type TargetKind, type Transport } from './target.ts';

/** One profile of Aegis; `node`: what is said to Node.js besides, for the command that users run. */
export function aegis(name: ProfileName, node: readonly string[] = []): TargetKind {
  const { says, control, kernel } = PROFILES[name];
  return {
    name,
    says,
    before: ['http', 'stdio'],
    async start(scene, transport) {
      const configured = configureIn(scene, transport, name);
      const { pid, match, stop } = await (kernel === 'as shipped'
        ? started(scene, configured, node)
        : partly(scene, configured, kernel));
      const url = `http://127.0.0.1:${match[1]}/mcp`;
      const tally = { calls: 0 };
      const { token, folder } = configured;
      return {
        name,
        pid,
        ...(kernel === 'as shipped' ? { ledger: ledgerOf(folder) } : {}),
        endpoint: { name, url, token, control, tools: scene.tools, tally },
        async stop() {
          await stop();
          if (kernel === 'as shipped') proveLedger(scene, configured, tally.calls);
          rmSync(folder, { recursive: true });
        },
      };
    },
  };
}

function configureIn(scene: Scene, transport: Transport, name: ProfileName): Configured {
  const folder = mkdtempSync(join(scene.installation.folder, `${name}-`));
  return configure(folder, PROFILES[name], behind(scene, transport, name), scene.tools);
}

/** The command that users run. */
function started(
  { installation }: Scene,
  { file, folder }: Configured,
  node: readonly string[],
): Promise<Started> {
  const command = [process.execPath, ...node, installation.aegis, 'start', '--config', file] as const;
  return startProgram(command, folder, /http:\/\/127\.0\.0\.1:(\d+)\/mcp/);
}

/** The same parts with another kernel, or a ledger that is not written. */
function partly({ installation }: Scene, { file, folder }: Configured, kernel: string): Promise<Started> {
  const command = [process.execPath, installation.program('profile'), file, kernel] as const;
  return startProgram(command, folder, /^port (\d+)$/);
}

const ledgerOf = (folder: string): string => join(folder, '.aegis/aegis.db');

// The proof that the audit was durable: the ledger verifies, and holds every call that was sent.
function proveLedger({ installation }: Scene, { file, folder }: Configured, sent: number): void {
  runToEnd(process.execPath, [installation.aegis, 'verify-ledger', '--config', file], folder);
  const recorded = countCalls(ledgerOf(folder));
  if (recorded !== sent) throw new Error(`of ${sent} calls the ledger holds ${recorded}`);
}
