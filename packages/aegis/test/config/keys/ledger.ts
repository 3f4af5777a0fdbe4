import { WITNESSED } from '../texts.ts';
import type { Case } from './case.ts';

/** Every key of ledger. */
export const LEDGER: readonly Case[] = [
  ['store.dsn', '[store]\ndsn = "file:/var/lib/a.db"', { store: { kind: 'sqlite', file: '/var/lib/a.db' } }],
  [
    'store.password',
    '[store]\ndsn = "postgres://aegis@db/ledger"\npassword = { env = "PG" }',
    { store: { kind: 'postgres', dsn: 'postgres://aegis@db/ledger', password: { env: 'PG' } } },
  ],
  [
    'store.owner.dsn',
    '[store]\ndsn = "postgres://aegis@db/ledger"\nowner = { dsn = "postgres://owner@db/ledger" }',
    { store: { owner: { dsn: 'postgres://owner@db/ledger' } } },
  ],
  [
    'store.owner.password',
    '[store]\ndsn = "postgres://a@db/l"\nowner = { dsn = "postgres://o@db/l", password = { file = "p" } }',
    { store: { owner: { password: { file: 'p' } } } },
  ],
  ['store.lease_ms', '[store]\nlease_ms = 5000', { store: { leaseMs: 5_000 } }],
  ['store.durability', '[store]\ndurability = "full"', { store: { durability: 'full' } }],
  ['ledger.seal_interval_ms', '[ledger]\nseal_interval_ms = 250', { ledger: { sealIntervalMs: 250 } }],
  ['ledger.witnesses.url', WITNESSED, { ledger: { witnesses: [{ url: 'https://w1.example.org/' }, {}] } }],
  [
    'ledger.witnesses.key',
    WITNESSED,
    { ledger: { witnesses: [{ key: { name: 'w1', algorithm: 'ed25519-cosignature' } }, {}] } },
  ],
  ['vault.file', '[vault]\nfile = "/srv/vault"\n', { vault: { file: '/srv/vault' } }],
  ['vault.key', '[vault]\nkey = { env = "K" }\n', { vault: { key: { kind: 'env', name: 'K' } } }],
  [
    'vault.old_key',
    '[vault]\nold_key = { keyring = "aegis" }\n',
    { vault: { oldKey: { kind: 'keyring', service: 'aegis' } } },
  ],
  ['ledger.quorum', `${WITNESSED}quorum = 1`, { ledger: { quorum: 1 } }],
  [
    'ledger.anchor',
    '[ledger]\nanchor = "/mnt/notes"',
    { ledger: { anchor: { kind: 'file', file: '/mnt/notes' } } },
  ],
];
