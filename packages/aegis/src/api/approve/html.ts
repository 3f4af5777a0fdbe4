import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue, printable } from '@aegis/core';
import type { OpenedLink } from '../../ports.ts';

/** A page, and what a Content-Security-Policy says of its one style. */
export interface Html {
  readonly html: string;
  readonly style: string;
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
dt { font-weight: 600 } dd { margin: 0 0 .6rem } pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid; padding: .6rem }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; margin: .2rem 0 .8rem } button { font: inherit; padding: .4rem 1.2rem; margin-right: .6rem }
`;

const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

/** What is asked, with a form where an answer is still wanted. */
export function approvalHtml(opened: OpenedLink, visitor?: Visitor): Html {
  const { approval } = opened;
  const { question, status } = approval;
  if (!isJsonObject(question)) return messageHtml('What was asked is gone, or is not what was asked.');
  const rows: readonly (readonly [string, JsonValue | undefined])[] = [
    ['Agent', question['agent']],
    ['On behalf of', question['user']],
    ['Call', `${text(question['name'])} on ${text(question['server'])} (${text(question['method'])})`],
    ['Because', question['messages']],
    ['It can', question['capabilities']],
    ['Found in it', question['findings']],
    ['Expires', new Date(Number(approval['expires_at_ms'])).toUTCString()],
    ['Approval', approval['id']],
  ];
  const listed = rows
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `<dt>${name}</dt><dd>${escaped(text(value))}</dd>`)
    .join('\n');
  const args = JSON.stringify(question['args'], undefined, 2)
    .split('\n')
    .map((line) => escaped(printable(line)))
    .join('\n');
  const form =
    status === 'pending' ? formHtml(opened, visitor) : `<p>Nothing to decide: ${escaped(text(status))}.</p>`;
  return page(
    'An agent wants to do this',
    `<dl>\n${listed}\n</dl>\n<p>Arguments</p>\n<pre>${args}</pre>\n${form}`,
  );
}

/** Somebody who is signed in, or could be. */
export type Visitor =
  | { readonly kind: 'signed in'; readonly name: string; readonly csrf: string }
  | { readonly kind: 'stranger'; readonly signIn: string };

function formHtml({ approval, person, haveKeys }: OpenedLink, visitor: Visitor | undefined): string {
  if (person === undefined && visitor?.kind === 'signed in') {
    return decisionForm(
      `<p>You answer as ${escaped(printable(visitor.name))}.</p>\n<input type="hidden" name="csrf" value="${escaped(visitor.csrf)}">`,
    );
  }
  const invitation =
    person === undefined && visitor?.kind === 'stranger'
      ? `<p><a href="${escaped(visitor.signIn)}">Sign in to answer</a></p>\n`
      : '';
  if (person === undefined && !haveKeys) {
    if (invitation !== '') return invitation;
    return `<p>Answer on the machine: <code>aegis approvals approve ${escaped(text(approval['id']))}</code>, or <code>refuse</code>.</p>`;
  }
  const who =
    person === undefined
      ? '<label>Your key, as an approver<input name="key" type="password" autocomplete="current-password" required></label>'
      : `<p>You answer as ${escaped(printable(person))}.</p>`;
  return invitation + decisionForm(who);
}

function decisionForm(who: string): string {
  return `<form method="post">
${who}
<label>Reason, for the record<input name="why" maxlength="1000" autocomplete="off"></label>
<button name="decision" value="refuse">Refuse</button>
<button name="decision" value="approve">Approve</button>
</form>`;
}

/** How an approval stands after an answer, in words. */
export function answerText({ status, missing }: JsonObject): string {
  switch (status) {
    case 'approved':
    case 'used':
      return 'Approved. The call runs once, if policy still allows it.';
    case 'refused':
      return 'Refused. The call does not run.';
    default:
      return `Taken. It takes ${text(missing)} more.`;
  }
}

export function messageHtml(message: string): Html {
  return page('Aegis', `<p>${escaped(printable(message))}</p>`);
}

/** A message, and a link that goes on. */
export function linkHtml(message: string, href: string, label: string): Html {
  return page(
    'Aegis',
    `<p>${escaped(printable(message))}</p>\n<p><a href="${escaped(href)}">${label}</a></p>`,
  );
}

function page(title: string, body: string): Html {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;
  return { html, style: STYLE_HASH };
}

function text(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return value.map(text).join(', ');
  return printable(typeof value === 'string' ? value : JSON.stringify(value ?? ''));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** SECURITY: nothing that an agent wrote is markup. */
function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
