import { utf8Bytes } from '../value/text.ts';
import { boolean, type Builtin, builtin, type HashFunctions, string } from './builtin.ts';
import { hexOf } from './encoding.ts';

function digest(name: string, needs: 'sha256' | 'sha1' | 'md5'): Builtin {
  return builtin(
    name,
    [string],
    string,
    (text, { hashes }) => {
      const bytes = hashes[needs]?.(utf8Bytes(text));
      return bytes === undefined ? undefined : hexOf(bytes);
    },
    needs,
  );
}

function hmac(name: string, needs: Exclude<keyof HashFunctions, 'sha256' | 'sha1' | 'md5'>): Builtin {
  return builtin(
    name,
    [string, string],
    string,
    (text, key, { hashes }) => {
      const bytes = hashes[needs]?.(utf8Bytes(key), utf8Bytes(text));
      return bytes === undefined ? undefined : hexOf(bytes);
    },
    needs,
  );
}

/** Compares without telling by its time where two texts differ. */
function equalInConstantTime(a: string, b: string): boolean {
  const left = utf8Bytes(a);
  const right = utf8Bytes(b);
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}

export const CRYPTO: readonly Builtin[] = [
  digest('crypto.sha256', 'sha256'),
  digest('crypto.sha1', 'sha1'),
  digest('crypto.md5', 'md5'),
  hmac('crypto.hmac.md5', 'hmacMd5'),
  hmac('crypto.hmac.sha1', 'hmacSha1'),
  hmac('crypto.hmac.sha256', 'hmacSha256'),
  hmac('crypto.hmac.sha512', 'hmacSha512'),
  builtin('crypto.hmac.equal', [string, string], boolean, equalInConstantTime),
];
