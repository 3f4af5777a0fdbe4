import { resolve } from 'node:path';
import { parseVerifierKey } from '@aegis/core';
import { digest } from '../platform.ts';
import type {
  ConfiguredAnchor,
  ConfiguredLedger,
  ConfiguredStore,
  ConfiguredWitness,
  DatabaseRole,
} from './configured/ledger.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { LedgerEntry, StoreEntry } from './schema.ts';

/** Reads where the ledger is kept, with every mistake reported. */
export function readStore(entry: StoreEntry, directory: string, report: Report): ConfiguredStore {
  const {
    dsn = 'file:.aegis/aegis.db',
    password,
    owner,
    durability = 'group',
    lease_ms: leaseMs = 20_000,
  } = entry;
  const kept = { durability, leaseMs };
  if (POSTGRES.test(dsn)) {
    const role = readRole({ dsn, password }, ['store'], report);
    if (owner === undefined) return { kind: 'postgres', ...role, ...kept };
    return { kind: 'postgres', ...role, owner: readRole(owner, ['store', 'owner'], report), ...kept };
  }
  for (const key of ['password', 'owner'] as const) {
    if (entry[key] !== undefined) report('bad-value', ['store', key], `\`${key}\` means nothing for a file`);
  }
  const file = /^file:([^?#]+)$/.exec(dsn)?.[1];
  if (file === undefined) {
    const help = 'for example file:.aegis/aegis.db or postgres://user@host:5432/database';
    report('bad-value', ['store', 'dsn'], `\`${withoutPassword(dsn)}\` is not a store`, help);
  }
  return { kind: 'sqlite', file: resolve(directory, file ?? ''), ...kept };
}

const POSTGRES = /^postgres(?:ql)?:\/\//;

function readRole(
  { dsn, password }: NonNullable<StoreEntry['owner']>,
  path: readonly string[],
  report: Report,
): DatabaseRole {
  const help = 'for example postgres://user@host:5432/database';
  if (!POSTGRES.test(dsn)) {
    report('bad-value', [...path, 'dsn'], `\`${withoutPassword(dsn)}\` is not a PostgreSQL database`, help);
  }
  // SECURITY: the file is shown, copied and checked in; what is in it is no secret.
  if (/^[a-z]+:\/\/[^@/]*:[^@/]*@/.test(dsn) || /[?&]password=/.test(dsn)) {
    const instead = 'write `password = { env = "NAME" }` or `{ file = "path" }` beside it';
    report('secret-in-file', [...path, 'dsn'], 'the password stands in `dsn`', instead);
  }
  if (password === undefined) return { dsn };
  if (!/^[a-z]+:\/\/[^@/]+@/.test(dsn)) {
    report('bad-value', [...path, 'password'], '`password` needs a user in `dsn`', help);
  }
  return { dsn, password };
}

/** Reads how the ledger is sealed and where its checkpoints go, with every mistake reported. */
export function readLedger(entry: LedgerEntry, directory: string, report: Report): ConfiguredLedger {
  const { seal_interval_ms: sealIntervalMs = 1000, anchor, quorum } = entry;
  const witnesses = (entry.witnesses ?? []).flatMap((witness, index) => readWitness(witness, index, report));
  const names = witnesses.map(({ key }) => key.keyId);
  names.forEach((id, index) => {
    if (names.indexOf(id) !== index) {
      report('duplicate-name', ['ledger', 'witnesses', index, 'key'], 'another witness has the same key');
    }
  });
  const configured = entry.witnesses?.length ?? 0;
  if (quorum !== undefined && quorum > configured) {
    report('out-of-range', ['ledger', 'quorum'], `there are only ${configured} witnesses`);
  }
  return {
    sealIntervalMs,
    witnesses,
    quorum: quorum ?? configured,
    ...(anchor === undefined ? {} : { anchor: readAnchor(anchor, directory, report) }),
  };
}

function readWitness(
  { url, key }: NonNullable<LedgerEntry['witnesses']>[number],
  index: number,
  report: Report,
): readonly ConfiguredWitness[] {
  const read = parseVerifierKey(key, digest);
  const problem =
    typeof read === 'string' ? read : read.algorithm === 'ed25519' ? 'it is the key of a log' : undefined;
  if (typeof read !== 'string' && problem === undefined) return [{ url, key: read }];
  const help = 'a witness shows its key when it starts: `name+1a2b3c4d+B...`';
  report('bad-value', ['ledger', 'witnesses', index, 'key'], `not the key of a witness: ${problem}`, help);
  return [];
}

function readAnchor(anchor: string, directory: string, report: Report): ConfiguredAnchor {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(anchor)) return { kind: 'file', file: resolve(directory, anchor) };
  const url = URL.parse(anchor);
  // SECURITY: whoever can answer in place of the anchor can lose checkpoints unseen.
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback(url.hostname))) {
    report('bad-value', ['ledger', 'anchor'], 'an anchor is the path of a file or an https address');
  }
  return { kind: 'url', url: anchor };
}

function withoutPassword(dsn: string): string {
  return dsn.replace(/:[^/@]*@/, ':...@');
}
