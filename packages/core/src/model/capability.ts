/** What a tool can do, or what an argument would do: the vocabulary of manifests and findings. */
export const CAPABILITIES = [
  'fs.read',
  'fs.write',
  'fs.delete',
  'net.egress',
  'exec',
  'db.read',
  'db.write',
  'db.schema',
  'db.destroy',
  'db.admin',
  'secret.read',
  'message.send',
  'data.export',
  'data.validate',
  'data.promote',
  'memory.read',
  'memory.write',
  'model.call',
  'payment.send',
  'unclassified',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** Capabilities that change nothing anywhere. */
const READING: ReadonlySet<Capability> = new Set(['fs.read', 'db.read', 'memory.read']);

export function onlyReads(capability: Capability): boolean {
  return READING.has(capability);
}

export const RISKS = ['low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

const RISK_OF: Readonly<Record<Capability, Risk>> = {
  'fs.read': 'low',
  'fs.write': 'medium',
  'fs.delete': 'high',
  'net.egress': 'medium',
  exec: 'high',
  'db.read': 'low',
  'db.write': 'medium',
  'db.schema': 'high',
  'db.destroy': 'critical',
  'db.admin': 'critical',
  'secret.read': 'critical',
  'message.send': 'medium',
  'data.export': 'medium',
  'data.validate': 'low',
  'data.promote': 'high',
  'memory.read': 'low',
  'memory.write': 'medium',
  'model.call': 'low',
  'payment.send': 'critical',
  unclassified: 'high',
};

/** The highest risk among the capabilities; `low` for none. */
export function riskOf(capabilities: readonly Capability[]): Risk {
  let highest = 0;
  for (const capability of capabilities) {
    highest = Math.max(highest, RISKS.indexOf(RISK_OF[capability]));
  }
  return RISKS[highest] ?? 'critical';
}
