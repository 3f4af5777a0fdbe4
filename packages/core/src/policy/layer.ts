import type { Subject } from '../model/request.ts';
import { globTest, parseGlob } from './glob.ts';

/** Whose calls a layer is about: globs, of which one must match; absent for everybody's. */
export interface LayerScope {
  readonly agents?: readonly string[];
  readonly tenants?: readonly string[];
}

/** Whether a layer is about a caller. A glob that cannot be read matches everybody: a layer is not escaped by a typo. */
export function compileScope({ agents, tenants }: LayerScope): (subject: Subject) => boolean {
  const [byAgent, byTenant] = [compileGlobs(agents), compileGlobs(tenants)];
  return ({ agent, tenant }) => byAgent(agent) && byTenant(tenant);
}

function compileGlobs(globs: readonly string[] | undefined): (name: string) => boolean {
  if (globs === undefined) return () => true;
  const tests = globs.map((glob) => {
    const parsed = parseGlob(glob);
    return parsed === undefined ? () => true : globTest(parsed);
  });
  return (name) => tests.some((test) => test(name));
}
