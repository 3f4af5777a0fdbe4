import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { bundleToJSON, toDSSEBundle, toMessageSignatureBundle } from '@sigstore/bundle';
import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';

const ISSUER_OID = '1.3.6.1.4.1.57264.1.8';

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
const keys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** What a log of signatures answers (Rekor v1). */
interface LogEntry {
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: {
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly checkpoint: string;
    };
    readonly signedEntryTimestamp: string;
  };
}

/** A certificate authority, a log of certificates and a log of signatures, as Sigstore runs them. */
export async function openAuthority() {
  const [caKeys, ctKeys, logKeys] = [keys(), keys(), keys()];
  const ctLog = await initializeCTLog(ctKeys);
  const ca = await initializeCA(caKeys, ctLog);
  const log = await initializeTLog('https://rekor.test', logKeys);
  const validFor = { start: new Date(Date.now() - 3_600_000), end: undefined };
  const publicKey = (rawBytes: Buffer) => ({
    rawBytes,
    keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
    validFor,
  });
  const root = TrustedRoot.toJSON({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    certificateAuthorities: [
      {
        subject: { commonName: 'sigstore', organization: 'test' },
        uri: 'https://fulcio.test',
        certChain: { certificates: [{ rawBytes: Buffer.from(ca.rootCertificate as Buffer) }] },
        validFor,
        operator: 'test',
      },
    ],
    timestampAuthorities: [],
    tlogs: [
      {
        baseUrl: 'https://rekor.test',
        hashAlgorithm: HashAlgorithm.SHA2_256,
        publicKey: publicKey(log.publicKey),
        logId: { keyId: digest(log.publicKey) },
        checkpointKeyId: undefined,
        operator: 'test',
      },
    ],
    ctlogs: [
      {
        baseUrl: 'https://ct.test',
        hashAlgorithm: HashAlgorithm.SHA2_256,
        publicKey: publicKey(ctLog.publicKey),
        logId: { keyId: Buffer.from(ctLog.logID as Buffer) },
        checkpointKeyId: undefined,
        operator: 'test',
      },
    ],
  });

  /** Signs bytes as `cosign sign-blob` does: a key of its own, a certificate for minutes, an entry in the log. */
  async function signBlob(bytes: Buffer, identity: string, issuer: string) {
    const signer = keys();
    const certificate = Buffer.from(
      (await ca.issueCertificate({
        publicKey: signer.publicKey.export({ format: 'der', type: 'spki' }) as Buffer<ArrayBuffer>,
        subjectAltName: identity,
        extensions: [{ oid: ISSUER_OID, value: issuer }],
      })) as Buffer,
    );
    const signature = sign('sha256', bytes, signer.privateKey);
    const pem = new X509Certificate(certificate).toString();
    const entries = await log.log({
      apiVersion: '0.0.1',
      kind: 'hashedrekord',
      spec: {
        data: { hash: { algorithm: 'sha256', value: digest(bytes).toString('hex') } },
        signature: {
          content: signature.toString('base64'),
          publicKey: { content: Buffer.from(pem).toString('base64') },
        },
      },
    });
    const [entry] = Object.values(entries as Readonly<Record<string, LogEntry>>);
    if (entry === undefined) throw new Error('the log took nothing');
    const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
    const bundle = toMessageSignatureBundle({ digest: digest(bytes), signature, certificate });
    bundle.verificationMaterial.tlogEntries = [
      {
        logIndex: String(entry.logIndex),
        logId: { keyId: Buffer.from(entry.logID, 'hex') },
        kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
        integratedTime: String(entry.integratedTime),
        inclusionPromise: {
          signedEntryTimestamp: Buffer.from(signedEntryTimestamp, 'base64'),
        },
        inclusionProof: {
          logIndex: String(proof.logIndex),
          treeSize: String(proof.treeSize),
          rootHash: Buffer.from(proof.rootHash, 'hex'),
          hashes: [],
          checkpoint: { envelope: proof.checkpoint },
        },
        canonicalizedBody: Buffer.from(entry.body, 'base64'),
      },
    ];
    return JSON.stringify(bundleToJSON(bundle));
  }

  /** A statement about something, signed by whoever: it says nothing of a file. */
  function statement(text: string): string {
    const { privateKey } = keys();
    const artifact = Buffer.from(text);
    const signature = sign('sha256', artifact, privateKey);
    return JSON.stringify(
      bundleToJSON(
        toDSSEBundle({
          artifact,
          artifactType: 'text/plain',
          signature,
          keyHint: 'k',
          certificateChain: false,
        }),
      ),
    );
  }

  return { root: JSON.stringify(root), signBlob, statement };
}
