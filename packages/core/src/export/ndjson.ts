import { redact } from './redact.ts';
import type { ExportRecord } from './record.ts';

/**
 * An event as it stands in the ledger, in one line: SHA-256 over the text of `envelope` is `hash`. Values that
 * were sealed stand beside it, without credentials.
 */
export function ndjsonLine({ position, hash, body, values }: ExportRecord): string {
  const sealed = values === undefined ? '' : `,"values":${JSON.stringify(redact(values))}`;
  return `{"position":${position},"hash":"${hash}","envelope":${body}${sealed}}`;
}
