import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface HostileWorkspace {
  readonly folder: string;
  readonly configuration: string;
  readonly ledger: string;
  readonly journal: string;
  readonly token: string;
  readonly secret: string;
  remove(): void;
}

const server = fileURLToPath(new URL('./hostile-server.ts', import.meta.url));

/** A workspace whose one server is hostile, and a policy that allows everything of it that is not asked for. */
export function createHostileWorkspace(
  options: {
    readonly flags?: readonly string[];
    readonly secret?: string;
    readonly policies?: string;
    readonly limits?: string;
    readonly manifest?: string;
  } = {},
): HostileWorkspace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-hostile-')));
  const { secret = 'opaque-credential-0123456789' } = options;
  const token = 'an-agent-token';
  const journal = join(folder, 'journal');
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  mkdirSync(join(folder, 'open'));
  for (const [name, text] of Object.entries({ token, secret })) {
    writeFileSync(join(folder, '.aegis', name), text, { mode: 0o600 });
    chmodSync(join(folder, '.aegis', name), 0o600);
  }
  const command = [process.execPath, server, `--journal=${journal}`, ...(options.flags ?? [])];
  const configuration = join(folder, 'aegis.toml');
  if (options.manifest !== undefined) writeFileSync(join(folder, 'hostile.yaml'), options.manifest);
  writeFileSync(
    configuration,
    `[daemon]
addr = "127.0.0.1:0"
[limits]
${options.limits ?? 'max_steps = 10000\nmax_tool_calls = 10000\nmax_identical_calls = 64'}
[[agents]]
name = "attacker"
token = { file = ".aegis/token" }
[stdio]
agent = "attacker"
[[servers]]
name = "hostile"
command = ${JSON.stringify(command)}
env = { SECRET = { file = ".aegis/secret" } }
${options.manifest === undefined ? '' : 'manifest = "hostile.yaml"'}
${options.policies ?? '[[policies]]\nname = "all"\naction = "allow"\nwhen = { server = "hostile" }'}
`,
  );
  return {
    folder,
    configuration,
    ledger: join(folder, '.aegis/aegis.db'),
    journal,
    token,
    secret,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
