import { MODES } from '@aegis/core';
import { z } from 'zod';
import { globs, name } from './values.ts';

export const layer = z.strictObject({
  name: name.describe('stands before the names of its rules: `payments/no-refunds`'),
  policy: z.array(z.string().min(1)).min(1).max(256).describe('policy files, in order'),
  agents: globs.optional().describe('whose calls it is about, by globs; default: every agent'),
  tenants: globs.optional().describe('in which tenants, by globs; default: every tenant'),
  mode: z.enum(MODES).optional().describe('`shadow`: what it would say is recorded, and does not count'),
});
