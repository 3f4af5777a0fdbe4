import { isJsonObject, type JsonValue, parseStrict } from '@aegis/core';
import type { Delivery, Sink } from './sink.ts';

/** Most alerts of one batch that are shown one by one. */
const MOST = 3;

/** Shows a notification on the desktop. Rejects when it was not shown. */
export type Show = (title: string, text: string, signal: AbortSignal) => Promise<void>;

/** Shows alerts as notifications. */
export class DesktopSink implements Sink {
  readonly #show: Show;

  constructor(show: Show) {
    this.#show = show;
  }

  async resume(): Promise<JsonValue> {
    return null;
  }

  async hasMoved(): Promise<boolean> {
    return false;
  }

  async write({ lines }: Delivery, signal: AbortSignal): Promise<JsonValue> {
    for (const line of lines.slice(0, MOST)) await this.#show(...wordsOf(line), signal);
    const more = lines.length - MOST;
    if (more > 0) await this.#show('Aegis', `and ${more} more alerts`, signal);
    return null;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function wordsOf(line: string): [title: string, text: string] {
  const parsed = parseStrict(line);
  const alert = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  const said = ['type', 'code', 'agent', 'server', 'name'].flatMap((key) => alert[key] ?? []);
  return [`Aegis: ${String(alert['alert'])}`, said.map(String).join(' ')];
}
