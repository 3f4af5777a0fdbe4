import { Agent, request } from 'node:http';

/** Where requests go, and who sends them. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

/** Sends JSON over connections that are kept, and gives the answer. */
export class Sender {
  readonly #agent: Agent;
  readonly #target: Target;

  constructor(target: Target, connections: number) {
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post<T>(path: string, body: object): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const text = JSON.stringify(body);
    const headers = {
      Authorization: `Bearer ${this.#target.token}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
    };
    const sent = request(
      `${this.#target.url}${path}`,
      { method: 'POST', agent: this.#agent, headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const said = Buffer.concat(chunks).toString('utf8');
          if ((answer.statusCode ?? 500) < 300) resolve(JSON.parse(said) as T);
          else reject(new Error(`status ${answer.statusCode}: ${said}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** How often work was done in a second, by so many at once. */
export async function perSecond(
  forMs: number,
  concurrency: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const started = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - started < forMs) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (done * 1000) / (performance.now() - started);
}
