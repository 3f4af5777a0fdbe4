import { stat } from 'node:fs/promises';
import { type JsonValue, printable } from '@aegis/core';
import type { ReadText } from './texts.ts';

/** What Sigstore bundles are verified against, without a network. */
export interface SigstoreTrust {
  /** Absolute path of a trusted root, as Sigstore publishes it (`trusted_root.json`). */
  readonly root: string;
  /** Who may sign: the subject of a certificate and the issuer of that identity, both exactly. */
  readonly identities: readonly { readonly identity: string; readonly issuer: string }[];
}

export interface BundleFault {
  readonly code: 'integrity' | 'untrusted';
  readonly message: string;
  readonly help?: string;
}

/** Longest bundle, and longest root, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Why a Sigstore bundle (v0.1 to v0.3, message signature) does not vouch for a text; undefined when it does. The
 * certificate chain, its timestamps, the log of certificates and the log of signatures are verified against the
 * trusted root; with `named`, the signer must be one that the configuration names.
 */
export async function bundleFault(
  { text, bundle, named }: { readonly text: string; readonly bundle: string; readonly named: boolean },
  trust: SigstoreTrust | undefined,
  readText: ReadText,
): Promise<BundleFault | undefined> {
  if (trust === undefined) {
    const message = 'the manifest is signed with Sigstore, and `[trust.sigstore]` names no root';
    const help =
      'name `root`, the trusted root as a file; a command that reads a manifest alone takes `--config`';
    return { code: 'untrusted', message, help };
  }
  const written = await readBounded(bundle, readText);
  if (written === undefined) return { code: 'integrity', message: 'the bundle cannot be read' };
  const stated = jsonOf(written);
  if (stated === undefined) {
    return { code: 'integrity', message: 'the bundle does not vouch for this manifest: it is no JSON' };
  }
  const root = await readBounded(trust.root, readText);
  if (root === undefined) return { code: 'untrusted', message: 'the trusted root cannot be read' };
  const { bundleFromJSON, isBundleWithMessageSignature } = await import('@sigstore/bundle');
  const { TrustedRoot } = await import('@sigstore/protobuf-specs');
  const { toSignedEntity, toTrustMaterial, Verifier } = await import('@sigstore/verify');
  let material: ReturnType<typeof toTrustMaterial>;
  try {
    material = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root)));
  } catch {
    return { code: 'untrusted', message: `\`${trust.root}\` is no trusted root` };
  }
  let signer: { readonly identity?: string | undefined; readonly issuer?: string | undefined };
  try {
    const read = bundleFromJSON(stated);
    // SECURITY: a DSSE envelope verifies for what it holds, whatever the text is.
    if (!isBundleWithMessageSignature(read)) {
      return { code: 'integrity', message: 'the bundle signs no file: it holds a statement' };
    }
    const { identity } = new Verifier(material).verify(toSignedEntity(read, Buffer.from(text)));
    signer = { identity: identity?.subjectAlternativeName, issuer: identity?.extensions?.issuer };
  } catch (error) {
    const why = error instanceof Error ? printable(error.message.slice(0, 200)) : 'unreadable';
    return { code: 'integrity', message: `the bundle does not vouch for this manifest: ${why}` };
  }
  const known = trust.identities.some(
    ({ identity, issuer }) => identity === signer.identity && issuer === signer.issuer,
  );
  if (known || !named) return undefined;
  return {
    code: 'untrusted',
    message: `the manifest is signed by \`${signer.identity ?? 'nobody'}\` of \`${signer.issuer ?? 'nobody'}\`, whom \`[trust.sigstore]\` does not name`,
  };
}

/** SECURITY: without a message of the parser, which quotes: a bundle can be a link to any file. */
function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

async function readBounded(file: string, readText: ReadText): Promise<string | undefined> {
  try {
    // SECURITY: before it is read: a link to a device has no end. What comes out of a policy bundle is on no disk.
    const info = await stat(file).catch(() => undefined);
    if (info !== undefined && (!info.isFile() || info.size > MAX_BYTES)) return undefined;
    const text = await readText(file);
    return Buffer.byteLength(text) > MAX_BYTES ? undefined : text;
  } catch {
    return undefined;
  }
}
