import { createSecureContext } from 'node:tls';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { AegisError } from '@aegis/core';

/** What a door shows and trusts, as PEM texts. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  /** Roots of the certificates of clients; undefined: clients are asked for none. */
  readonly clientCa: string | undefined;
}

/** The oldest TLS that is spoken. */
export const MIN_VERSION = 'TLSv1.2';

/** What `node:tls` needs to serve with it. Fails with `CONFIG_INVALID` when a door could not be opened with it. */
export function tlsOptions({ cert, key, clientCa }: TlsMaterial): {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  readonly minVersion: typeof MIN_VERSION;
} {
  const options = {
    cert,
    key,
    minVersion: MIN_VERSION,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
  } as const;
  try {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
      throw new Error('the key belongs to another certificate');
    }
    if (clientCa !== undefined && !new X509Certificate(clientCa).ca) {
      throw new Error('the first certificate of `client_ca` issues no others');
    }
    createSecureContext(options);
  } catch (error) {
    // SECURITY: OpenSSL names what is wrong, and repeats nothing of the key.
    const why = error instanceof Error ? error.message : 'unknown problem';
    throw new AegisError('CONFIG_INVALID', `[daemon.tls] cannot be used: ${why}`, {
      help: '`cert`, `key` and `client_ca` are PEM files; the key is that of the first certificate of `cert`',
    });
  }
  return options;
}
