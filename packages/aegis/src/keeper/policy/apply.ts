import { resolve } from 'node:path';
import { AegisError, type ActivationCause } from '@aegis/core';
import { sessionPorts } from '../../daemon/evidence.ts';
import { ownCaller } from '../../enforce/own-session.ts';
import { type Activation, PolicyLedger } from '../../enforce/policy-ledger.ts';
import { distrust, formatSignature, signatureFile } from '../../source/bundle-signature.ts';
import { withLedger } from '../open.ts';
import type { LedgerPlace } from '../place.ts';
import { currentPolicy, type Draft, withDrafts } from './draft.ts';

/** A file of the policy that is to have another text. */
export interface FileChange {
  /** Absolute path. */
  readonly file: string;
  /** Undefined where there is no such file. */
  readonly before: string | undefined;
  /** Undefined where it is to go. */
  readonly after: string | undefined;
}

/**
 * What has to be written for the texts of a draft to be those of the configuration, its signature with them.
 * Fails with `INPUT_INVALID` and, where nobody signed what has to be signed, with `POLICY_INVALID`.
 */
export async function planApply(
  { configuration }: LedgerPlace,
  { bundle, fingerprint, signature }: Draft,
  read: (file: string) => Promise<string | undefined>,
): Promise<readonly FileChange[]> {
  const { trust, directory, file: entry } = configuration;
  const why = trust.mode === 'prod' ? distrust(signature, fingerprint, trust) : undefined;
  if (why !== undefined) {
    throw new AegisError('POLICY_INVALID', why, { help: '`aegis policy bundle --sign KEY` signs one' });
  }
  if (fileIn(directory, bundle.entry) !== entry) {
    throw new AegisError('INPUT_INVALID', `the bundle is of \`${bundle.entry}\`, not of \`${entry}\``);
  }
  const wanted: [string, string | undefined][] = [
    ...Object.entries(bundle.files).map(([name, text]): [string, string] => [fileIn(directory, name), text]),
    [signatureFile(entry), signature && formatSignature(signature)],
  ];
  const changes: FileChange[] = [];
  for (const [file, after] of wanted) {
    const before = await read(file);
    if (before !== after) changes.push({ file, before, after });
  }
  return changes;
}

/** SECURITY: a bundle says what is in the folder of the configuration, and nowhere else. */
function fileIn(directory: string, name: string): string {
  const parts = name.split('/');
  const foreign = parts.some((part) => ['', '.', '..', '.aegis'].includes(part));
  if (foreign || /[\\:\0]/.test(name)) {
    throw new AegisError('INPUT_INVALID', `\`${name}\` is outside of the folder of the configuration`, {
      help: 'a policy that is applied has all its files in that folder',
    });
  }
  return resolve(directory, name);
}

/** Undefined where what is on the disk is no policy. */
async function foundOnDisk(place: LedgerPlace): Promise<Activation | undefined> {
  const current = await currentPolicy(place).catch(() => undefined);
  return (
    current &&
    withDrafts([current], ({ rules, bundle, fingerprint }) =>
      Promise.resolve({
        policyDigest: rules.policy.digest,
        bundle,
        fingerprint,
        cause: 'reload',
        by: 'aegis',
      }),
    )
  );
}

/** Records on whose word a draft comes into force. Fails with `STORE_UNAVAILABLE`. */
export async function recordApplied(
  place: LedgerPlace,
  { rules, bundle, fingerprint, signature }: Draft,
  word: {
    readonly cause: ActivationCause;
    readonly by: string;
    readonly warn: (text: string) => void;
  },
): Promise<void> {
  const { cause, by, warn } = word;
  // What is replaced can be had again, also where no process ever ran with it.
  const before = await foundOnDisk(place);
  const trusted = distrust(signature, fingerprint, place.configuration.trust) === undefined;
  return withLedger(place, warn, async (ledger) => {
    const policyDigest = rules.policy.digest;
    const record = new PolicyLedger(sessionPorts(ledger), () => policyDigest, ownCaller(by));
    try {
      if (before !== undefined) await record.activate(before);
      await record.activate({
        policyDigest,
        bundle,
        fingerprint,
        signature: trusted ? signature : undefined,
        cause,
        by,
      });
    } finally {
      await record.close('the policy is in place');
    }
  });
}
