import type { Case } from './case.ts';

const PRICED = '[limits]\nmax_cost = 2.5\n[[prices]]\nmodel = "large-*"\ninput = 3\noutput = 15\n';
const RATE = `[[rates]]
name = "few"
per = ["tenant", "tool"]
limit = 100
window_ms = 60000
burst = 5
match = "resources/*"
tools = ["web.*"]
action = "require_approval"
`;
const SEQUENCE = `[[sequences]]
name = "order"
first = { capability = ["fs.read", "secret.read"], tool = "read*", server = "vault", label = "secret" }
next = { capability = "net.egress", tool = ["send", "post"], server = "web" }
within_ms = 60000
within_steps = 5
action = "require_approval"
invariant = true
`;

/** Every key of limits. */
export const LIMITS: readonly Case[] = [
  ['limits.max_steps', '[limits]\nmax_steps = 3', { limits: { maxSteps: 3 } }],
  ['limits.max_tool_calls', '[limits]\nmax_tool_calls = 3', { limits: { maxToolCalls: 3 } }],
  ['limits.max_wall_time_ms', '[limits]\nmax_wall_time_ms = 3', { limits: { maxWallTimeMs: 3 } }],
  ['limits.max_identical_calls', '[limits]\nmax_identical_calls = 3', { limits: { maxIdenticalCalls: 3 } }],
  ['limits.timeout_ms', '[limits]\ntimeout_ms = 3', { limits: { timeoutMs: 3 } }],
  ['limits.max_output_bytes', '[limits]\nmax_output_bytes = 3', { limits: { maxOutputBytes: 3 } }],
  ...(
    [
      ['name', { name: 'few' }],
      ['per', { per: ['tenant', 'tool'] }],
      ['limit', { limit: 100 }],
      ['window_ms', { windowMs: 60_000 }],
      ['burst', { burst: 5 }],
      ['match', { match: 'resources/*' }],
      ['tools', { tools: ['web.*'] }],
      ['action', { action: 'require_approval' }],
    ] as const
  ).map(([key, rate]): Case => [`rates.${key}`, RATE, { rates: [rate] }]),
  ...(
    [
      ['identical', 'identical'],
      ['sequence', 'sequence'],
      ['same_answer', 'sameAnswer'],
      ['errors', 'errors'],
    ] as const
  ).flatMap(([key, kind]): Case[] => [
    [
      `loops.${key}.times`,
      `[loops]\n${key} = { times = 4 }`,
      { loops: { [kind]: { times: 4, action: 'deny' } } },
    ],
    [
      `loops.${key}.action`,
      `[loops]\n${key} = { times = 4, action = "require_approval" }`,
      { loops: { [kind]: { action: 'require_approval' } } },
    ],
    [
      `loops.${key}.delay_ms`,
      `[loops]\n${key} = { times = 4, action = "slow_down", delay_ms = 500 }`,
      { loops: { [kind]: { action: 'slow_down', delayMs: 500 } } },
    ],
  ]),
  ...(
    [
      ['name', { name: 'order' }],
      ['first.capability', { first: { capability: ['fs.read', 'secret.read'] } }],
      ['first.tool', { first: { tool: ['read*'] } }],
      ['first.server', { first: { server: ['vault'] } }],
      ['first.label', { first: { label: ['secret'] } }],
      ['next.capability', { next: { capability: ['net.egress'] } }],
      ['next.tool', { next: { tool: ['send', 'post'] } }],
      ['next.server', { next: { server: ['web'] } }],
      ['within_ms', { withinMs: 60_000 }],
      ['within_steps', { withinSteps: 5 }],
      ['action', { action: 'require_approval' }],
      ['invariant', { invariant: true }],
    ] as const
  ).map(([key, sequence]): Case => [`sequences.${key}`, SEQUENCE, { sequences: [sequence] }]),
  ['limits.max_model_calls', '[limits]\nmax_model_calls = 9', { models: { maxCalls: 9, prices: [] } }],
  ['limits.max_tokens', '[limits]\nmax_tokens = 9', { models: { maxTokens: 9 } }],
  ['limits.max_cost', PRICED, { models: { maxCost: 2.5 } }],
  ['prices.model', PRICED, { models: { prices: [{ model: 'large-*' }] } }],
  ['prices.input', PRICED, { models: { prices: [{ input: 3 }] } }],
  ['prices.output', PRICED, { models: { prices: [{ output: 15 }] } }],
];
