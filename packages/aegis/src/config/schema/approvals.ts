import { MAX_QUORUM } from '@aegis/core';
import { z } from 'zod';
import { person, secret } from './values.ts';

export const webhookUrl = z.union([z.url({ protocol: /^https?$/ }), secret], {
  error:
    'an address is a text, or `{ secret = "NAME" }`, `{ env = "NAME" }` or `{ file = "path" }` where it is a secret',
});

export const approvals = z.strictObject({
  wait_ms: z
    .int()
    .min(0)
    .max(600_000)
    .optional()
    .describe('how long a held call waits before it is told that a person is asked; default 30000'),
  expires_ms: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .optional()
    .describe('how long a person has to answer, and the call to run on it; default 900000'),
  quorum: z
    .int()
    .min(1)
    .max(MAX_QUORUM)
    .optional()
    .describe('how many people have to agree, whatever a rule says; default 1'),
  elicitation: z
    .enum(['url', 'form', 'off'])
    .optional()
    .describe(
      'what MCP clients are asked to show: a page (`url`, default), or a form whose answer counts as a word of their user (`form`)',
    ),
  approvers: z
    .array(
      z.strictObject({
        name: person.describe('how rules and the ledger call the person'),
        account: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .describe('account of the operating system; default: the name'),
        roles: z.array(person).max(32).optional().describe('what rules can ask for'),
        key: secret.optional().describe('what the person types on the page to say who it is'),
      }),
    )
    .max(1_000)
    .optional()
    .describe(
      'who may approve; without any, whoever has an account here and can read the keys of the ledger',
    ),
  channels: z
    .array(
      z.strictObject({
        kind: z
          .enum(['webhook', 'slack', 'desktop'])
          .describe('`desktop` shows each question to whoever runs Aegis, and takes nothing else'),
        url: webhookUrl.optional().describe('where each question is posted'),
        secret: secret.optional().describe('the key that a webhook is signed with'),
        person: person.optional().describe('whose it is: the link in it decides in the name of this person'),
      }),
    )
    .max(16)
    .optional()
    .describe('who is told of each question'),
});
