import { createHmac } from 'node:crypto';
import type { Clock } from '../../ports.ts';
import { questionView } from '../view.ts';
import type { Channel, Notice } from './channel.ts';
import { Outbox } from './outbox.ts';
import { post } from './post.ts';

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  /** The key of the signatures. */
  readonly secret: string;
  /** Where the receiver can answer; undefined where no page is served. */
  readonly link: (notice: Notice) => string | undefined;
  readonly clock: Clock;
  readonly warn: (text: string) => void;
  readonly retryAfterMs?: readonly number[];
}

/**
 * Posts each question as JSON. The header `Aegis-Signature: t=<unix seconds>,v1=<hex>` carries the
 * HMAC-SHA-256 over `<t>.<body>`: who receives it knows that it came from here, and when.
 */
export function createWebhook(options: WebhookOptions): Channel {
  const { url, secret, link, clock, ...rest } = options;
  const outbox = new Outbox({
    ...rest,
    send: (text, signal) => {
      const at = Math.floor(clock.now() / 1_000);
      const mac = createHmac('sha256', secret).update(`${at}.${text}`).digest('hex');
      return post(url, text, { 'aegis-signature': `t=${at},v1=${mac}` }, signal);
    },
  });
  return {
    tell(notice) {
      const page = link(notice);
      const body = {
        type: 'approval.requested',
        approval: questionView(notice.approval, notice.question),
        ...(page === undefined ? {} : { link: page }),
      };
      outbox.put(JSON.stringify(body));
    },
    close: () => outbox.close(),
  };
}
