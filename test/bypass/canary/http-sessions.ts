import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Canary, Line, Request } from './canary.ts';
import { presentedBy, sendEvent } from './http-message.ts';

/** How long the canary waits for the answer to a question. */
export const ANSWER_MS = 300;

const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

/** The sessions of one canary, and the streams on which it tells what belongs to no request. */
export class Sessions {
  readonly canary: Canary;
  readonly streams = new Map<string, Set<ServerResponse>>();
  readonly questions = new Map<string, (answer: unknown) => void>();

  constructor(canary: Canary) {
    this.canary = canary;
    canary.listen((message) => {
      for (const responses of this.streams.values()) {
        const [newest] = [...responses].slice(-1);
        if (newest !== undefined) sendEvent(newest, message);
      }
    });
  }
}

interface Incoming {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Request['params'] & { readonly protocolVersion?: string };
}

/** Answers one HTTP request of a gateway that speaks a revision with sessions. */
export function serveSession(
  sessions: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
): void {
  const session = String(request.headers['mcp-session-id'] ?? '');
  if (request.method === 'POST' && (body as Incoming | undefined)?.method === 'initialize') {
    return initialize(sessions, response, body as Incoming);
  }
  const streams = sessions.streams.get(session);
  if (streams === undefined) return void response.writeHead(404).end();
  switch (request.method) {
    case 'GET': {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      streams.add(response);
      response.once('close', () => streams.delete(response));
      return;
    }
    case 'DELETE':
      sessions.streams.delete(session);
      return void response.writeHead(200).end();
    default: {
      const messages = (Array.isArray(body) ? body : [body]) as (Incoming | undefined)[];
      void answerAll(sessions, request, response, messages);
    }
  }
}

function initialize({ canary, streams }: Sessions, response: ServerResponse, { id, params }: Incoming): void {
  const session = randomUUID();
  streams.set(session, new Set());
  const wanted = params?.protocolVersion ?? '';
  const result = {
    protocolVersion: REVISIONS.includes(wanted) ? wanted : '2025-11-25',
    capabilities: canary.capabilities,
    serverInfo: { name: canary.name, version: '1.0.0' },
  };
  response.writeHead(200, { 'Content-Type': 'application/json', 'Mcp-Session-Id': session });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

async function answerAll(
  sessions: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
  messages: readonly (Incoming | undefined)[],
): Promise<void> {
  const { questions, canary } = sessions;
  const line: Line = {
    stateless: false,
    shared: false,
    presented: presentedBy(request),
    bearer: request.headers.authorization !== undefined,
    say: (message) => sendEvent(response, message),
    ask: (method, params) => {
      const id = randomUUID();
      return new Promise((answered) => {
        const timer = setTimeout(() => settle(undefined), ANSWER_MS);
        const settle = (answer: unknown): void => {
          clearTimeout(timer);
          questions.delete(id);
          answered(answer);
        };
        questions.set(id, settle);
        sendEvent(response, { jsonrpc: '2.0', id, method, params });
      });
    },
  };
  let asked = false;
  for (const message of messages) {
    const { id, method, params = {} } = message ?? {};
    if (method === undefined) questions.get(String(id))?.(message);
    // It runs what has no id as well, and keeps the answer for itself.
    else if (id === undefined) await canary.answer({ id: 0, method, params }, line);
    else {
      asked = true;
      for (const answer of await canary.answer({ id, method, params }, line)) sendEvent(response, answer);
    }
  }
  if (asked) response.end();
  else response.writeHead(202).end();
}
