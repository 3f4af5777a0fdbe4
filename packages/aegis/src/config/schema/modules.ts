import { z } from 'zod';
import { secret } from './values.ts';

export const rego = z.strictObject({
  files: z.array(z.string().min(1)).min(1).max(256).describe('Rego files, which are compiled together'),
  entrypoint: z
    .string()
    .regex(/^data(\.[A-Za-z_][A-Za-z0-9_]*)+$/, 'an entrypoint is a rule, like `data.aegis.decision`')
    .describe('the rule that is asked'),
  data: z
    .string()
    .min(1)
    .optional()
    .describe('a JSON, YAML or TOML file of what the policies find below `data`'),
});

export const cedar = z.strictObject({
  policies: z.array(z.string().min(1)).min(1).max(256).describe('Cedar files, which are one set of policies'),
  entities: z
    .string()
    .min(1)
    .optional()
    .describe('a JSON, YAML or TOML file of entities beside those of the call'),
  schema: z
    .string()
    .min(1)
    .optional()
    .describe('a Cedar schema: policies are checked when they are loaded, calls when they are judged'),
});

export const opa = z.strictObject({
  bundle: z
    .string()
    .min(1)
    .optional()
    .describe('a bundle (`.tar.gz`) as `opa build -t wasm` makes it, or the `policy.wasm` out of it'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('an OPA that runs elsewhere; https, or on this machine'),
  token: secret.optional().describe('what the service is shown as `Authorization: Bearer`'),
  ca: z
    .string()
    .min(1)
    .optional()
    .describe('PEM of the roots that the certificate of the service goes back to'),
  entrypoint: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'an entrypoint is a path like `aegis/decision`')
    .describe('the document that is asked for'),
  data: z.string().min(1).optional().describe('a file of what the policies of a bundle find below `data`'),
  deadline_ms: z
    .int()
    .min(1)
    .max(60_000)
    .optional()
    .describe('without an answer in this time a call is denied; default 1000'),
  memory_mb: z.int().min(2).max(1024).optional().describe('most memory of a bundle; default 64'),
  input: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(64)
    .optional()
    .describe('the parts of the input that are shown, like `request.tool`; default: all of it'),
});
