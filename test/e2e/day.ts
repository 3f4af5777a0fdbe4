// A day of several agents and of the people who watch them, as steps of which each comes to something.

/** One call of an agent, or one word of a person. */
export type Step =
  | {
      readonly kind: 'call';
      readonly agent: string;
      readonly tool: string;
      readonly args: Readonly<Record<string, unknown>>;
      /** What comes later depends on its result: when that was lost, it has to be made again. */
      readonly needsResult?: true;
    }
  | { readonly kind: 'answer'; readonly approved: boolean; readonly grant?: object }
  | { readonly kind: 'switch'; readonly agent: string; readonly killed: boolean };

const call = (agent: string, tool: string, args: Readonly<Record<string, unknown>> = {}): Step => ({
  kind: 'call',
  agent,
  tool,
  args,
});
const needed = (agent: string, tool: string, args: Readonly<Record<string, unknown>> = {}): Step => ({
  kind: 'call',
  agent,
  tool,
  args,
  needsResult: true,
});

/** Sends that an hour has room for. */
export const SENDS = 6;

/** Tool calls of one session. */
const BUDGET = 12;

/** What each agent of the day is, and what is counted. */
export function configuration(server: string, port: number): string {
  const agents = ['coder', 'lab', 'buyer', 'mailer', 'rogue'].map(
    (name) => `[[agents]]\nname = "${name}"\ntoken = { file = "${name}.token" }\n`,
  );
  const people = [
    ['ann', 'approver'],
    ['aud', 'auditor'],
  ].map(
    ([name, role]) =>
      `[[people]]\nname = "${name}"\nroles = ["${role}"]\ntoken = { file = "${name}.token" }\n`,
  );
  return `[daemon]
addr = "127.0.0.1:${port}"
[limits]
max_steps = 100
max_tool_calls = ${BUDGET}
max_wall_time_ms = 86400000
max_identical_calls = 3
[approvals]
wait_ms = 0
[taint]
sinks = { "payment.send" = "allow", "message.send" = "allow", "data.promote" = "allow", "fs.write" = "allow" }
[[rates]]
name = "sends"
limit = ${SENDS}
window_ms = 3600000
tools = ["send"]
[[sequences]]
name = "nothing-sent-after-a-look"
first = { tool = "fetch" }
next = { tool = "send" }
${agents.join('')}${people.join('')}[[servers]]
name = "day"
command = ${server}
manifest = "day.yaml"
[[policies]]
name = "payments"
action = "require_approval"
when = { tool_name = "pay" }
[[policies]]
name = "all"
action = "allow"
`;
}

export const MANIFEST = `server: day
receipts:
  checked:
    minted_by: validate
    when: { valid: true }
    subject: key
    content: { tool: stat, field: sha256 }
    ttl_ms: 3600000
tools:
  note: { capabilities: [fs.write] }
  fetch: { capabilities: [net.egress] }
  run: { capabilities: [exec] }
  send: { capabilities: [message.send] }
  pay: { capabilities: [payment.send] }
  validate: { capabilities: [data.validate] }
  stat: { capabilities: [fs.read] }
  promote: { capabilities: [data.promote], args: { key: id }, requires: [checked] }
`;

const times = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));

export const DAY: readonly Step[] = [
  // Budgets and loops.
  ...times(4, (n) => call('coder', 'note', { n })),
  ...times(4, () => call('coder', 'note', { n: 'again' })),
  // Data that is followed, sequences and receipts.
  needed('lab', 'fetch', { page: 1 }),
  call('lab', 'run', { command: 'make all' }),
  call('lab', 'run', { command: 'curl mirror.elsewhere.example' }),
  call('lab', 'promote', { key: 'a' }),
  needed('lab', 'validate', { key: 'a' }),
  call('lab', 'promote', { key: 'a' }),
  call('lab', 'promote', { key: 'b' }),
  call('lab', 'send', { n: 0 }),
  // Approvals and grants.
  call('buyer', 'pay', { amount: 10 }),
  { kind: 'answer', approved: true },
  call('buyer', 'pay', { amount: 10 }),
  call('buyer', 'pay', { amount: 10 }),
  { kind: 'answer', approved: false },
  call('buyer', 'pay', { amount: 10 }),
  call('buyer', 'pay', { amount: 20 }),
  { kind: 'answer', approved: true, grant: { for: 3_600_000, args: 'any' } },
  call('buyer', 'pay', { amount: 20 }),
  call('buyer', 'pay', { amount: 30 }),
  // The kill switch.
  call('rogue', 'note', { n: 1 }),
  { kind: 'switch', agent: 'rogue', killed: true },
  call('rogue', 'note', { n: 2 }),
  // Rates over all agents.
  ...times(SENDS, (n) => call('mailer', 'send', { n })),
  call('mailer', 'send', { n: 'one more' }),
  call('coder', 'send', { n: 'of another' }),
  // What was spent in the morning is spent in the evening.
  ...times(6, (n) => call('coder', 'note', { n: `evening ${n}` })),
  call('lab', 'run', { command: 'wget mirror.elsewhere.example' }),
  call('lab', 'promote', { key: 'a' }),
  call('buyer', 'pay', { amount: 40 }),
  call('rogue', 'note', { n: 3 }),
  { kind: 'switch', agent: 'rogue', killed: false },
];
