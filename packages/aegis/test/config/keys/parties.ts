import { ISSUED, SECURE } from '../texts.ts';
import type { Case } from './case.ts';

const OIDC = `[oidc]
issuer = "https://id.test"
client_id = "c"
client_secret = { env = "S" }
url = "https://a.test"
scopes = ["offline_access"]
name = "email"
claim = "teams"
session_minutes = 5
algorithms = ["ES256"]
[[oidc.roles]]
value = "v"
roles = ["auditor"]
tenant = "acme"
`;
const GRANTED = { value: 'v', roles: ['auditor'], tenant: 'acme' };
const PERSON = `[[people]]\nname = "ann"\nroles = ["auditor"]\ntenant = "acme"\ntoken = { env = "ANN" }
[[people]]\nname = "bob"\nroles = ["admin"]\ntoken_sha256 = "${'a'.repeat(64)}"`;

/** Every key of parties. */
export const PARTIES: readonly Case[] = [
  ['oauth.issuer', ISSUED, { oauth: { issuer: 'https://id.test' } }],
  ['oauth.audience', ISSUED, { oauth: { audience: 'https://gate.test/mcp' } }],
  ['oauth.jwks', ISSUED, { oauth: { jwks: { kind: 'url', url: 'https://id.test/jwks' } } }],
  ['oauth.claim', ISSUED, { oauth: { claim: 'client_id' } }],
  ['oauth.scopes', ISSUED, { oauth: { scopes: ['act'] } }],
  ['oauth.typ', ISSUED, { oauth: { typ: 'JWT' } }],
  ['oauth.algorithms', ISSUED, { oauth: { algorithms: ['ES256'] } }],
  ['agents.subject', ISSUED, { agents: [{ subject: 's' }] }],
  ['agents.certificate', SECURE, { agents: [{ name: 'a', certificate: { dns: 'a.test' } }] }],
  ['people.name', PERSON, { people: [{ name: 'ann' }, {}] }],
  ['people.roles', PERSON, { people: [{ roles: ['auditor'] }, {}] }],
  ['people.tenant', PERSON, { people: [{ tenant: 'acme' }, {}] }],
  ['people.token', PERSON, { people: [{ credential: { env: 'ANN' } }, {}] }],
  ['people.token_sha256', PERSON, { people: [{}, { credential: { sha256: 'a'.repeat(64) } }] }],
  ['oidc.issuer', OIDC, { oidc: { issuer: 'https://id.test' } }],
  ['oidc.client_id', OIDC, { oidc: { clientId: 'c' } }],
  ['oidc.client_secret', OIDC, { oidc: { clientSecret: { env: 'S' } } }],
  ['oidc.url', OIDC, { oidc: { url: 'https://a.test' } }],
  ['oidc.scopes', OIDC, { oidc: { scopes: ['openid', 'offline_access'] } }],
  ['oidc.name', OIDC, { oidc: { name: 'email' } }],
  ['oidc.claim', OIDC, { oidc: { claim: 'teams' } }],
  ['oidc.session_minutes', OIDC, { oidc: { sessionMs: 300_000 } }],
  ['oidc.algorithms', OIDC, { oidc: { algorithms: ['ES256'] } }],
  ['oidc.roles.value', OIDC, { oidc: { grants: [GRANTED] } }],
  ['oidc.roles.roles', OIDC, { oidc: { grants: [GRANTED] } }],
  ['oidc.roles.tenant', OIDC, { oidc: { grants: [GRANTED] } }],
  [
    'agents.name',
    '[[agents]]\nname = "a"\ntoken = { env = "T" }',
    { agents: [{ name: 'a', tenant: 'default' }] },
  ],
  [
    'agents.tenant',
    '[[agents]]\nname = "a"\ntenant = "x"\ntoken = { env = "T" }',
    { agents: [{ tenant: 'x' }] },
  ],
  ['agents.token', '[[agents]]\nname = "a"\ntoken = { file = "t" }', { agents: [{ token: { file: 't' } }] }],
  [
    'agents.manifest',
    '[[agents]]\nname = "a"\ntoken = { file = "t" }\nmanifest = "/m.json"',
    { agents: [{ manifest: '/m.json' }] },
  ],
];
