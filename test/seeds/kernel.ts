import { expect } from 'vitest';
import { openWorkspace } from '../policies/workspace.ts';
import type { PrintedDocument } from './document.ts';
import { openFolder, SET_UP, scripts, shell } from './ground.ts';
import { root } from '../e2e/aegis.ts';

const FILES = {
  'aegis.toml': `
[[servers]]
name = "warehouse"
command = ["warehouse"]
manifest = "warehouse.yaml"

[[policies]]
name = "no-personal-data"
action = "allow"
mask = ["email", "phone"]
`,
  'warehouse.yaml': `
server: warehouse
tools:
  query: { capabilities: [db.read, db.write], args: { sql: sql(postgresql) } }
  validate: { capabilities: [data.validate] }
  promote: { capabilities: [data.promote], args: { dataset: id }, requires: [silver_validation] }
  digest: { capabilities: [fs.read] }
receipts:
  silver_validation:
    minted_by: validate
    when: { passed: true }
    subject: dataset
    content: { tool: digest, field: sha256 }
    ttl_ms: 600000
protected_tables: ['gold.*']
`,
};

async function codeOf(tool: string, args: Record<string, string>): Promise<string> {
  const { decide } = await openWorkspace('aegis.toml', FILES);
  const { effect, reasons } = decide('warehouse', tool, args);
  return `${effect} ${reasons[0].code}`;
}

const demo = (): string => scripts()['demo']?.replace(/^node /, '') ?? '';

const OTHER_LANGUAGE = 'the kernel is a program of Node.js, and npm does what is printed for pip';

export const kernel: PrintedDocument = {
  name: 'a compliance kernel',
  known: 'gold-needs-validation',
  printed: [
    {
      what: 'no-destructive-ops',
      found: /surfaces DROP \/ TRUNCATE \/ unscoped DELETE/,
      requirement: 'C-01',
      becomes: {
        kind: 'runs',
        run: async () => {
          for (const sql of ['DROP TABLE staging', 'TRUNCATE staging', 'DELETE FROM customers']) {
            expect(await codeOf('query', { sql }), sql).toMatch(/^deny /);
          }
          expect(await codeOf('query', { sql: "INSERT INTO gold.customers VALUES ('x')" })).toMatch(/^deny /);
          expect(await codeOf('query', { sql: 'SELECT name FROM customers' })).toBe('allow POLICY_ALLOW');
        },
      },
    },
    {
      what: 'pii-egress-mask',
      found: /^pii-egress-mask$/m,
      requirement: 'C-06',
      becomes: {
        kind: 'runs',
        run: async () => {
          const { decide } = await openWorkspace('aegis.toml', FILES);
          const { obligations } = decide('warehouse', 'query', { sql: 'SELECT email FROM customers' });
          expect(obligations.mask).toEqual(['email', 'phone']);
        },
      },
    },
    {
      what: 'gold-needs-validation',
      found: /only if a kernel-minted silver_validation receipt exists/,
      requirement: 'P-15',
      becomes: {
        kind: 'runs',
        run: async () =>
          expect(await codeOf('promote', { dataset: 'customers' })).toBe('deny PRECONDITION_FAILED'),
      },
    },
    {
      what: 'unknown tool means deny',
      found: /Unknown tool means deny\./,
      requirement: 'P-03',
      becomes: {
        kind: 'runs',
        run: async () => {
          const { decide } = await openWorkspace('gateway.toml', { 'gateway.toml': 'policies = []\n' });
          expect(decide('nobody', 'nothing', {}).reasons[0].code).toBe('DEFAULT_DENY');
        },
      },
    },
    {
      what: 'install with pip, test with pytest',
      found: /^python -m pip install -e[\s\S]*?^python -m pytest/m,
      requirement: 'D-01',
      becomes: {
        kind: 'differs',
        why: OTHER_LANGUAGE,
        run: async () => expect(scripts()).toMatchObject(SET_UP),
      },
    },
    {
      what: 'the server over stdio',
      found: /^python -m aegis\.server/m,
      requirement: 'G-01',
      becomes: {
        kind: 'differs',
        why: '`aegis mcp` is that server',
        run: async () => {
          const { code, stdout } = await shell(
            `"${process.execPath}" "${root}packages/aegis/bin/aegis.js" mcp < /dev/null`,
            openFolder({ 'aegis.toml': 'policies = []\n' }),
          );
          expect([code, stdout]).toEqual([0, '']);
        },
      },
    },
    {
      what: 'the demonstration, before and after',
      found: /^python demo\/run_demo\.py/m,
      requirement: 'U-08',
      becomes: {
        kind: 'differs',
        why: '`npm run demo` plays the task without and with Aegis',
        run: async () => {
          const { code, stdout } = await shell(
            `cd "${root}" && "${process.execPath}" ${demo()}`,
            openFolder(),
          );
          expect(code, stdout).toBe(0);
          expect(stdout).toContain('DROP TABLE staging_customers');
        },
      },
    },
  ],
};
