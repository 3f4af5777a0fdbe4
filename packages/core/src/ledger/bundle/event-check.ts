import type { Envelope } from '../../model/event.ts';
import { splitSealed } from '../commitment.ts';
import { checkBody, type EntryProblem } from '../entry-check.ts';
import { isIdentifier } from '../identifier.ts';
import type { BundleFinding, BundleLevel } from './level.ts';
import type { BundleManifest } from './manifest.ts';
import { SessionChains } from './session-chains.ts';
import type { BundleScope } from './scope.ts';

/** An event as it stands in a bundle. */
export interface BundledEvent {
  /** Of `events.jsonl`, from 1. */
  readonly line: number;
  readonly leaf: number;
  readonly body: string;
  /** SHA-256 of the body, in hex. */
  readonly hash: string;
}

/** What was found in one event. */
export interface JudgedEvent {
  /** Undefined when the line is no event. */
  readonly envelope: Envelope | undefined;
  readonly findings: readonly BundleFinding[];
}

const CHAIN_KINDS: ReadonlySet<string> = new Set([
  'missing-start',
  'chain-gap',
  'out-of-order',
  'prev-mismatch',
]);

/** Judges the events of a bundle one after the other: what they are, their order, and that they are of the scope. */
export class EventCheck {
  readonly #manifest: BundleManifest;
  readonly #chains: SessionChains;
  /** Of the scope, not of Aegis itself where it only explains. */
  #inScope = 0;
  #newestInRange: { readonly event: BundledEvent; readonly envelope: Envelope } | undefined;
  readonly #erased = new Set<string>();
  #archived = 0;
  readonly #segments: string[] = [];

  constructor(manifest: BundleManifest) {
    this.#manifest = manifest;
    this.#chains = new SessionChains(manifest.scope.kind === 'range');
  }

  get sessions(): number {
    return this.#chains.size;
  }

  /** Sessions that began before the range does: their chains are judged from there on. */
  get begunEarlier(): number {
    return this.#chains.begunEarlier;
  }

  /** Whether an event says that the value with this hash was erased. */
  wasErased(hash: string): boolean {
    return this.#erased.has(hash);
  }

  next(event: BundledEvent): JudgedEvent {
    const { envelope, problems } = checkBody(event.body);
    const findings = problems.map((problem) => findingOf(event, envelope, problem));
    if (envelope === undefined) {
      if (this.#coversLeaf(event.leaf)) this.#inScope += 1;
      return { envelope, findings };
    }
    if (!isWellFormed(envelope)) {
      const message = 'an id, the time or the seq in it cannot stand in a ledger';
      findings.push(placed(event, envelope, { level: 'events', kind: 'not-an-envelope', message }));
    }
    findings.push(...this.#order(event, envelope, findings.length > 0));
    if (envelope.tenant_id !== this.#manifest.tenant) {
      const message = 'it is of another tenant than the bundle';
      findings.push(placed(event, envelope, { level: 'events', kind: 'wrong-tenant', message }));
    }
    this.#remember(envelope);
    return { envelope, findings };
  }

  /** Whether the scope asks for this very leaf, whatever stands there. */
  #coversLeaf(leaf: number): boolean {
    const { scope } = this.#manifest;
    return scope.kind === 'all' || (scope.kind === 'range' && leaf >= scope.first && leaf < scope.end);
  }

  #order(event: BundledEvent, envelope: Envelope, damaged: boolean): BundleFinding[] {
    const { tenant_id: tenant, session_id: session, seq } = envelope;
    const { leaf, hash, body } = event;
    const row = { position: leaf + 1, tenant, session, seq, hash, body };
    const { session: known, problems } = this.#chains.next(row, envelope, damaged);
    const findings = problems.map((problem) => findingOf(event, envelope, problem));
    const strayed = this.#strayed(event, envelope, known.own);
    if (strayed !== undefined) {
      findings.push(placed(event, envelope, { level: 'events', kind: 'out-of-scope', message: strayed }));
    }
    return findings;
  }

  /** Says why an event is not of the scope; undefined when it is, or explains what is absent. */
  #strayed(event: BundledEvent, envelope: Envelope, own: boolean): string | undefined {
    const { scope } = this.#manifest;
    switch (scope.kind) {
      case 'all':
        this.#inScope += 1;
        return undefined;
      case 'session':
        if (envelope.session_id === scope.session) this.#inScope += 1;
        else if (!own) return 'it is of another session';
        return undefined;
      case 'range':
        return this.#strayedFrom(scope, event, envelope, own);
      case 'segment':
        if (own) return undefined;
        this.#inScope += 1;
        return envelope.ts_unix_ms < scope.before_ms ? undefined : 'it is not older than the segment';
    }
  }

  #strayedFrom(
    { from_ms, to_ms }: Extract<BundleScope, { kind: 'range' }>,
    event: BundledEvent,
    envelope: Envelope,
    own: boolean,
  ): string | undefined {
    if (!this.#coversLeaf(event.leaf)) return own ? undefined : 'its leaf is outside of the range';
    const { ts_unix_ms: time } = envelope;
    this.#inScope += 1;
    const begins = this.#newestInRange === undefined;
    this.#newestInRange = { event, envelope };
    return begins && (time < from_ms || time >= to_ms)
      ? 'the range begins with it, and it is of another time'
      : undefined;
  }

  #remember({ event_type: type, payload }: Envelope): void {
    if (type === 'DATA_ERASED' && Array.isArray(payload['hashes'])) {
      for (const hash of payload['hashes']) this.#erased.add(String(hash));
    }
    if (type === 'SEGMENT_ARCHIVED') {
      this.#archived += Number(payload['events']) || 0;
      this.#segments.push(String(payload['segment']));
    }
  }

  /** After the last event: what is absent. */
  end(): {
    readonly findings: readonly BundleFinding[];
    readonly complete: boolean;
    readonly detail: string;
  } {
    const { scope, size } = this.#manifest;
    switch (scope.kind) {
      case 'all':
        return this.#leaves(size, `all ${size} leaves of the log`);
      case 'range':
        return this.#range(scope);
      case 'session':
        return this.#session(scope.session);
      case 'segment':
        return this.#segment();
    }
  }

  #range(scope: Extract<BundleScope, { kind: 'range' }>): ReturnType<EventCheck['end']> {
    const { first, end, from_ms, to_ms } = scope;
    const ended = this.#leaves(end - first, `the leaves ${first} to ${end - 1}; nothing is said of others`);
    const newest = this.#newestInRange;
    if (newest === undefined) return ended;
    const { ts_unix_ms: time } = newest.envelope;
    if (time >= from_ms && time < to_ms) return ended;
    const message = 'the range ends with it, and it is of another time';
    const strayed = placed(newest.event, newest.envelope, { level: 'events', kind: 'out-of-scope', message });
    return { ...ended, findings: [...ended.findings, strayed] };
  }

  #leaves(count: number, what: string): ReturnType<EventCheck['end']> {
    const absent = count - this.#inScope;
    if (absent <= 0) return { findings: [], complete: true, detail: what };
    if (absent <= this.#archived) {
      const detail = `${absent} events are in archived segments: ${this.#segments.slice(0, 8).join(', ')}`;
      return { findings: [], complete: false, detail };
    }
    const message = `${absent} of ${count} events are absent, and archived segments account for ${this.#archived}`;
    return missing(message);
  }

  #session(session: string): ReturnType<EventCheck['end']> {
    if (this.#inScope === 0) return missing(`there is no event of session ${session}`);
    return this.#chains.hasEnded(session)
      ? { findings: [], complete: true, detail: 'the session, from its start to its end' }
      : { findings: [], complete: false, detail: 'the session was open: its newest events may be missing' };
  }

  #segment(): ReturnType<EventCheck['end']> {
    const findings: BundleFinding[] = [];
    let sessions = 0;
    for (const [session, { own }] of this.#chains.parts()) {
      if (own) continue;
      const message = 'it does not begin at seq 0 and end in `TERMINATION`';
      findings.push({ level: 'completeness', kind: 'missing-events', session, message });
      sessions += 1;
    }
    if (this.#inScope === 0) return missing('there is no event in the segment');
    const detail =
      'each session, from its start to its end; that these are all, its `SEGMENT_ARCHIVED` event says';
    return { findings, complete: sessions === 0, detail };
  }
}

function isWellFormed({ session_id, user_id, seq, ts_unix_ms }: Envelope): boolean {
  return isIdentifier(session_id) && isIdentifier(user_id) && seq >= 0 && ts_unix_ms >= 0;
}

function missing(message: string): ReturnType<EventCheck['end']> {
  return {
    findings: [{ level: 'completeness', kind: 'missing-events', message }],
    complete: false,
    detail: message,
  };
}

function findingOf(
  event: BundledEvent,
  envelope: Envelope | undefined,
  problem: EntryProblem,
): BundleFinding {
  const level: BundleLevel = CHAIN_KINDS.has(problem.kind) ? 'chain' : 'events';
  return placed(event, envelope, {
    level,
    kind: problem.kind as BundleFinding['kind'],
    message: problem.message,
  });
}

/** A finding about an event, with its place. */
export function placed(
  { line, leaf }: Pick<BundledEvent, 'line' | 'leaf'>,
  envelope: Envelope | undefined,
  finding: Pick<BundleFinding, 'level' | 'kind' | 'message'>,
): BundleFinding {
  const place = envelope === undefined ? {} : { session: envelope.session_id, seq: envelope.seq };
  return {
    level: finding.level,
    kind: finding.kind,
    file: 'events.jsonl',
    line,
    leaf,
    ...place,
    message: finding.message,
  };
}

/** The commitments of an event; none when they are malformed. */
export function commitmentsOf(envelope: Envelope): readonly { readonly h: string; readonly n: number }[] {
  return splitSealed(envelope.payload)?.commitments ?? [];
}
