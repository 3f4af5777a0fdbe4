import { createHmac, hash } from 'node:crypto';
import type { HashFunctions } from '@aegis/rego';

type Digest = (bytes: Uint8Array) => Uint8Array;
type Mac = (key: Uint8Array, bytes: Uint8Array) => Uint8Array;

const digest =
  (algorithm: string): Digest =>
  (bytes) =>
    hash(algorithm, bytes, 'buffer');

const mac =
  (algorithm: string): Mac =>
  (key, bytes) =>
    createHmac(algorithm, key).update(bytes).digest();

/** What `crypto.*` and `io.jwt.verify_hs*` of Rego compute with. */
export const REGO_HASHES: HashFunctions = {
  sha256: digest('sha256'),
  sha1: digest('sha1'),
  md5: digest('md5'),
  hmacMd5: mac('md5'),
  hmacSha1: mac('sha1'),
  hmacSha256: mac('sha256'),
  hmacSha384: mac('sha384'),
  hmacSha512: mac('sha512'),
};
