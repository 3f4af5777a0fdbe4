import { createHash, createPublicKey, verify } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type AgentManifest,
  type Diagnostic,
  isJsonObject,
  type JsonValue,
  readAgentManifest,
  readDocument,
  type Sha256,
  type SourceDocument,
  signedText,
  treeDigest,
} from '@aegis/core';
import { bundleFault, type SigstoreTrust } from './sigstore.ts';
import type { ReadText } from './texts.ts';

/** Whose word is needed for an agent to do anything. */
export interface Trust {
  readonly mode: 'dev' | 'prod';
  /** Raw Ed25519 public keys in base64. */
  readonly keys: readonly string[];
  /** Absent: no Sigstore bundle can be verified. */
  readonly sigstore?: SigstoreTrust;
}

export interface NamedAgent {
  readonly name: string;
  /** Absolute path. */
  readonly manifest?: string;
}

export interface LoadedAgents {
  readonly manifests: ReadonlyMap<string, AgentManifest>;
  /** As written, by agent: what the policy digest covers. */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/**
 * Reads the manifests of agents and checks what they state about their integrity. In `prod` an agent
 * without a manifest, and a manifest without a signature by a trusted key, is refused.
 */
export async function loadAgentManifests(
  agents: readonly NamedAgent[],
  trust: Trust,
  options: {
    /** Undefined after a diagnostic. */
    readonly read: (file: string) => Promise<string | undefined>;
    /** What lies beside a manifest. Rejects as the file system does. */
    readonly readText: ReadText;
    readonly resolvePath: (path: string) => string;
    readonly sha256: Sha256;
    readonly diagnostics: Diagnostic[];
  },
): Promise<LoadedAgents> {
  const { read, readText, resolvePath, sha256, diagnostics } = options;
  const manifests = new Map<string, AgentManifest>();
  const values: Record<string, JsonValue> = {};
  for (const { name, manifest: file } of agents) {
    const text = file === undefined ? undefined : await read(file);
    if (file === undefined || text === undefined) continue;
    const folder = dirname(file);
    const document = readDocument({ text, file });
    const found = readAgentManifest(document, { resolve: (path) => resolvePath(resolve(folder, path)) });
    diagnostics.push(...found.diagnostics);
    if (found.manifest === undefined) continue;
    const written = { text, document, folder };
    diagnostics.push(...(await integrityFaults(written, found.manifest, trust, { readText, sha256 })));
    manifests.set(name, found.manifest);
    values[name] = document.value ?? null;
  }
  return { manifests, values };
}

interface WrittenManifest {
  readonly text: string;
  readonly document: SourceDocument;
  readonly folder: string;
}

async function integrityFaults(
  { text, document, folder }: WrittenManifest,
  { integrity }: AgentManifest,
  trust: Trust,
  { readText, sha256 }: { readonly readText: ReadText; readonly sha256: Sha256 },
): Promise<Diagnostic[]> {
  const faults: Diagnostic[] = [];
  const fault = (path: readonly string[], code: string, message: string, help?: string): void => {
    const at = document.positionOf(['integrity', ...path], 'value');
    faults.push({ code, message, at, ...(help === undefined ? {} : { help }) });
  };
  for (const [name, expected] of integrity.files) {
    const actual = await fileDigest(join(folder, name));
    if (actual === expected) continue;
    const message =
      actual === undefined ? `\`${name}\` cannot be read` : `\`${name}\` is not the file that was listed`;
    fault(['files', name], 'integrity', message);
  }
  if (integrity.treeSha256 !== undefined && integrity.treeSha256 !== treeDigest(integrity.files, sha256)) {
    fault(['tree_sha256'], 'integrity', 'this is not the digest of `files`');
  }
  const { signature } = integrity;
  if (signature === undefined) {
    if (trust.mode === 'prod') {
      const help = 'sign it with a key of `[trust]`, or use `trust_mode = "dev"`';
      fault([], 'unsigned', 'the manifest is not signed, and `trust_mode` is `prod`', help);
    }
    return faults;
  }
  if (signature.kind === 'sigstore') {
    // SECURITY: the text that was read for the manifest, not what the file holds by now.
    const found = await bundleFault(
      { text, bundle: join(folder, signature.bundle), named: trust.mode === 'prod' },
      trust.sigstore,
      readText,
    );
    if (found !== undefined) fault(['signature', 'bundle'], found.code, found.message, found.help);
    return faults;
  }
  if (!isSigned(document, signature.publicKey, signature.value)) {
    fault(['signature', 'value'], 'integrity', 'the signature is not over this manifest');
  } else if (trust.mode === 'prod' && !trust.keys.includes(signature.publicKey)) {
    fault(
      ['signature', 'public_key'],
      'untrusted',
      'the manifest is signed by a key that `[trust]` does not name',
    );
  }
  return faults;
}

/** DER of an Ed25519 public key up to the raw key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function isSigned({ value }: SourceDocument, publicKey: string, signature: string): boolean {
  if (!isJsonObject(value)) return false;
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'base64')]);
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(signedText(value)), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** Undefined for what is no file that can be read. */
async function fileDigest(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  let handle: FileHandle | undefined;
  try {
    // SECURITY: a pipe would be waited for, and a device read, for ever.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!(await handle.stat()).isFile()) return undefined;
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}
