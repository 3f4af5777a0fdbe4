import { AegisError } from '@aegis/core';
import type { ApiPorts } from '../ports.ts';
import { type Route, route } from '../route.ts';

const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

/** The numbers of the ledger, for Prometheus. */
export function metricsRoutes({ metrics }: ApiPorts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/metrics',
      operation: 'getMetrics',
      summary: 'What the ledger counts, in the text format of Prometheus',
      audience:
        metrics?.anonymous === true ? { kind: 'everybody' } : { kind: 'people', permission: 'ledger.read' },
      answers: { 200: PROMETHEUS },
      handle: async ({ principal }) => {
        if (metrics === undefined) {
          throw new AegisError('NOT_FOUND', '`metrics` under [telemetry] is off');
        }
        const tenant = principal?.kind === 'person' ? principal.person.tenant : undefined;
        return { status: 200, body: metrics.text(tenant), type: PROMETHEUS };
      },
    }),
  ];
}
