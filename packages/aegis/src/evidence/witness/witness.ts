import { cosignature, cosignatureMessage, formatNote, signatureLine, type VerifierKey } from '@aegis/core';
import type { Clock } from '../../ports.ts';
import { type Judgement, judge, originOfNote } from './judge.ts';
import type { WitnessState } from './state.ts';
import { parseSubmission } from './submission.ts';

/** The most submissions that wait for their turn; each wait is a flush of the disk. */
const MAX_WAITING = 256;

export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly lines: string }
  | Exclude<Judgement, { kind: 'cosign' }>
  | { readonly kind: 'busy' };

/** A witness: it says of logs that it has seen them grow, and never shrink or change (C2SP tlog-witness). */
export class WitnessDesk {
  readonly #state: WitnessState;
  readonly #logs: readonly VerifierKey[];
  readonly #clock: Clock;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(state: WitnessState, logs: readonly VerifierKey[], clock: Clock) {
    this.#state = state;
    this.#logs = logs;
    this.#clock = clock;
  }

  /**
   * Answers an `add-checkpoint` request. Rejects when the answer cannot be made durable.
   *
   * INVARIANT: one submission at a time is judged and made durable, so that none is judged by a state that
   * is about to change.
   */
  async submit(body: string): Promise<WitnessAnswer> {
    const submission = parseSubmission(body);
    if (typeof submission === 'string') return { kind: 'refuse', status: 400, why: submission };
    const about = originOfNote(submission.note);
    if ('problem' in about) return { kind: 'refuse', status: 400, why: about.problem };
    const keys = this.#logs.filter(({ name }) => name === about.origin);
    if (keys.length === 0) return { kind: 'refuse', status: 404, why: 'the log is not known' };
    if (this.#waiting >= MAX_WAITING) return { kind: 'busy' };
    return this.#inTurn(async () => {
      const judgement = judge(submission, keys, await this.#state.seen(about.origin));
      return judgement.kind === 'cosign' ? this.#cosign(judgement) : judgement;
    });
  }

  async #cosign({ origin, note }: Judgement & { kind: 'cosign' }): Promise<WitnessAnswer> {
    const { key, signing } = this.#state;
    const time = Math.floor(this.#clock.now() / 1000);
    const signature = cosignature(key, time, signing.sign(cosignatureMessage(time, note.text)));
    // Of the log's own signatures only those that were verified: others may have written the rest.
    const known = note.signatures.filter(({ name, keyId }) =>
      this.#logs.some((log) => log.name === name && log.keyId === keyId),
    );
    // INVARIANT: durable before it is said.
    await this.#state.keep(origin, formatNote(note.text, [...known, signature]));
    return { kind: 'cosigned', lines: signatureLine(signature) };
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const turn = this.#turn.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
