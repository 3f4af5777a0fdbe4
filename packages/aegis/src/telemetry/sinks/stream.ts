import { once } from 'node:events';
import type { Sink } from './sink.ts';

/** Writes lines to a stream, as fast as they are taken. `gone` is called when nobody reads it any more. */
export function streamSink(stream: NodeJS.WritableStream, gone: () => void): Sink {
  stream.once('error', gone);
  return {
    resume: async () => null,
    hasMoved: async () => false,
    async write({ lines }, signal) {
      if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain', { signal });
      return null;
    },
    close: async () => {},
  };
}
