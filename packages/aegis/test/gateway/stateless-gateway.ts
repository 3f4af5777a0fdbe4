import { afterAll, beforeAll } from 'vitest';
import { type ModernGateway, modernGateway } from './modern-gateway.ts';
import { type StatelessLibrary, statelessLibrary } from './servers/stateless-library.ts';

/** The server without sessions and the gateway before it, once {@link statelessBehind} has opened them. */
export let library: StatelessLibrary;
export let gateway: ModernGateway;

/** Puts one gateway before one server without sessions, for all tests of the file. */
export function statelessBehind(): void {
  beforeAll(async () => {
    library = await statelessLibrary();
    gateway = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }]);
  });

  afterAll(async () => {
    await gateway.close();
    await library.close();
  });
}
