import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../../ports.ts';

/** What connections presented; a connection has one certificate for good. */
const presented = new WeakMap<Socket, { readonly certificate: ClientCertificate | undefined }>();

/** The certificate of whoever opened a connection; undefined when there is none, or nobody trusted vouches for it. */
export function clientCertificate(socket: Socket): ClientCertificate | undefined {
  const known = presented.get(socket);
  if (known !== undefined) return known.certificate;
  const certificate = read(socket);
  presented.set(socket, { certificate });
  return certificate;
}

function read(socket: Socket): ClientCertificate | undefined {
  // SECURITY: what was not verified in the handshake proves nothing.
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const names = alternativeNames(certificate.subjectAltName ?? '');
  return {
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    uris: names.flatMap(({ kind, value }) => (kind === 'URI' ? [value] : [])),
    dns: names.flatMap(({ kind, value }) => (kind === 'DNS' ? [value.toLowerCase()] : [])),
  };
}

interface AlternativeName {
  readonly kind: string;
  readonly value: string;
}

/**
 * Reads the text in which Node.js gives subject alternative names: `DNS:a, URI:b`, where a value with a sign
 * that could be mistaken is a JSON string. Nothing of a text that is not so.
 */
export function alternativeNames(text: string): readonly AlternativeName[] {
  const names: AlternativeName[] = [];
  for (let at = 0; at < text.length; ) {
    NAME.lastIndex = at;
    const match = NAME.exec(text);
    if (match === null) return [];
    const [whole, kind = '', quoted, plain = ''] = match;
    names.push({ kind, value: quoted === undefined ? plain : (JSON.parse(quoted) as string) });
    at += whole.length;
  }
  return names;
}

const NAME =
  /([A-Za-z ]+):(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|([^",]*))(?:, |$)/y;
