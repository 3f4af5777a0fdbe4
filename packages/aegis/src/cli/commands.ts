import type { CommandEntry } from './command.ts';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a commented aegis.toml, a policy and manifests into a folder',
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'start',
    summary: 'check everything in seven steps, then serve until stopped',
    load: async () => (await import('./commands/start.ts')).start,
  },
  {
    name: 'mcp',
    summary: 'serve one MCP client over standard input and output',
    load: async () => (await import('./commands/mcp.ts')).mcp,
  },
  {
    name: 'policy check',
    summary: 'report every mistake in the configuration, the policies and the manifests',
    load: async () => (await import('./commands/policy-check.ts')).policyCheck,
  },
  {
    name: 'policy explain',
    summary: 'decide one call without running it, and say why',
    load: async () => (await import('./commands/policy-explain.ts')).policyExplain,
  },
  {
    name: 'verify-ledger',
    summary: 'recompute the whole ledger from its stored bytes',
    load: async () => (await import('./commands/verify-ledger.ts')).verifyLedger,
  },
];
