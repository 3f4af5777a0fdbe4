import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredAgent, ConfiguredServer } from '../config/configured/parties.ts';
import type { Ruleset } from '../enforce/ruleset.ts';

/** What a policy is made of; everything else is wired when the process starts. */
const POLICY_KEYS = [
  'text',
  'mode',
  'limits',
  'risk',
  'guards',
  'taint',
  'models',
  'rates',
  'loops',
  'sequences',
  'rules',
  'policyFiles',
  'layers',
  'rego',
  'cedar',
  'opa',
] as const;

/** How the file calls a part, where it is not called so itself. */
const NAMES: Readonly<Partial<Record<keyof Configuration, string>>> = {
  trust: '[trust] and `trust_mode`',
  stdioAgent: '[stdio]',
  servers: '[[servers]]',
  routes: '[[routes]]',
  agents: '[[agents]]',
  firstSight: '[tools]',
  suspectDefinitions: 'guards.definitions',
  classifier: 'guards.classifier',
};

/**
 * The running configuration with the policy of another one. Servers and agents stay those that run, each
 * with the manifest that the other one names for it.
 */
export function changedPolicy(running: Configuration, next: Configuration): Configuration {
  const { stdioManifest: _running, ...others } = running;
  const policy = Object.fromEntries(
    POLICY_KEYS.flatMap((key) => (next[key] === undefined ? [] : [[key, next[key]]])),
  );
  const kept = Object.fromEntries(Object.entries(others).filter(([key]) => !isPolicyKey(key)));
  return {
    ...kept,
    ...policy,
    servers: withManifests(running.servers, next.servers),
    agents: withManifests(running.agents, next.agents),
    ...(next.stdioManifest === undefined ? {} : { stdioManifest: next.stdioManifest }),
  } as Configuration;
}

function isPolicyKey(key: string): boolean {
  return (POLICY_KEYS as readonly string[]).includes(key);
}

/** One that the next configuration has no more keeps the manifest that it has: it runs on. */
function withManifests<T extends ConfiguredServer | ConfiguredAgent>(
  running: readonly T[],
  next: readonly T[],
): readonly T[] {
  return running.map((one) => {
    const named = next.find(({ name }) => name === one.name);
    if (named === undefined) return one;
    const { manifest: _manifest, ...rest } = one;
    return (named.manifest === undefined ? rest : { ...rest, manifest: named.manifest }) as T;
  });
}

/** The parts of the file that differ and that only a start takes. */
export function needsRestart(
  running: Configuration,
  next: Configuration,
  rules: { readonly before: Ruleset; readonly after: Ruleset },
): readonly string[] {
  // What policy may change is the same in both: what differs then is the rest.
  const wired = changedPolicy(next, running);
  const keys = [...new Set([...Object.keys(running), ...Object.keys(next)])] as (keyof Configuration)[];
  const parts = keys
    .filter((key) => !isPolicyKey(key) && key !== 'stdioManifest')
    .filter((key) => !isDeepStrictEqual(running[key], wired[key]))
    .map((key) => NAMES[key] ?? `[${key}]`);
  const asking = [...rules.after.manifests].filter(([name, { clientRequests }]) => {
    const before = rules.before.manifests.get(name)?.clientRequests ?? new Set();
    return clientRequests.size !== before.size || ![...clientRequests].every((one) => before.has(one));
  });
  return [...parts, ...asking.map(([name]) => `\`client_requests\` of \`${name}\``)];
}
