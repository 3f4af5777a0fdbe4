import { LABEL } from '@aegis/core';
import { z } from 'zod';

/** Where a credential is kept; its value never stands in the configuration. */
export const secret = z.union(
  [
    z.strictObject({ env: z.string().min(1) }),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ secret: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/) }),
  ],
  {
    error: 'a credential is `{ secret = "NAME" }` of the vault, `{ env = "NAME" }` or `{ file = "path" }`',
  },
);

export const value = z.union([z.string(), secret], {
  error: 'a value is a text, `{ secret = "NAME" }` of the vault, `{ env = "NAME" }` or `{ file = "path" }`',
});

export const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'use letters, digits, `-` and `_`, at most 63');

export const count = z.int().min(1).max(1_000_000_000);

/** Milliseconds, from a second to a week. */
export const lifetime = z.int().min(1_000).max(604_800_000);

export const person = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/, 'use letters, digits, `.`, `_`, `@` and `-`, at most 63');

export const label = z
  .string()
  .regex(LABEL, 'a label is a letter from a to z, then at most 63 of a-z 0-9 . _ -');

export const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(64)]);

export const globs = z.array(z.string().min(1).max(256)).min(1).max(256);
