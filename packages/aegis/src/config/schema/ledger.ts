import { z } from 'zod';
import { secret } from './values.ts';

export const store = z.strictObject({
  dsn: z
    .string()
    .optional()
    .describe('`file:path` or `postgres://user@host:port/database`; default file:.aegis/aegis.db'),
  password: secret.optional().describe('the password for a `postgres://` store'),
  owner: z
    .strictObject({
      dsn: z.string().describe('`postgres://owner@host:port/database`, the same database'),
      password: secret.optional().describe('the password of that role'),
    })
    .optional()
    .describe('the role that makes the tables; the role of `dsn` may then read and append, and nothing else'),
  durability: z
    .enum(['full', 'group', 'relaxed'])
    .optional()
    .describe(
      'when an event counts as kept: `full` flushes each alone, `group` (default) all that wait together, `relaxed` leaves it to the system',
    ),
  lease_ms: z
    .int()
    .min(2_000)
    .max(20_000)
    .optional()
    .describe(
      'how long sessions belong to a process after its last sign of life, where processes share a ledger; default 20000',
    ),
});

export const ledger = z.strictObject({
  seal_interval_ms: z
    .int()
    .min(100)
    .max(3_600_000)
    .optional()
    .describe('how long an event waits, at most, until it is under a signed checkpoint; default 1000'),
  witnesses: z
    .array(
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }).describe('where it takes checkpoints (C2SP tlog-witness)'),
        key: z.string().describe('its public key, as it shows it: `name+1a2b3c4d+B...`'),
      }),
    )
    .max(16)
    .optional()
    .describe('who is asked to cosign every checkpoint of this installation'),
  quorum: z
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe('how many of the witnesses make a checkpoint count as witnessed; default: all of them'),
  anchor: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe('a file that every checkpoint is appended to, or an https address that it is posted to'),
});
