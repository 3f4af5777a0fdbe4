import { z } from 'zod';

export const upstream = z.string().min(1).max(2048);

export const route = z.strictObject({
  prefix: z.string().min(1).max(256).optional().describe('tool names that start so, with `*` at the end'),
  tool: z.string().min(1).max(256).optional().describe('the one tool of this name'),
  upstream: z
    .union([upstream, z.array(upstream).min(1).max(16)], {
      error: 'an upstream is the name or the URL of a server, or a list of at most 16',
    })
    .describe('who answers: the name or the URL of a server, or a list of them'),
  order: z
    .enum(['all', 'first-success'])
    .optional()
    .describe('of several upstreams: all at the same time (default), or in order until one succeeds'),
  failure: z
    .enum(['partial', 'strict'])
    .optional()
    .describe('of `order = "all"`: an error when no upstream succeeded (default), or when one failed'),
});
