import type { RateLimit } from '@aegis/core';

const rate = (tool: string, limit: number, windowMs: number): RateLimit => ({
  name: tool,
  per: ['agent'],
  limit,
  windowMs,
  match: 'tools/call',
  tools: [tool],
  action: 'deny',
});

/** One for each thing that is shown of them, under the name of the tool that it counts. */
export const RATES = [
  rate('slow', 100, 600_000),
  rate('stat', 20, 300),
  rate('validate', 100, 600_000),
] as const satisfies readonly RateLimit[];
