import { z } from 'zod';

/** Where what opens the vault is kept: never in the vault itself. */
const outside = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  {
    error: 'it is `{ env = "NAME" }` or `{ file = "path" }`',
  },
);

/** A HashiCorp Vault or an OpenBao. */
const service = {
  url: z.url({ protocol: /^https?$/ }),
  token: outside.describe('the token that is shown to it'),
  namespace: z.string().min(1).max(256).optional(),
};

const path = z.string().regex(/^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/, 'a path is words between `/`');

const vaultKey = z.union(
  [
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ env: z.string().min(1) }),
    z.strictObject({ passphrase: z.union([z.literal('prompt'), outside]) }),
    z.strictObject({ keyring: z.string().regex(/^[A-Za-z0-9._][A-Za-z0-9._-]{0,63}$/) }),
    z.strictObject({
      transit: z.strictObject({ ...service, key: path, mount: path.optional() }),
    }),
    z.strictObject({
      kv: z.strictObject({ ...service, path, field: z.string().min(1).max(128).optional() }),
    }),
  ],
  {
    error:
      'what opens the vault is one of `{ file = "path" }`, `{ env = "NAME" }`, `{ passphrase = "prompt" }`, `{ keyring = "service" }`, `{ transit = { url, key, token } }`, `{ kv = { url, path, token } }`',
  },
);

export const vault = z.strictObject({
  file: z.string().min(1).optional().describe('default .aegis/vault'),
  key: vaultKey
    .optional()
    .describe('what opens it; default: the file `vault-key` in the configuration folder of the user'),
  old_key: vaultKey.optional().describe('what opened it before, until `aegis secret rotate-key` has run'),
});
