import type { RequestListener, Server } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { http, https } from '../../http.ts';
import { type TlsMaterial, tlsOptions } from './material.ts';

const TIMEOUTS = { requestTimeout: 60_000, headersTimeout: 10_000 } as const;

/** How long a client may take to agree on a connection, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/** A server that is not listening yet, and the way to show another certificate from the next connection on. */
export interface OpenServer {
  readonly server: Server;
  /** Fails with `CONFIG_INVALID`; then everything stays as it is. */
  readonly renew: (material: TlsMaterial) => void;
}

/** An HTTP server; with a certificate an HTTPS server. Fails with `CONFIG_INVALID`. */
export function createDoorServer(material: TlsMaterial | undefined, handle: RequestListener): OpenServer {
  if (material === undefined) return { server: http.createServer(TIMEOUTS, handle), renew: () => {} };
  const asksClients = material.clientCa !== undefined;
  const server = https.createServer(
    {
      ...TIMEOUTS,
      ...tlsOptions(material),
      handshakeTimeout: HANDSHAKE_MS,
      // Who has no certificate may have a token.
      requestCert: asksClients,
      rejectUnauthorized: false,
    },
    handle,
  );
  // SECURITY: a certificate that nobody trusted vouches for ends the connection: it is no way to be nobody.
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (asksClients && !socket.authorized && socket.getPeerX509Certificate() !== undefined) socket.destroy();
  });
  return { server, renew: (next) => server.setSecureContext(tlsOptions(next)) };
}
