import type { Capability } from '../../model/capability.ts';
import type { CommandFact, Finding } from '../../model/finding.ts';

/** What the commands of one text do, gathered while they are read. */
export interface ShellEffects {
  readonly capabilities: Set<Capability>;
  readonly findings: Map<string, Omit<Finding, 'at'>>;
  /** Names of the programs that run, here or elsewhere. */
  readonly programs: Set<string>;
  /** The commands themselves, in the order in which they were read. */
  readonly commands: CommandFact[];
  readonly paths: Set<string>;
  readonly urls: Set<string>;
  /** A file is named only when the command runs. */
  unknownPath: boolean;
  /** A host is named only when the command runs. */
  unknownHost: boolean;
  /** Above zero: what is read now runs on another machine, whose files are not these. */
  elsewhere: number;
}

export function noEffects(): ShellEffects {
  return {
    capabilities: new Set(),
    findings: new Map(),
    programs: new Set(),
    commands: [],
    paths: new Set(),
    urls: new Set(),
    unknownPath: false,
    unknownHost: false,
    elsewhere: 0,
  };
}

/** Findings that mean denial, each with the severity and the capability that it implies. */
const DENYING = {
  'shell.destructive': { severity: 'critical', capability: 'fs.delete' },
  'shell.discards_work': { severity: 'high', capability: 'fs.delete' },
  'shell.download_and_run': { severity: 'critical', capability: 'exec' },
  'shell.encoded_code': { severity: 'critical', capability: 'exec' },
  'shell.hidden_code': { severity: 'critical', capability: 'exec' },
  'shell.reverse_shell': { severity: 'critical', capability: 'net.egress' },
  'shell.credential_read': { severity: 'critical', capability: 'secret.read' },
  'shell.exfiltration': { severity: 'critical', capability: 'net.egress' },
  'shell.privilege': { severity: 'high', capability: 'exec' },
  'shell.persistence': { severity: 'high', capability: 'fs.write' },
  'shell.system_write': { severity: 'high', capability: 'fs.write' },
  'shell.evasion': { severity: 'high', capability: 'fs.write' },
  'shell.disruption': { severity: 'critical', capability: 'exec' },
  'shell.dynamic': { severity: 'medium', capability: 'exec' },
} as const;

export type DenyingId = keyof typeof DENYING;

/** Findings that a policy may weigh and that mean no denial by themselves. */
const NOTED = {
  'shell.environment': { severity: 'medium', capability: 'fs.read' },
  'shell.listen': { severity: 'medium', capability: 'net.egress' },
  'shell.raw_socket': { severity: 'high', capability: 'net.egress' },
  'shell.upload': { severity: 'medium', capability: 'net.egress' },
  'shell.recursive_delete': { severity: 'medium', capability: 'fs.delete' },
  'shell.deletes_elsewhere': { severity: 'high', capability: 'net.egress' },
  'shell.remote_command': { severity: 'medium', capability: 'exec' },
  'shell.permissions': { severity: 'medium', capability: 'fs.write' },
} as const;

export type NotedId = keyof typeof NOTED;

/** Records a finding that means denial, once, and the capability that it implies. */
export function foundDenying(effects: ShellEffects, id: DenyingId, message: string): void {
  const { severity, capability } = DENYING[id];
  effects.findings.set(`${id} ${message}`, { id, severity, message, capability, denies: 'GUARD_SHELL' });
  effects.capabilities.add(capability);
}

/** Records a finding that a policy may weigh. */
export function foundNoted(effects: ShellEffects, id: NotedId, message: string): void {
  const { severity, capability } = NOTED[id];
  effects.findings.set(`${id} ${message}`, { id, severity, message, capability });
  effects.capabilities.add(capability);
}
