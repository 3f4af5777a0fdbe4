import type { Control } from '../load/traffic.ts';

export type ProfileName = 'P0' | 'P1' | 'P2' | 'P3';

/** How Aegis is configured, and what of it runs. */
export interface Profile {
  readonly says: string;
  readonly control: Control;
  readonly kernel: 'pass-through' | 'unwritten' | 'as shipped';
  readonly rules: (tools: readonly string[]) => readonly object[];
  /** What the manifest says of every tool's arguments. */
  readonly args: Readonly<Record<string, string>>;
}

const allowed = (tools: readonly string[]): object => ({
  name: 'allow-list',
  action: 'allow',
  when: { tool_name: [...tools, 'executed'] },
});

/** Text that arguments must not hold: injected instructions, commands, SQL, credentials, markup. */
const PATTERNS: readonly (string | { readonly matches: string })[] = [
  { matches: '(?i)\\bignore (all |any )?(the )?previous instructions\\b' },
  { matches: '(?i)\\byou are now (in )?(developer|dan|admin) mode\\b' },
  { matches: '(?i)\\breveal (your|the) (system )?prompt\\b' },
  { matches: '(?i)\\bdo not tell the user\\b' },
  { matches: '(?i)<(important|system|assistant)>' },
  { matches: '(?i)\\bdrop\\s+(table|database|schema)\\b' },
  { matches: '(?i)\\bunion\\s+(all\\s+)?select\\b' },
  { matches: "(?i)'\\s*or\\s*'?1'?\\s*=\\s*'?1" },
  { matches: '(?i);\\s*(delete|truncate|update)\\s' },
  { matches: '(?i)\\bxp_cmdshell\\b' },
  { matches: '\\brm\\s+-[a-z]*r[a-z]*f' },
  { matches: '(?i)\\b(curl|wget)\\b[^|]*\\|\\s*(ba|z)?sh\\b' },
  { matches: '\\$\\([^)]*\\)' },
  { matches: '`[^`]+`' },
  { matches: '(?i)\\bnc\\s+-[a-z]*e' },
  { matches: '\\bAKIA[0-9A-Z]{16}\\b' },
  { matches: '\\bgh[pousr]_[0-9A-Za-z]{36}\\b' },
  { matches: '\\bxox[abprs]-[0-9A-Za-z-]{10,}' },
  { matches: '-----BEGIN [A-Z ]*PRIVATE KEY-----' },
  { matches: '\\beyJ[0-9A-Za-z_-]{10,}\\.[0-9A-Za-z_-]{10,}\\.' },
  { matches: '[A-Za-z0-9+/]{200,}={0,2}' },
  '*javascript:*',
  '*<script*',
  '*onerror=*',
  '*/etc/passwd*',
  '*/etc/shadow*',
  '*../..*',
  '*169.254.169.254*',
  '*metadata.google.internal*',
  '*file:///*',
];

const guarded = (tools: readonly string[]): object[] => [
  { name: 'mask', invariant: true, action: 'audit', mask: ['email', 'card', 'iban', 'ssn'] },
  ...PATTERNS.map((note, i) => ({ name: `pattern-${i + 1}`, action: 'deny', when: { note } })),
  { name: 'no-secrets', action: 'deny', when: { path: ['/etc/*', '*/.ssh/*', '*/.env'] } },
  { name: 'reports', action: 'allow', when: { tool_name: [...tools], path: '/srv/data/*' } },
  { name: 'count', action: 'allow', when: { tool_name: 'executed' } },
];

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  P0: {
    says: "the gateway's relay alone: the product's HTTP door, MCP handler, catalogue and upstream, put on a kernel of the benchmark's own that lets everything pass and records nothing. No configuration of the product does that",
    control: 'nothing',
    kernel: 'pass-through',
    rules: () => [],
    args: {},
  },
  P1: {
    says: "the product's kernel and one rule that lists the tools that may be called; events are made, chained and hashed, and not written",
    control: 'tools',
    kernel: 'unwritten',
    rules: (tools) => [allowed(tools)],
    args: {},
  },
  P2: {
    says: `P1 with rules on arguments, a typed path, ${PATTERNS.length} detection patterns on a text, and results masked for four kinds of personal data`,
    control: 'arguments',
    kernel: 'unwritten',
    rules: guarded,
    args: { path: 'path' },
  },
  P3: {
    says: 'P2 with durable audit: `aegis start`, the product as it is shipped',
    control: 'arguments',
    kernel: 'as shipped',
    rules: guarded,
    args: { path: 'path' },
  },
};
