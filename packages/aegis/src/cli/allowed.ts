import { mayAllow } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { loadRules } from '../daemon/rules.ts';

/** Whether a rule lets some tool of a server through, as far as one can say without knowing its tools. */
export async function anyToolMayRun(configuration: Configuration, server: string): Promise<boolean> {
  const { policy, manifests, agent: granted } = await loadRules(configuration);
  const declared = manifests.get(server);
  const names = declared === undefined ? ['tool'] : [...declared.tools.keys()];
  const agent = configuration.stdioAgent;
  const tenant = configuration.agents.find(({ name }) => name === agent)?.tenant ?? 'default';
  return names.some((name) =>
    mayAllow(policy, {
      method: 'tools/call',
      resource: { kind: 'tool', server, name },
      subject: { tenant, agent, user: agent, session: '' },
      server: declared,
      agent: granted(agent),
    }),
  );
}
