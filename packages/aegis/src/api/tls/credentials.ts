import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../../ports.ts';
import { clientCertificate } from './client-certificate.ts';

/** What a request shows of who sends it. */
export function credentialsOf({ headers, socket }: IncomingMessage): Credentials {
  return { authorization: headers.authorization, certificate: clientCertificate(socket) };
}
