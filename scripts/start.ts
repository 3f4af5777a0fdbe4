// The first run: a workspace with example servers, then the product in front of them.
// `npm start -- <folder>` keeps the workspace somewhere else.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedWorkspace } from '../examples/workspace/seed.ts';
import { main } from '../packages/aegis/src/cli/main.ts';

const workspace = resolve(process.argv[2] ?? fileURLToPath(new URL('../workspace', import.meta.url)));
const configuration = join(workspace, 'aegis.toml');

if (!existsSync(configuration)) {
  await seedWorkspace(workspace);
  process.stdout.write(`made a workspace to play in: ${workspace}\n\n`);
}
await main(['start', '--config', configuration]);
