import type { JsonObject } from '../model/json.ts';
import { CallBook } from './call-book.ts';
import { factsOf } from './facts.ts';
import type { ExportRecord } from './record.ts';
import { timestamp } from './timestamp.ts';

/** How often something came, the most frequent first. */
export type Ranking = readonly (readonly [name: string, count: number])[];

/** What happened in a time. */
export interface Summary {
  readonly fromMs: number;
  readonly toMs: number;
  readonly events: number;
  readonly sessions: number;
  readonly calls: number;
  readonly denied: number;
  readonly failed: number;
  /** Answers that were kept back from the agent. */
  readonly withheld: number;
  readonly approvals: { readonly asked: number; readonly approved: number; readonly refused: number };
  /** Reason codes of denials, and the rules that denied. */
  readonly codes: Ranking;
  readonly rules: Ranking;
  readonly agents: Ranking;
  /** `server/tool`. */
  readonly tools: Ranking;
  /** Changes of what is in force: policies, pins, grants, stops, keys. */
  readonly changes: readonly {
    readonly at: string;
    readonly type: string;
    readonly by: string;
    readonly text: string;
  }[];
  /** How many changes there were beyond those that are listed. */
  readonly moreChanges: number;
}

/** Entries of a ranking and of the list of changes. */
const LISTED = 20;
/** Different names that are counted; those beyond count as one. */
const MOST_NAMES = 10_000;
const OTHERS = '(others)';

const CHANGES = new Set<string>([
  'POLICY_ACTIVATED',
  'TOOL_CHANGED',
  'TOOL_ACCEPTED',
  'GRANT_MADE',
  'GRANT_REVOKED',
  'KILL_SWITCHED',
  'DATA_ERASED',
  'SEGMENT_ARCHIVED',
  'SECRET_CHANGED',
  'LEDGER_KEY_ROTATED',
  'LEDGER_RESTORED',
]);

/** Sums up the events of a time; earlier ones can be taken before, and say what the later ones are about. */
export class SummaryFold {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #book = new CallBook();
  readonly #counts = new Map<string, number>();
  readonly #rankings = { codes: new Tally(), rules: new Tally(), agents: new Tally(), tools: new Tally() };
  readonly #changes: { at: string; type: string; by: string; text: string }[] = [];

  constructor(fromMs: number, toMs: number) {
    this.#fromMs = fromMs;
    this.#toMs = toMs;
  }

  take(record: ExportRecord): void {
    const { envelope } = record;
    this.#book.take(envelope);
    if (envelope.ts_unix_ms >= this.#fromMs && envelope.ts_unix_ms < this.#toMs) this.#count(record);
    this.#book.leave(envelope);
  }

  summary(): Summary {
    const of = (name: string): number => this.#counts.get(name) ?? 0;
    const { codes, rules, agents, tools } = this.#rankings;
    return {
      fromMs: this.#fromMs,
      toMs: this.#toMs,
      events: of('events'),
      sessions: of('SESSION_STARTED'),
      calls: of('TOOL_CALL_PROPOSED') + of('ACCESS_PROPOSED'),
      denied: of('TOOL_CALL_DENIED') + of('ACCESS_DENIED'),
      failed: of('outcome failed') + of('outcome unknown'),
      withheld: of('outcome withheld'),
      approvals: {
        asked: of('APPROVAL_REQUESTED'),
        approved: of('approved true'),
        refused: of('approved false'),
      },
      codes: codes.top(),
      rules: rules.top(),
      agents: agents.top(),
      tools: tools.top(),
      changes: this.#changes,
      moreChanges: of('changes') - this.#changes.length,
    };
  }

  #count(record: ExportRecord): void {
    const { event_type: type, payload } = record.envelope;
    const facts = factsOf(record, this.#book);
    this.#add('events');
    this.#add(type);
    switch (type) {
      case 'TOOL_CALL_PROPOSED':
      case 'ACCESS_PROPOSED':
        this.#rankings.agents.add(facts.agent);
        this.#rankings.tools.add(`${facts.server}/${facts.name}`);
        break;
      case 'TOOL_CALL_DENIED':
      case 'ACCESS_DENIED':
        this.#rankings.codes.add(facts.code);
        this.#rankings.rules.add(facts.rule);
        break;
      case 'TOOL_RESULT':
      case 'ACCESS_RESULT':
        this.#add(`outcome ${facts.outcome}`);
        break;
      case 'APPROVAL_DECIDED':
        this.#add(`approved ${String(payload['approved'])}`);
        break;
      default:
    }
    if (!CHANGES.has(type)) return;
    this.#add('changes');
    if (this.#changes.length >= LISTED) return;
    const about = [facts.server, facts.name, facts.text].filter((part) => part !== undefined);
    this.#changes.push({ at: timestamp(facts.atMs), type, by: facts.by ?? '', text: about.join(' ') });
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}

/** How often each name came. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string | undefined): void {
    if (name === undefined) return;
    const counted = this.#counts.has(name) || this.#counts.size < MOST_NAMES ? name : OTHERS;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
  }

  top(): Ranking {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, LISTED);
  }
}

/** A summary as JSON, in wire names. */
export function summaryJson({ fromMs, toMs, moreChanges, changes, ...summary }: Summary): JsonObject {
  const named = (ranking: Ranking): readonly JsonObject[] =>
    ranking.map(([name, count]) => ({ name, count }));
  return {
    ...summary,
    from: timestamp(fromMs),
    to: timestamp(toMs),
    codes: named(summary.codes),
    rules: named(summary.rules),
    agents: named(summary.agents),
    tools: named(summary.tools),
    changes: changes.map((change) => ({ ...change })),
    more_changes: moreChanges,
  };
}
