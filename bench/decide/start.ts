// What a start reads, in a process of its own: `text` reads and compiles the rules, `snapshot` takes what an earlier
// start kept. Arguments: which of them, and a folder that `writePolicy` wrote. Prints one line of JSON.
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '@aegis/core';
import { resolvePath } from '../../packages/aegis/src/inspect/resolve-path.ts';
import { loadRuleset } from '../../packages/aegis/src/source/ruleset.ts';
import { snapshotsIn } from '../../packages/aegis/src/source/snapshots.ts';
import { cpuMs, sha256 } from './workload.ts';

const [kind = '', folder = '', name = ''] = process.argv.slice(2);
const { mode, limits, risk } = DEFAULT_SETTINGS;
const started = process.cpuUsage();
const at = performance.now();
const { ruleset, diagnostics } = await loadRuleset(
  {
    rules: undefined,
    policyFiles: [join(folder, name)],
    servers: [],
    agents: [],
    trust: { mode: 'dev', keys: [] },
    settings: { mode, limits, risk },
    resolvePath,
    ...(kind === 'snapshot' ? { snapshots: snapshotsIn(join(folder, `${name}.cache`)) } : {}),
  },
  sha256,
);
if (ruleset === undefined) throw new Error(JSON.stringify(diagnostics[0]));
process.stdout.write(JSON.stringify({ cpu: cpuMs(started), wall: performance.now() - at }));
