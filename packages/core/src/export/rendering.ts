import { assertNever } from '../errors.ts';
import type { Sha256 } from '../model/hash.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { CallBook } from './call-book.ts';
import { cefLine } from './cef.ts';
import { type Facts, factsOf } from './facts.ts';
import { jsonlLine } from './jsonl.ts';
import { ndjsonLine } from './ndjson.ts';
import { ocsfLine } from './ocsf.ts';
import { otlpRequest } from './otlp.ts';
import type { ExportRecord } from './record.ts';
import { spanEndedBy, spanLine } from './span.ts';
import { syslogLine } from './syslog.ts';

export const EXPORT_FORMATS = ['ndjson', 'jsonl', 'cef', 'ocsf', 'syslog', 'spans', 'otlp'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Makes lines of events in the order of the ledger.
 *
 * INVARIANT: the same events after the same state give the same lines, so that what was cut off by a crash is
 * written again as it was.
 */
export interface Rendering {
  take(record: ExportRecord): readonly string[];
  /** What a later process needs to go on as this one would. */
  state(): JsonObject;
}

export interface RenderingOptions {
  readonly format: ExportFormat;
  /** Of Aegis. */
  readonly version: string;
  readonly sha256: Sha256;
}

/** Opens a format, where `state` says how far an earlier one came. */
export function openRendering(options: RenderingOptions, state?: JsonValue): Rendering {
  if (options.format === 'ndjson') {
    return { take: (record) => [ndjsonLine(record)], state: () => ({}) };
  }
  const book = new CallBook(state);
  return {
    take(record) {
      book.take(record.envelope);
      const facts = factsOf(record, book);
      const lines = linesOf(options, record, facts, book);
      book.leave(record.envelope);
      return lines;
    },
    state: () => book.state(),
  };
}

function linesOf(
  { format, version, sha256 }: RenderingOptions,
  record: ExportRecord,
  facts: Facts,
  book: CallBook,
): readonly string[] {
  switch (format) {
    case 'ndjson':
      return [ndjsonLine(record)];
    case 'jsonl':
      return [jsonlLine(facts, record)];
    case 'cef':
      return [cefLine(facts, version)];
    case 'ocsf':
      return [ocsfLine(facts, version)];
    case 'syslog':
      return [syslogLine(facts)];
    case 'spans':
    case 'otlp': {
      const span = spanEndedBy(record, facts, book, sha256);
      if (span === undefined) return [];
      return [format === 'spans' ? spanLine(span) : otlpRequest([span], version)];
    }
    default:
      return assertNever(format);
  }
}

const OTLP_START = '{"resourceSpans":[';
const OTLP_END = ']}';

/** Lines of one format as one message. */
export function messageOf(
  format: ExportFormat,
  lines: readonly string[],
): { readonly type: string; readonly body: string } {
  if (format === 'otlp') {
    const spans = lines.map((line) => line.slice(OTLP_START.length, -OTLP_END.length));
    return { type: 'application/json', body: `${OTLP_START}${spans.join(',')}${OTLP_END}` };
  }
  const type = format === 'cef' || format === 'syslog' ? 'text/plain; charset=utf-8' : 'application/x-ndjson';
  return { type, body: `${lines.join('\n')}\n` };
}
