import type { Channel } from './channel.ts';
import { Outbox } from './outbox.ts';

export interface DesktopOptions {
  readonly name: string;
  /** Rejects when it was not shown. */
  readonly show: (title: string, text: string, signal: AbortSignal) => Promise<void>;
  readonly warn: (text: string) => void;
  readonly retryAfterMs?: readonly number[];
}

/** Shows each question to whoever runs Aegis: which agent wants to call what, and no arguments. */
export function createDesktop({ show, ...rest }: DesktopOptions): Channel {
  const outbox = new Outbox({
    ...rest,
    send: (text, signal) => show('Aegis: a person is asked', text, signal),
  });
  return {
    tell({ approval, question: { agent, name, server } }) {
      outbox.put(`${agent} wants to call ${name} on ${server} (${approval.id})`);
    },
    close: () => outbox.close(),
  };
}
