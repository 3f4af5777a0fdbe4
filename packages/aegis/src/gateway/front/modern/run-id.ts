import { isJsonObject, type JsonObject } from '@aegis/core';
import { INVALID_PARAMS } from '../../jsonrpc.ts';
import { HEADER_MISMATCH } from '../../upstream/modern/reply.ts';
import { type HeaderLines, readHeader } from './header.ts';

/** Where a client says to which of its runs a request belongs; see docs/reference/runs.md. */
export const RUN_META = 'aegis/run';
const RUN_HEADER = 'Aegis-Run';

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;

export type RunReading =
  /** Without an id it is the caller's own current run. */
  | { readonly kind: 'run'; readonly id: string | undefined }
  | { readonly kind: 'invalid'; readonly code: number; readonly message: string };

const FORM = 'is 1 to 128 letters, digits and `.`, `_`, `~`, `-`, and begins with a letter or a digit';

export function readRunId(params: JsonObject, headers: HeaderLines | undefined): RunReading {
  const { _meta: meta } = params;
  const told = isJsonObject(meta) ? meta[RUN_META] : undefined;
  if (told !== undefined && !(typeof told === 'string' && RUN_ID.test(told))) {
    return { kind: 'invalid', code: INVALID_PARAMS, message: `\`${RUN_META}\` ${FORM}` };
  }
  const header = headers === undefined ? undefined : readHeader(headers, RUN_HEADER.toLowerCase());
  if (header === undefined || header.kind === 'missing') return { kind: 'run', id: told };
  if (header.kind !== 'value' || !RUN_ID.test(header.value)) {
    return {
      kind: 'invalid',
      code: HEADER_MISMATCH,
      message: `the header \`${RUN_HEADER}\` stands once and ${FORM}`,
    };
  }
  return told === undefined || told === header.value
    ? { kind: 'run', id: header.value }
    : {
        kind: 'invalid',
        code: HEADER_MISMATCH,
        message: `the header \`${RUN_HEADER}\` does not agree with \`${RUN_META}\``,
      };
}
