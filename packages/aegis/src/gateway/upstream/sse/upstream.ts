import { CircuitBreaker } from '../http/breaker.ts';
import type { HttpDefinition } from '../definition.ts';
import type { HttpPorts } from '../http/line.ts';
import { SessionfulServer } from '../session/sessionful.ts';
import { Slots } from '../slots.ts';
import { SseLine } from './line.ts';
import { SseWire } from './wire.ts';

/** The most requests that wait for a slot, per slot. */
const QUEUE_FACTOR = 32;

/** Client sessions that can have a stream of their own at the same time; further ones wait. */
const MAX_STREAMS = 1_024;

/** A server of the old HTTP+SSE transport (MCP 2024-11-05), with our credentials and nobody else's headers. */
export class SseUpstream extends SessionfulServer {
  readonly #wire: SseWire;

  constructor(definition: HttpDefinition, ports: HttpPorts) {
    const { url, maxConcurrency } = definition;
    const wire = new SseWire(url, maxConcurrency, MAX_STREAMS);
    const server = {
      definition,
      ports,
      wire,
      slots: new Slots(maxConcurrency, maxConcurrency * QUEUE_FACTOR),
      breaker: new CircuitBreaker(() => performance.now()),
    };
    super(definition, ports.refused, (context) => new SseLine(server, context));
    this.#wire = wire;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#wire.close();
  }
}
