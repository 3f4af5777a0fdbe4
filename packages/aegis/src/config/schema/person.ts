import { ROLES } from '@aegis/core';
import { z } from 'zod';
import { name, person, secret } from './values.ts';

export const personEntry = z.strictObject({
  name: person.describe('how the ledger calls the person'),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).describe('what the person may do'),
  tenant: name.optional().describe('the one tenant that the person sees; default: all of them'),
  token: secret.optional().describe('the bearer token that the person shows to the API'),
  token_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest has 64 hex digits in lower case')
    .optional()
    .describe('in place of `token`: its digest, as `aegis people add` writes it'),
});
