import { http } from '../../http.ts';
import type { ApprovalDoor } from '../../ports.ts';
import { createApprovePage } from './page.ts';

/** A door on this machine that serves the page of approvals and nothing else. */
export interface PageDoor {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Opens a door for the page on a port of the system's choice, for a process that has no other. */
export async function openPageDoor(approvals: ApprovalDoor): Promise<PageDoor> {
  const page = createApprovePage(approvals);
  const server = http.createServer(
    { requestTimeout: 60_000, headersTimeout: 10_000 },
    (request, response) => {
      const token = /^\/approve\/([^/?]+)$/.exec(request.url ?? '')?.[1];
      // SECURITY: keeps web pages away that reach this address by a rebound name.
      const host = request.headers.host?.replace(/:\d+$/, '');
      if (token !== undefined && host === HOST) return page(request, response, token);
      response.writeHead(404, { 'Cache-Control': 'no-store' });
      return void response.end();
    },
  );
  // The process does not stay for it.
  server.unref();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, HOST, done);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${HOST}:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
