import { ROLES } from '@aegis/core';
import { z } from 'zod';
import { OAUTH_ALGORITHMS } from './oauth.ts';
import { name, secret } from './values.ts';

const claim = z.string().regex(/^[A-Za-z0-9_:/.-]{1,128}$/, 'a claim is the name of a member of the token');

export const oidc = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }).describe('the provider, exactly as in `iss` of its ID tokens'),
  client_id: z.string().min(1).max(255).describe('as which Aegis is known there'),
  client_secret: secret.optional().describe('for a client that has one'),
  url: z.url({ protocol: /^https?$/ }).describe('how browsers reach this daemon: `https://aegis.acme.test`'),
  scopes: z
    .array(z.string().regex(/^[!#-[\]-~]{1,128}$/, 'a scope has no spaces, quotes and backslashes'))
    .max(32)
    .optional()
    .describe(
      'beside `openid`; `offline_access` lets `aegis login` renew itself where the provider wants it',
    ),
  name: claim.optional().describe('the claim that names a person, for the record; default `sub`'),
  claim: claim.optional().describe('the claim whose values give roles; default `groups`'),
  session_minutes: z.int().min(5).max(720).optional().describe('how long a sign-in lasts; default 60'),
  algorithms: z
    .array(z.enum(OAUTH_ALGORITHMS))
    .min(1)
    .max(OAUTH_ALGORITHMS.length)
    .optional()
    .describe('what ID tokens may be signed with; default: all of these'),
  roles: z
    .array(
      z.strictObject({
        value: z.string().min(1).max(255).describe('a value of the claim'),
        roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).describe('what whoever has it may do'),
        tenant: name.optional().describe('the one tenant that they see; default: all of them'),
      }),
    )
    .min(1)
    .max(256)
    .describe('who is anybody here: without a value that is named here nobody comes in'),
});
