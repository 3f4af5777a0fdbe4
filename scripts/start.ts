// The first run: a workspace with example servers, then the product in front of them.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seedWorkspace } from '../examples/workspace/seed.ts';
import { main } from '../packages/aegis/src/cli/main.ts';

const workspace = fileURLToPath(new URL('../workspace/', import.meta.url));
const configuration = `${workspace}aegis.toml`;

if (!existsSync(configuration)) {
  await seedWorkspace(workspace);
  process.stdout.write(`made a workspace to play in: ${workspace}\n\n`);
}
await main(['start', '--config', configuration]);
