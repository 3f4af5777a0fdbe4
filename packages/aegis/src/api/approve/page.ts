import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApprovalDoor, NotTaken } from '../../ports.ts';
import { answerText, approvalHtml, messageHtml } from './html.ts';
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
): (request: IncomingMessage, response: ServerResponse, token: string) => void {
  return (request, response, token) => {
    serve(approvals, request, response, token).catch(() => {
      if (response.headersSent) response.destroy();
      else show(response, 503, messageHtml('The ledger cannot be read or written now. Nothing was decided.'));
    });
  };
}

async function serve(
  approvals: ApprovalDoor,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): Promise<void> {
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const opened = await approvals.open(token);
      if (opened === undefined) return show(response, 404, messageHtml('This link leads nowhere.'));
      return show(response, 200, approvalHtml(opened));
    }
    case 'POST': {
      if (isForeign(request)) return show(response, 403, messageHtml('This came from another page.'));
      const form = await readForm(request);
      const decision = form?.get('decision');
      if (form === undefined || (decision !== 'approve' && decision !== 'refuse')) {
        return show(response, 400, messageHtml('Approve or refuse: the form says neither.'));
      }
      const [why, key] = [form.get('why') ?? '', form.get('key') ?? ''];
      const came = await approvals.answerByLink(token, { approved: decision === 'approve', why, key });
      if ('problem' in came) {
        const { problem, message } = came as NotTaken;
        return show(response, STATUS[problem], messageHtml(`Not taken: ${message}.`));
      }
      return show(response, 200, messageHtml(answerText(came)));
    }
    default:
      response.setHeader('Allow', 'GET, HEAD, POST');
      return show(response, 405, messageHtml('A link is opened, or its form is sent.'));
  }
}

function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}

function show(
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
