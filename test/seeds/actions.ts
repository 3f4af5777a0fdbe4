import { expect } from 'vitest';
import { startApi, TOKENS } from '../api/daemon.ts';
import { aegis, root } from '../e2e/aegis.ts';
import type { PrintedDocument } from './document.ts';
import { hasFile, openFolder, shell } from './ground.ts';

// What the rows of the table speak of, in the format that such rules are written in.
const FILES = {
  'aegis.toml': 'policy = ["policy.yaml"]\n',
  'policy.yaml': `version: "1"
timezone: Europe/Zurich
defaults: { risk_level: low, approval: auto }
rules:
  - name: nobody_is_here
    match: { type: "*" }
    conditions: { time_after: "22:00", time_before: "06:00" }
    approval: block
  - name: many_at_once
    match: { type: "delete*" }
    conditions: { param_gt: { count: 100 } }
    risk_level: critical
    approval: block
  - name: dangerous
    match: { type: "pay" }
    approval: approve
`,
};

function row(what: string, found: RegExp, tool: string, args: string, at: string, exit: number) {
  return {
    what,
    found,
    requirement: 'P-08, P-09',
    becomes: {
      kind: 'runs' as const,
      run: async () => {
        const ask = ['policy', 'explain', 'database', tool, args, '--at', `2026-11-24T${at}:00+01:00`];
        const { code, stderr } = await aegis(ask, { cwd: openFolder(FILES) });
        expect([code, stderr]).toEqual([exit, '']);
      },
    },
  };
}

function container(what: string, found: RegExp) {
  const isThere = (): boolean => hasFile('deploy', 'compose.yaml', 'docker-compose.yml', 'Dockerfile');
  return { what, found, requirement: 'D-02', becomes: { kind: 'missing' as const, isThere } };
}

export const actions: PrintedDocument = {
  name: 'governance of actions',
  known: 'runtime.run_one()',
  printed: [
    {
      what: "an action of an agent's own code is blocked",
      found: /^result = await runtime\.run_one\(.*\) # -> BLOCKED$/m,
      requirement: 'G-14, U-10',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          const api = await startApi();
          try {
            const program = `import asyncio
from aegis_sdk import Action, AegisRuntime
async def main():
    runtime = AegisRuntime("${api.url}", "${TOKENS.builder}", executors={"delete": print})
    ${printed}
    print(result.status.upper())
asyncio.run(main())
`;
            const folder = openFolder({ 'agent.py': program });
            const { code, stdout, stderr } = await shell(
              `PYTHONPATH="${root}python" python3 agent.py`,
              folder,
            );
            expect([code, stdout, stderr]).toEqual([0, 'BLOCKED\n', '']);
          } finally {
            await api.remove();
          }
        },
      },
    },
    row('a dangerous API', /^\| Agent calls dangerous API \|.*$/m, 'pay', '{}', '12:00', 8),
    row('a bulk delete', /^\| Agent tries bulk delete \|.*$/m, 'delete_rows', '{"count":5000}', '12:00', 3),
    row('a few deletions', /^\| Agent tries bulk delete \|.*$/m, 'delete_rows', '{"count":5}', '12:00', 0),
    row('at 3 a.m.', /^\| Agent runs at 3am \|.*$/m, 'read', '{}', '03:00', 3),
    container('an image with nothing but the agent', /^FROM python[\s\S]*?^CMD .*$/m),
    container('a composition that isolates it', /^# docker-compose\.yml[\s\S]*?^driver: bridge$/m),
  ],
};
