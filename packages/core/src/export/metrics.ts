import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { ExportRecord } from './record.ts';
import type { Rendering } from './rendering.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly label: string;
}

const METRICS = {
  events: { name: 'aegis_events_total', help: 'Events in the ledger.', label: 'type' },
  decisions: { name: 'aegis_decisions_total', help: 'Decisions by what they say.', label: 'effect' },
  denials: { name: 'aegis_denials_total', help: 'Calls that were denied.', label: 'code' },
  results: { name: 'aegis_results_total', help: 'What calls came to.', label: 'outcome' },
  approvals: { name: 'aegis_approvals_total', help: 'Answers of people.', label: 'approved' },
} as const satisfies Record<string, Metric>;

type MetricName = keyof typeof METRICS;

const DURATION = 'aegis_upstream_duration_seconds';
/** Upper bounds of the histogram, in milliseconds. */
const BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** Tenants with numbers of their own; those beyond share a line. */
const MAX_TENANTS = 256;
const OTHERS = '(others)';

/** What was counted of one tenant. */
interface Counts {
  /** `denials POLICY_DENY`: how many. */
  readonly counters: Record<string, number>;
  /** How many took at most so long as each bound, and one more for all. */
  readonly buckets: number[];
  sumMs: number;
}

/** Counts events for Prometheus. Labels are words of Aegis alone: nothing that an agent can make up. */
export class MetricsFold implements Rendering {
  readonly #tenants = new Map<string, Counts>();
  #position = 0;

  /** From what `state` gave; with anything else it begins at nothing. */
  constructor(state?: JsonValue) {
    const { tenants, position } = isJsonObject(state) ? state : {};
    if (typeof position === 'number') this.#position = position;
    if (!isJsonObject(tenants)) return;
    for (const [tenant, counts] of Object.entries(tenants)) {
      this.#tenants.set(tenant, structured(counts as unknown as Counts));
    }
  }

  take({ position, envelope: { tenant_id, event_type, payload } }: ExportRecord): readonly string[] {
    this.#position = position;
    const counts = this.#of(tenant_id);
    const add = (metric: MetricName, label: JsonValue | undefined): void => {
      const key = `${metric} ${String(label)}`;
      counts.counters[key] = (counts.counters[key] ?? 0) + 1;
    };
    add('events', event_type);
    switch (event_type) {
      case 'POLICY_DECISION':
        add('decisions', payload['effect']);
        break;
      case 'TOOL_CALL_DENIED':
      case 'ACCESS_DENIED':
        add('denials', payload['code']);
        break;
      case 'TOOL_RESULT':
      case 'ACCESS_RESULT':
        add('results', payload['outcome']);
        break;
      case 'APPROVAL_DECIDED':
        add('approvals', payload['approved']);
        break;
      case 'TOOL_CALL_EXECUTED':
        observe(counts, payload['duration_ms']);
        break;
      default:
    }
    return [];
  }

  state(): JsonObject {
    return {
      position: this.#position,
      tenants: Object.fromEntries(this.#tenants) as unknown as JsonObject,
    };
  }

  /** In the text format of Prometheus (version 0.0.4), of one tenant or of all. */
  text(tenant?: string): string {
    const shown = [...this.#tenants].filter(([name]) => tenant === undefined || name === tenant);
    const lines: string[] = [];
    for (const [metric, { name, help, label }] of Object.entries(METRICS)) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
      for (const [of, { counters }] of shown) {
        for (const [key, value] of Object.entries(counters)) {
          const [counted, word = ''] = key.split(' ', 2);
          if (counted === metric) lines.push(`${name}${labels({ tenant: of, [label]: word })} ${value}`);
        }
      }
    }
    lines.push(`# HELP ${DURATION} How long servers took to answer.`, `# TYPE ${DURATION} histogram`);
    for (const [of, counts] of shown) lines.push(...histogram(of, counts));
    lines.push(
      '# HELP aegis_followed_position Position of the newest event that was counted.',
      '# TYPE aegis_followed_position gauge',
      `aegis_followed_position ${this.#position}`,
    );
    return `${lines.join('\n')}\n`;
  }

  #of(tenant: string): Counts {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    if (this.#tenants.size >= MAX_TENANTS && tenant !== OTHERS) return this.#of(OTHERS);
    const made: Counts = { counters: {}, buckets: [...BOUNDS_MS, 0].map(() => 0), sumMs: 0 };
    this.#tenants.set(tenant, made);
    return made;
  }
}

function structured({ counters, buckets, sumMs }: Counts): Counts {
  return { counters: { ...counters }, buckets: [...buckets], sumMs };
}

function observe(counts: Counts, durationMs: JsonValue | undefined): void {
  if (typeof durationMs !== 'number') return;
  counts.sumMs += durationMs;
  [...BOUNDS_MS, Number.POSITIVE_INFINITY].forEach((bound, index) => {
    if (durationMs <= bound) counts.buckets[index] = (counts.buckets[index] ?? 0) + 1;
  });
}

function histogram(tenant: string, { buckets, sumMs }: Counts): readonly string[] {
  const total = buckets.at(-1) ?? 0;
  const bounds = [...BOUNDS_MS.map((bound) => String(bound / 1_000)), '+Inf'];
  return [
    ...bounds.map((le, index) => `${DURATION}_bucket${labels({ tenant, le })} ${buckets[index] ?? 0}`),
    `${DURATION}_sum${labels({ tenant })} ${sumMs / 1_000}`,
    `${DURATION}_count${labels({ tenant })} ${total}`,
  ];
}

function labels(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
