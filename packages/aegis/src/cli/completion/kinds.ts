import { INSPECTED_KINDS } from '@aegis/core';

/** What stands in a place of a command line: a file, something that is there now, or one of a few words. */
export type ValueKind =
  | 'file'
  | 'server'
  | 'server tool'
  | 'agent'
  | 'tenant'
  | 'session'
  | 'approval'
  | 'tool'
  | readonly string[];

/** What the value of an option is, by the option's name; of others nothing is known. */
export const OPTION_VALUES: Readonly<Record<string, ValueKind>> = {
  config: 'file',
  bundle: 'file',
  output: 'file',
  out: 'file',
  file: 'file',
  edit: 'file',
  since: 'file',
  policy: 'file',
  agent: 'agent',
  server: 'server',
  tenant: 'tenant',
  session: 'session',
  kind: INSPECTED_KINDS,
};

/** What the arguments of a command are; the last one stands for those behind it. */
export const POSITIONAL_VALUES: Readonly<Record<string, readonly ValueKind[]>> = {
  init: ['file'],
  inspect: ['file'],
  scan: ['file'],
  'mcp remove': ['server'],
  'policy test': ['file'],
  'policy diff': ['file'],
  'policy apply': ['file'],
  'policy explain': ['server', 'server tool'],
  'tools diff': ['tool'],
  'tools accept': ['tool'],
  'approvals show': ['approval'],
  'approvals approve': ['approval'],
  'approvals refuse': ['approval'],
  'sessions show': ['session'],
  'manifest validate': ['file'],
  'manifest show': ['file'],
  'manifest install': ['file'],
  completion: [['bash', 'zsh', 'fish']],
};
