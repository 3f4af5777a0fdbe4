import { SCORE_WEIGHTS } from '../inspect/score.ts';
import type { Payload } from '../ledger/payloads.ts';
import type { EventDraft } from '../model/event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { isClientRequest } from '../model/method.ts';
import { type Source, sourceOf } from './labels.ts';
import type { Lineage } from './lineage.ts';
import { writtenBy } from './written.ts';

/** A call without an outcome. */
interface OpenCall {
  readonly server: string;
  /** Where its answer comes from, for a record that does not say. */
  readonly source: Source;
  readonly args: JsonValue | undefined;
}

/** What a session's events say of its lineage, an event at each call. */
export class LineageFold {
  readonly #lineage: Lineage;
  readonly #open = new Map<string, OpenCall>();
  /** Arguments of calls in whose place a person put another one, which comes next. */
  readonly #edited = new Map<string, JsonObject>();
  readonly #cleared = new Set<string>();

  constructor(lineage: Lineage) {
    this.#lineage = lineage;
  }

  /**
   * Takes in one event, a piece at each step. `sealed` holds the values that stand beside it; `erased` says that not
   * all of them are there any more.
   */
  *apply({ type, payload, sealed = {} }: EventDraft, erased = false): Generator<undefined, void> {
    switch (type) {
      case 'TOOL_CALL_PROPOSED':
      case 'ACCESS_PROPOSED': {
        const { call_id: id, server, method, capabilities } = payload as Payload<'ACCESS_PROPOSED'>;
        const { args, user_text: said } = sealed;
        this.#open.set(id, { server, source: sourceOf(method, capabilities), args });
        if (said !== undefined) this.#lineage.trust(said);
        this.#rewritten(String(payload['edits']), args);
        if (isClientRequest(method)) yield* this.#asked(id, server, args);
        else if (isJsonObject(args)) this.#lineage.propose(args);
        return;
      }
      case 'TOOL_RESULT':
      case 'ACCESS_RESULT':
        return yield* this.#answered(payload as Payload<'TOOL_RESULT'>, sealed, erased);
      case 'TOOL_CALL_DENIED':
      case 'ACCESS_DENIED':
        this.#open.delete(String(payload['call_id']));
        return;
      case 'APPROVAL_DECIDED': {
        const { call_id: id, edited } = payload as Payload<'APPROVAL_DECIDED'>;
        const args = this.#open.get(id)?.args;
        if (edited === true && isJsonObject(args)) this.#edited.set(id, args);
        return;
      }
      case 'DATA_DECLASSIFIED':
        // A sanitizer speaks of one argument of one tool, and of the value nowhere else.
        if (payload['means'] === 'person') this.#vouched(payload as Payload<'DATA_DECLASSIFIED'>, sealed);
        return;
      default:
    }
  }

  /** Ids of what people said of the session. */
  get cleared(): ReadonlySet<string> {
    return this.#cleared;
  }

  #vouched({ session, clearance, labels }: Payload<'DATA_DECLASSIFIED'>, { value }: JsonObject): void {
    // What a person says here of another session counts there.
    if (session !== undefined) return;
    if (value !== undefined) this.#lineage.trust(value);
    if (clearance === undefined) return;
    this.#cleared.add(clearance);
    this.#lineage.clear(labels);
  }

  /** What a person changed in the arguments of another call is the person's. */
  #rewritten(edits: string, args: JsonValue | undefined): void {
    const before = this.#edited.get(edits);
    this.#edited.delete(edits);
    if (before === undefined || !isJsonObject(args)) return;
    for (const text of writtenBy(before, args)) this.#lineage.trust(text);
  }

  /** What a server asks of the client goes to the model. */
  *#asked(callId: string, server: string, content: JsonValue | undefined): Generator<undefined, void> {
    const labels = ['tool'];
    if (content === undefined) this.#lineage.lose(labels);
    else yield* this.#lineage.receive({ callId, server, labels, steers: false, content });
  }

  *#answered(
    { call_id: callId, outcome, ...result }: Payload<'TOOL_RESULT'>,
    sealed: JsonObject,
    erased: boolean,
  ): Generator<undefined, void> {
    const { server, source } = this.#open.get(callId) ?? { server: '', source: 'tool' };
    this.#open.delete(callId);
    if (outcome === 'withheld' || outcome === 'unknown') return;
    const labels = result.labels ?? [source];
    const content = sealed['result'] ?? sealed['error'];
    if (content === undefined) {
      // SECURITY: what was released and is erased now was read all the same.
      if (erased) this.#lineage.lose(labels);
    } else if (labels.some((label) => label !== 'user')) {
      const steers = triesToSteer(result);
      yield* this.#lineage.receive({ callId, server, labels, steers, content });
    } else if (isJsonObject(sealed['result']) && sealed['result']['isError'] !== true) {
      this.#lineage.trust(content);
    }
  }
}

/** Whether a result scores as text that tries to steer a model, and not for a credential in it alone. */
function triesToSteer({
  score = 0,
  finding_ids: ids,
}: Pick<Payload<'TOOL_RESULT'>, 'score' | 'finding_ids'>): boolean {
  return score >= SCORE_WEIGHTS.bands.high && ids?.every((id) => /^(?:secret|pii)\./.test(id)) !== true;
}
