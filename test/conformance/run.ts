import { type Endpoint, openEndpoint } from '../servers/conformance/endpoint.ts';
import { type Comparison, compare, type Outcome } from './comparison.ts';
import { type Gateway, openGateway } from './gateway.ts';
import type { Pairing } from './pairings.ts';
import type { Revision } from './revisions.ts';
import { runSuite } from './suite.ts';

/** What the suite says of one revision in front of one pairing. */
export interface Result {
  readonly pairing: string;
  readonly revision: Revision;
  readonly comparisons: readonly Comparison[];
}

/** Runs the suite directly once for each revision, and through Aegis for each pairing and front. */
export class Run {
  readonly #reference: Endpoint;
  readonly #direct = new Map<Revision, Promise<Outcome>>();

  constructor(reference: Endpoint) {
    this.#reference = reference;
  }

  static async open(): Promise<Run> {
    return new Run(await openEndpoint());
  }

  direct(revision: Revision): Promise<Outcome> {
    const known = this.#direct.get(revision) ?? runSuite(this.#reference.url, revision);
    this.#direct.set(revision, known);
    return known;
  }

  openGateway(pairing: Pairing): Promise<Gateway> {
    return openGateway(pairing, this.#reference);
  }

  /** Throws when Aegis does not survive the suite. */
  async through(pairing: Pairing, gateway: Gateway, revision: Revision): Promise<Result> {
    const direct = await this.direct(revision);
    const through = await runSuite(gateway.url, revision);
    const output = gateway.ended();
    if (output !== undefined) throw new Error(`aegis ended under ${revision}: ${output}`);
    return { pairing: pairing.name, revision, comparisons: compare(direct, through) };
  }

  close(): Promise<void> {
    return this.#reference.close();
  }
}
