import { z } from 'zod';
import { name, secret } from './values.ts';

export const agentManifest = z
  .string()
  .min(1)
  .optional()
  .describe('agent manifest: what it does not grant, no policy can allow');

export const certificate = z.union(
  [
    z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest has 64 hex digits in lower case'),
    }),
    z.strictObject({ uri: z.string().min(1).max(2048) }),
    z.strictObject({ dns: z.string().min(1).max(253) }),
  ],
  {
    error:
      'a certificate is `{ sha256 = "64 hex digits" }`, `{ uri = "spiffe://..." }` or `{ dns = "name" }`',
  },
);

export const agent = z.strictObject({
  name: name.describe('how policies and logs call the agent'),
  tenant: name.optional().describe('default: `default`'),
  token: secret.optional().describe('the bearer token it presents over HTTP'),
  subject: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('who it is in the access tokens of `oauth`, in place of a token'),
  certificate: certificate.optional().describe('the client certificate it presents; with a token: both'),
  manifest: agentManifest,
});
