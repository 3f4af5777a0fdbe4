import { CircuitBreaker } from './breaker.ts';
import type { HttpDefinition } from '../definition.ts';
import { HttpLine, type HttpPorts } from './line.ts';
import { HttpWire } from './wire.ts';
import { SessionfulServer } from '../session/sessionful.ts';
import { Slots } from '../slots.ts';

export type { HttpPorts };

/** The most requests that wait for a slot, per slot. */
const QUEUE_FACTOR = 32;

/** Requests that hold no slot because their client is being asked something; they hold a connection each. */
const MAX_PARKED = 64;

/** Sessions that can hear what belongs to no request at the same time; further ones wait. */
const MAX_STREAMS = 1_024;

/** A Streamable HTTP server, over kept connections, with our credentials and nobody else's headers. */
export class HttpUpstream extends SessionfulServer {
  readonly #wire: HttpWire;

  constructor(definition: HttpDefinition, ports: HttpPorts) {
    const { name, url, maxConcurrency } = definition;
    const wire = new HttpWire(url, maxConcurrency + MAX_PARKED, MAX_STREAMS);
    const endpoint = {
      server: name,
      wire,
      breaker: new CircuitBreaker(() => performance.now()),
      slots: new Slots(maxConcurrency, maxConcurrency * QUEUE_FACTOR),
      parked: new Slots(MAX_PARKED, 0),
    };
    super(definition, ports.refused, (context) => new HttpLine(endpoint, definition, ports, context));
    this.#wire = wire;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#wire.close();
  }
}
