/** What stands in a place of a command line: a file, a text of one's own, one of a few words, or something that is there now. */
export type ValueKind =
  | 'file'
  | 'text'
  | 'server'
  | 'server tool'
  | 'agent'
  | 'tenant'
  | 'person'
  | 'session'
  | 'secret'
  | 'approval'
  | 'grant'
  | 'tool'
  | 'client'
  | 'event type'
  | 'export format'
  | 'inspected kind'
  | 'role'
  | 'severity'
  | 'threat'
  | 'threat family'
  | readonly string[];

/** What the value of an option is, by the option's name; one of a command alone has the command before it. */
export const OPTION_VALUES: Readonly<Record<string, ValueKind>> = {
  config: 'file',
  bundle: 'file',
  proof: 'file',
  out: 'file',
  file: 'file',
  edit: 'file',
  manifest: 'file',
  junit: 'file',
  sign: 'file',
  'from-file': 'file',
  state: 'file',
  dir: 'file',
  segment: 'file',
  'telemetry-path': 'file',
  'ledger verify event': 'file',
  'ledger proof event': 'file',
  'ledger verify since': 'file',
  'ledger export since': 'file',
  policy: 'file',
  agent: 'agent',
  server: 'server',
  tenant: 'tenant',
  session: 'session',
  role: 'role',
  kind: 'inspected kind',
  family: 'threat family',
  'fail-on': 'severity',
  type: 'event type',
  direction: ['request', 'result', 'definition'],
  dialect: ['postgresql', 'sqlite', 'mysql'],
  'trust-mode': ['dev', 'prod'],
  'summary format': ['md', 'html', 'json'],
  'export format': 'export format',
};

/** What the arguments of a command are; the last one stands for those behind it. */
export const POSITIONAL_VALUES: Readonly<Record<string, readonly ValueKind[]>> = {
  init: ['file'],
  inspect: ['file'],
  scan: ['file'],
  'mcp add': ['text'],
  'mcp remove': ['server'],
  'mcp wrap': ['client', 'text'],
  'policy test': ['file'],
  'policy diff': ['file'],
  'policy apply': ['file'],
  'policy rollback': ['text'],
  'policy explain': ['server', 'server tool', 'text'],
  'tools diff': ['tool'],
  'tools accept': ['tool'],
  'approvals show': ['approval'],
  'approvals approve': ['approval'],
  'approvals refuse': ['approval'],
  'grants revoke': ['grant'],
  'people add': ['text'],
  'people remove': ['person'],
  kill: [['agent', 'tenant', 'all'], 'agent'],
  revive: [['agent', 'tenant', 'all'], 'agent'],
  'sessions show': ['session'],
  'secret add': ['text'],
  'secret import-env': ['text'],
  'secret remove': ['secret'],
  'secret rotate': ['secret'],
  'secret show-metadata': ['secret'],
  'taint clear': ['session'],
  'ledger proof': ['text'],
  'ledger export': ['file'],
  'ledger import': ['file'],
  'manifest validate': ['file'],
  'manifest show': ['file'],
  'manifest generate': ['file'],
  'manifest install': ['file'],
  'threats show': ['threat'],
  'threats test': ['threat'],
  completion: [['bash', 'zsh', 'fish']],
};
