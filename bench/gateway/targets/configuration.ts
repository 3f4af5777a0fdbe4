import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from './profiles.ts';

export interface Configured {
  readonly file: string;
  /** Folder of the configuration, and of the ledger. */
  readonly folder: string;
  readonly token: string;
}

/** How Aegis reaches the server behind it. */
export type Behind = { readonly url: string } | { readonly command: readonly [string, ...string[]] };

/** Writes what an operator would write: configuration, rules, manifest, token. */
export function configure(folder: string, profile: Profile, behind: Behind, toolCount: number): Configured {
  mkdirSync(join(folder, '.aegis'), { recursive: true, mode: 0o700 });
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(folder, '.aegis/token'), token, { mode: 0o600 });
  const tools = Array.from({ length: toolCount }, (_, i) => `tool_${i}`);
  const manifest = {
    server: 'bench',
    tools: {
      ...Object.fromEntries(tools.map((name) => [name, { capabilities: ['fs.read'], args: profile.args }])),
      forbidden: { capabilities: ['fs.write'] },
      executed: { capabilities: ['fs.read'] },
    },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const configuration = {
    daemon: { addr: '127.0.0.1:0' },
    limits: { max_steps: 1e9, max_tool_calls: 1e9, max_wall_time_ms: 1e9 },
    agents: [{ name: 'bench', token: { file: '.aegis/token' } }],
    servers: [
      {
        name: 'bench',
        manifest: 'manifest.json',
        ...('url' in behind ? { url: behind.url, max_concurrency: 256 } : { command: behind.command }),
      },
    ],
    policies: profile.rules(tools),
  };
  const file = join(folder, 'aegis.json');
  writeFileSync(file, JSON.stringify(configuration, undefined, 2));
  return { file, folder, token };
}
