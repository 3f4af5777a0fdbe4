import type { JsonObject } from '../model/json.ts';
import { otlpSpan, type Span } from './span.ts';

/**
 * Spans as one `ExportTraceServiceRequest` in JSON, which is also a line of the OTLP file format
 * (opentelemetry.io/docs/specs/otel/protocol/file-exporter).
 */
export function otlpRequest(spans: readonly Span[], version: string): string {
  const request: JsonObject = {
    resourceSpans: [
      {
        resource: {
          attributes: [
            { key: 'service.name', value: { stringValue: 'aegis' } },
            { key: 'service.version', value: { stringValue: version } },
          ],
        },
        scopeSpans: [{ scope: { name: 'aegis', version }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
  return JSON.stringify(request);
}
