import { PassThrough } from 'node:stream';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

/** The official library's stdio framing over two streams of this process instead of a child's. */
export class StreamTransport implements Transport {
  readonly toServer = new PassThrough();
  readonly toClient = new PassThrough();
  /** Every byte that the server sent. */
  seen = '';
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #buffer = new ReadBuffer();

  async start(): Promise<void> {
    this.toClient.on('data', (chunk: Buffer) => {
      this.seen += chunk.toString();
      this.#buffer.append(chunk);
      for (let next = this.#read(); next !== null; next = this.#read()) this.onmessage?.(next);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.toServer.write(serializeMessage(message));
  }

  async close(): Promise<void> {
    this.toServer.end();
    this.onclose?.();
  }

  #read(): JSONRPCMessage | null {
    try {
      return this.#buffer.readMessage();
    } catch (error) {
      this.onerror?.(error as Error);
      return this.#read();
    }
  }
}
