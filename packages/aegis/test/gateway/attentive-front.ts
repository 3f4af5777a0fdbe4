import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { HttpDoor, type Message } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { scripted, serverFile, startAll, stdio, textOf } from './upstreams.ts';

/** Asks again and again, one question at a time, until it holds. */
export function eventually(holds: () => Promise<boolean>): () => boolean {
  let held = false;
  let asking = false;
  const ask = async (): Promise<void> => {
    held = await holds();
    asking = false;
  };
  return () => {
    if (!held && !asking) {
      asking = true;
      void ask();
    }
    return held;
  };
}

const attentive = (name: string, isolated: boolean) =>
  stdio({ name, command: [process.execPath, serverFile('attentive'), name], isolated });

/** What {@link attentiveBehind} has set up for the test that runs. */
export let kernel: NamedKernel;
export let door: HttpDoor;
export let catalogue: Catalogue;

/** Puts servers that log, complete and tell of resources behind every test of the file. */
export function attentiveBehind(): void {
  beforeAll(async () => {
    // `own` is there for each session alone, `shared` for all of them.
    catalogue = new Catalogue([attentive('own', true), attentive('shared', false), scripted('plain', [])]);
    await startAll(catalogue);
  });

  afterAll(() => catalogue.close());

  beforeEach(async () => {
    kernel = new NamedKernel({ hidden: ['test://hidden'] });
    door = await HttpDoor.open(catalogue, {}, kernel);
  });

  afterEach(() => door.close());
}

type Connected = Awaited<ReturnType<HttpDoor['connectClient']>>['client'];

export const call = async (
  client: Connected,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> => textOf(await client.callTool({ name, arguments: args }));

export const request = (session: string, method: string, params: object) =>
  door.send({ jsonrpc: '2.0', id: 1, method, params }, { session });

export const error = ({ text }: { readonly text: string }) => (JSON.parse(text) as Message).error;
