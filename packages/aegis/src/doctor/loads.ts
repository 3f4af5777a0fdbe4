import { type Check, ok } from './check.ts';

/** Whether something loads, and what there is to say of it. */
export function loads(name: string, load: () => Promise<string>): Check {
  return { name, run: async () => ok(await load()) };
}
