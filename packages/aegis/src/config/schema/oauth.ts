import { z } from 'zod';

/** What access tokens may be signed with: no shared secrets, and never nothing (RFC 8725, section 3.1). */
export const OAUTH_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'] as const;

export const oauth = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }).describe('who issues the access tokens, exactly as in their `iss`'),
  audience: z
    .url({ protocol: /^https?$/ })
    .describe('what the tokens must be for: the address of this gateway (RFC 8707)'),
  jwks: z.string().min(1).max(2048).describe('where the keys of the issuer are: an address, or a file'),
  claim: z
    .string()
    .regex(/^[A-Za-z0-9_:/.-]{1,128}$/, 'a claim is the name of a member of the token')
    .optional()
    .describe('the claim that says who the agent is; default `sub`'),
  scopes: z
    .array(z.string().regex(/^[!#-[\]-~]{1,128}$/, 'a scope has no spaces, quotes and backslashes'))
    .max(32)
    .optional()
    .describe('what every token must allow; default: nothing more'),
  typ: z
    .enum(['at+jwt', 'JWT'])
    .optional()
    .describe('the type that tokens say they have; default `at+jwt` (RFC 9068)'),
  algorithms: z
    .array(z.enum(OAUTH_ALGORITHMS))
    .min(1)
    .max(OAUTH_ALGORITHMS.length)
    .optional()
    .describe('what tokens may be signed with; default: all of these'),
});
