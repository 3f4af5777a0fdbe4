import type { IncomingMessage, ServerResponse } from 'node:http';

/** What came with a request: its headers, one a line. */
export function presentedBy({ rawHeaders }: IncomingMessage): string {
  return rawHeaders
    .flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []))
    .join('\n');
}

export function sendEvent(response: ServerResponse, message: object): void {
  if (response.destroyed || response.writableEnded) return;
  if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(`data: ${JSON.stringify(message)}\n\n`);
}
