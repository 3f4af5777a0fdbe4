import type { SecretReference } from '../ports.ts';

/** Where a credential is kept, as it may be shown: `env:NAME`, `file:path` or `secret:NAME`. */
export function keptIn(reference: SecretReference): string {
  if ('env' in reference) return `env:${reference.env}`;
  return 'file' in reference ? `file:${reference.file}` : `secret:${reference.secret}`;
}
