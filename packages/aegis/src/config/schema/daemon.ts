import { z } from 'zod';
import { secret } from './values.ts';

export const tls = z.strictObject({
  cert: z.string().min(1).describe('PEM file with the certificate and what leads to its root'),
  key: secret.describe('the private key, in PEM'),
  client_ca: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file with the roots of the certificates that agents present'),
});

export const hostName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, 'a host is a name without scheme and port');
