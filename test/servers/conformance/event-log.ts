import type { EventId, EventStore, JSONRPCMessage, StreamId } from '@modelcontextprotocol/server';

interface Stored {
  readonly id: EventId;
  readonly stream: StreamId;
  readonly message: JSONRPCMessage;
}

/** The events of one session in memory, so that a client that lost a stream can have the rest of it. */
export class EventLog implements EventStore {
  readonly #events: Stored[] = [];

  async storeEvent(stream: StreamId, message: JSONRPCMessage): Promise<EventId> {
    const id = String(this.#events.length);
    this.#events.push({ id, stream, message });
    return id;
  }

  async getStreamIdForEventId(id: EventId): Promise<StreamId | undefined> {
    return this.#events[Number(id)]?.stream;
  }

  async replayEventsAfter(
    last: EventId,
    { send }: { send: (id: EventId, message: JSONRPCMessage) => Promise<void> },
  ): Promise<StreamId> {
    const stream = this.#events[Number(last)]?.stream;
    if (stream === undefined) throw new Error(`there is no event ${last}`);
    for (const event of this.#events.slice(Number(last) + 1)) {
      if (event.stream === stream) await send(event.id, event.message);
    }
    return stream;
  }
}
