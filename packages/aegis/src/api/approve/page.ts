import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@aegis/core';
import type { ApprovalDoor, NotTaken, SignedInPerson } from '../../ports.ts';
import { answerText, approvalHtml, messageHtml, type Visitor } from './html.ts';
import { readForm } from './form.ts';

const STATUS: Readonly<Record<NotTaken['problem'], number>> = {
  unknown: 404,
  settled: 409,
  expired: 410,
  forbidden: 403,
  changed: 409,
  invalid: 400,
};

/**
 * The page on which a person sees what is asked, and answers: `GET` shows and changes nothing, `POST` answers.
 *
 * SECURITY: a link is no cookie: who does not have it cannot make another's browser use it. What a page of
 * another origin sends is refused all the same.
 */
export function createApprovePage(
  approvals: ApprovalDoor,
  visitors?: Visitors,
): (request: IncomingMessage, response: ServerResponse, token: string) => void {
  return (request, response, token) => {
    serve(approvals, visitors, request, response, token).catch(() => {
      if (response.headersSent) response.destroy();
      else show(response, 503, messageHtml('The ledger cannot be read or written now. Nothing was decided.'));
    });
  };
}

async function serve(
  approvals: ApprovalDoor,
  visitors: Visitors | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): Promise<void> {
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const opened = await approvals.open(token);
      if (opened === undefined) return show(response, 404, messageHtml('This link leads nowhere.'));
      const known = visitors?.of(request);
      return show(response, 200, approvalHtml(opened, visitors && visitorOf(known, token)));
    }
    case 'POST': {
      if (isForeign(request)) return show(response, 403, messageHtml('This came from another page.'));
      const form = await readForm(request);
      const decision = form?.get('decision');
      if (form === undefined || (decision !== 'approve' && decision !== 'refuse')) {
        return show(response, 400, messageHtml('Approve or refuse: the form says neither.'));
      }
      const [why, key, csrf] = [form.get('why') ?? '', form.get('key') ?? '', form.get('csrf')];
      if (csrf !== null) {
        const came = await answerAs(approvals, visitors?.of(request, csrf), token, decision, why);
        return showAnswer(response, came);
      }
      const came = await approvals.answerByLink(token, { approved: decision === 'approve', why, key });
      return showAnswer(response, came);
    }
    default:
      response.setHeader('Allow', 'GET, HEAD, POST');
      return show(response, 405, messageHtml('A link is opened, or its form is sent.'));
  }
}

/** Who comes to the page with a session. */
export interface Visitors {
  /** With `csrf` only whoever was shown it. */
  of(request: IncomingMessage, csrf?: string): SignedInPerson | undefined;
}

function visitorOf(known: SignedInPerson | undefined, token: string): Visitor {
  return known?.csrf !== undefined && known.may.has('approvals.decide')
    ? { kind: 'signed in', name: known.name, csrf: known.csrf }
    : { kind: 'stranger', signIn: `/v1/sign-in?to=/approve/${token}` };
}

/** SECURITY: of another tenant there is nothing to answer, whoever sent the link. */
async function answerAs(
  approvals: ApprovalDoor,
  person: SignedInPerson | undefined,
  token: string,
  decision: 'approve' | 'refuse',
  why: string,
): Promise<JsonObject | NotTaken> {
  if (person?.may.has('approvals.decide') !== true) {
    return { problem: 'forbidden', message: 'you are not signed in as somebody who may' };
  }
  const opened = await approvals.open(token);
  // A link in somebody's name is that person's word alone.
  if (opened === undefined || opened.person !== undefined) {
    return { problem: 'unknown', message: 'this link leads nowhere' };
  }
  const body = { approved: decision === 'approve', ...(why === '' ? {} : { why }) };
  const by = { person: { name: person.name, roles: person.roles }, door: 'page' };
  return approvals.answer(person.tenant, String(opened.approval['id']), by, body);
}

function showAnswer(response: ServerResponse, came: JsonObject | NotTaken): void {
  if (!('problem' in came)) return show(response, 200, messageHtml(answerText(came)));
  const { problem, message } = came as NotTaken;
  show(response, STATUS[problem], messageHtml(`Not taken: ${message}.`));
}

function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}

export function show(
  response: ServerResponse,
  status: number,
  { html, style }: ReturnType<typeof messageHtml>,
): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; style-src '${style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'X-Robots-Tag': 'noindex',
  });
  response.end(html);
}
