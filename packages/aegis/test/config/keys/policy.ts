import { expect } from 'vitest';
import type { Case } from './case.ts';

const SIGSTORE = '[trust.sigstore]\nroot = "root.json"\nidentities = [{ identity = "a", issuer = "b" }]\n';
const CEDAR = '[cedar]\npolicies = ["/a.cedar"]\n';
const OPA = '[opa]\nentrypoint = "aegis/decision"\nbundle = "/p.wasm"\n';
const LAYER = '[[layers]]\nname = "team"\npolicy = ["/t.toml"]\n';
const REGO = '[rego]\nfiles = ["/a.rego", "/b.rego"]\nentrypoint = "data.aegis.decision"\n';
const TRUSTED = `${'A'.repeat(43)}=`;

/** Every key of policy. */
export const POLICY: readonly Case[] = [
  ['trust_mode', 'trust_mode = "prod"', { trust: { mode: 'prod' } }],
  [
    'trust.sigstore.root',
    SIGSTORE,
    { trust: { keys: [], sigstore: { root: expect.stringMatching(/^\/.*root\.json$/) } } },
  ],
  [
    'trust.sigstore.identities.identity',
    SIGSTORE,
    { trust: { sigstore: { identities: [{ identity: 'a' }] } } },
  ],
  ['trust.sigstore.identities.issuer', SIGSTORE, { trust: { sigstore: { identities: [{ issuer: 'b' }] } } }],
  ['trust.keys', `[trust]\nkeys = ["${TRUSTED}"]`, { trust: { keys: [TRUSTED] } }],
  ['risk', '[risk]\nhigh = "deny"', { risk: { high: 'deny' } }],
  ['policy', 'policy = ["/p.toml"]', { policyFiles: ['/p.toml'] }],
  ['policies', '[[policies]]\nname = "r"', { rules: { path: ['policies'] } }],
  ['layers.name', LAYER, { layers: [{ name: 'team', mode: 'enforce' }] }],
  ['layers.policy', LAYER, { layers: [{ policyFiles: ['/t.toml'] }] }],
  ['layers.agents', `${LAYER}agents = ["pay-*"]`, { layers: [{ agents: ['pay-*'] }] }],
  ['layers.tenants', `${LAYER}tenants = ["acme"]`, { layers: [{ tenants: ['acme'] }] }],
  ['layers.mode', `${LAYER}mode = "shadow"`, { layers: [{ mode: 'shadow' }] }],
  ['rego.files', REGO, { rego: { files: ['/a.rego', '/b.rego'] } }],
  [
    'rego.entrypoint',
    REGO,
    { rego: { entrypoint: 'data.aegis.decision', entrypointAt: { line: 3, column: 14 } } },
  ],
  ['rego.data', `${REGO}data = "/d.json"`, { rego: { data: '/d.json' } }],
  ['cedar.policies', CEDAR, { cedar: { policies: ['/a.cedar'] } }],
  ['cedar.entities', `${CEDAR}entities = "/e.json"`, { cedar: { entities: '/e.json' } }],
  ['cedar.schema', `${CEDAR}schema = "/s.cedarschema"`, { cedar: { schema: '/s.cedarschema' } }],
  [
    'opa.bundle',
    OPA,
    { opa: { kind: 'bundle', file: '/p.wasm', deadlineMs: 1000, memoryMb: 64, reads: [[]] } },
  ],
  ['opa.entrypoint', OPA, { opa: { entrypoint: 'aegis/decision', entrypointAt: { line: 2, column: 14 } } }],
  ['opa.data', `${OPA}data = "/d.json"`, { opa: { data: '/d.json' } }],
  ['opa.memory_mb', `${OPA}memory_mb = 8`, { opa: { memoryMb: 8 } }],
  ['opa.deadline_ms', `${OPA}deadline_ms = 50`, { opa: { deadlineMs: 50 } }],
  [
    'opa.token',
    '[opa]\nurl = "https://opa.example.org"\nentrypoint = "a"\ntoken = { env = "OPA_TOKEN" }',
    { opa: { token: { env: 'OPA_TOKEN' } } },
  ],
  [
    'opa.ca',
    '[opa]\nurl = "https://opa.example.org"\nentrypoint = "a"\nca = "/etc/roots.pem"',
    { opa: { ca: '/etc/roots.pem' } },
  ],
  ['opa.input', `${OPA}input = ["request.tool"]`, { opa: { reads: [['request', 'tool']] } }],
  [
    'opa.url',
    '[opa]\nentrypoint = "a"\nurl = "http://127.0.0.1:8181"\n',
    { opa: { kind: 'remote', url: 'http://127.0.0.1:8181' } },
  ],
];
