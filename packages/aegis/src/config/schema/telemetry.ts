import { EVENT_TYPES, EXPORT_FORMATS } from '@aegis/core';
import { z } from 'zod';
import { webhookUrl } from './approvals.ts';
import { name, secret, value } from './values.ts';

/** From the least to the most urgent. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** RFC 5425 (TLS), RFC 6587 (TCP), RFC 5426 (UDP). */
const SYSLOG_ADDRESS = /^(?:tls|tcp|udp):\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/;

export const destination = {
  file: z.string().min(1).optional().describe('where lines are appended, each once'),
  url: webhookUrl.optional().describe('where lines are posted, at least once'),
  syslog: z
    .string()
    .regex(SYSLOG_ADDRESS, 'an address is `tls://host:6514`, `tcp://host:port` or `udp://host:port`')
    .optional()
    .describe('the collector that messages of RFC 5424 are sent to'),
  ca: z.string().min(1).optional().describe('whom to believe that it is the collector: certificates in PEM'),
  plaintext: z
    .boolean()
    .optional()
    .describe('messages may cross a network as they are: `tcp` and `udp` to other machines; default false'),
  secret: secret.optional().describe('the key that posts are signed with'),
  headers: z.record(z.string(), value).optional().describe('headers of posts, credentials included'),
  attempts: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('before what is not taken goes to the dead letters; default 10'),
  dead_letters: z
    .string()
    .min(1)
    .optional()
    .describe('the file for what was not taken; default .aegis/telemetry/<name>.dead.jsonl'),
};

export const follower = z.strictObject({
  name: name.describe('names its place under .aegis/telemetry'),
  format: z.enum(EXPORT_FORMATS).describe('what an event, or a call, looks like'),
  tenant: name.optional().describe('only events of this tenant; default: all'),
  with_payloads: z
    .boolean()
    .optional()
    .describe('arguments, results and other sealed values, too (ndjson, jsonl); default false'),
  ...destination,
});

export const telemetry = z.strictObject({
  metrics: z
    .enum(['off', 'token', 'anonymous'])
    .optional()
    .describe('`/metrics` for people with `ledger.read` (`token`), or without a token; default `off`'),
  followers: z.array(follower).max(32).optional(),
});

export const words = z.array(z.string().min(1).max(256)).min(1).max(256);

export const alert = z.strictObject({
  name,
  types: z.array(z.enum(EVENT_TYPES)).min(1).optional().describe('only events of these types'),
  codes: words.optional().describe('only with one of these reason codes'),
  rules: words.optional().describe('only where one of these policy rules decided'),
  score: z.int().min(0).max(100).optional().describe('only from this threat score on'),
  rate: z
    .strictObject({ count: z.int().min(2).max(10_000), window_ms: z.int().min(1_000).max(86_400_000) })
    .optional()
    .describe('only when so many come in such a time'),
  desktop: z.literal(true).optional().describe('shown on the desktop of whoever runs the daemon'),
  ...destination,
});
