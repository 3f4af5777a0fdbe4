import { printable } from '@aegis/core';
import type { Channel, Notice } from './channel.ts';
import { Outbox } from './outbox.ts';
import { post } from './post.ts';

export interface SlackOptions {
  readonly name: string;
  /** An incoming webhook of Slack, or of what understands the same. */
  readonly url: string;
  readonly link: (notice: Notice) => string | undefined;
  readonly warn: (text: string) => void;
  readonly retryAfterMs?: readonly number[];
}

/** Longest text of arguments in a message, in characters: Slack takes 3,000 in a section. */
const MAX_ARGUMENTS = 2_000;

/** Posts each question in the form that Slack's incoming webhooks take (`text` and `blocks`). */
export function createSlack(options: SlackOptions): Channel {
  const { url, link, ...rest } = options;
  const outbox = new Outbox({ ...rest, send: (text, signal) => post(url, text, {}, signal) });
  return {
    tell(notice) {
      outbox.put(JSON.stringify(slackMessage(notice, link(notice))));
    },
    close: () => outbox.close(),
  };
}

function slackMessage({ approval, question }: Notice, link: string | undefined) {
  const { agent, server, name, args, messages } = question;
  const what = `${agent} wants to call ${name} on ${server}`;
  const given = JSON.stringify(args, undefined, 2);
  const shown = given.length > MAX_ARGUMENTS ? `${given.slice(0, MAX_ARGUMENTS)}...` : given;
  const how = `\`aegis approvals show ${approval.id}\``;
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  const button = {
    type: 'actions',
    elements: [{ type: 'button', text: { type: 'plain_text', text: 'Look and answer' }, url: link }],
  };
  return {
    text: plain(what),
    blocks: [
      section(`*${plain(what)}*\n${messages.map(plain).join('\n')}`),
      section(`\`\`\`${shown.split('\n').map(plain).join('\n')}\`\`\``),
      section(
        `expires <!date^${Math.floor(approval.expiresAtMs / 1_000)}^{date_short_pretty} {time}|soon>, ${how}`,
      ),
      ...(link === undefined ? [] : [button]),
    ],
  };
}

/**
 * SECURITY: what an agent wrote is shown and never read as markup: no link, no mention, no end of a quotation.
 */
function plain(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', 'ˋ')
    .replace(/[*_~]/g, (mark) => `\u200b${mark}`);
}
