import type { Configuration } from '../../config/configuration.ts';
import type { Terminal } from '../command.ts';
import { nameOf } from '../tools/selection.ts';
import type { LiveValues } from './candidates.ts';
import type { ValueKind } from './kinds.ts';

/** Most values of one kind that are given. */
const MOST = 200;

/** Where live values come from: what cannot be read has none. */
export function liveValues(configuration: Configuration | undefined, terminal: Terminal): LiveValues {
  return async (kind) => {
    if (configuration === undefined) return [];
    const values = await valuesOf(kind, configuration, terminal).catch(() => []);
    // SECURITY: what a shell is given is names, and none that it could read as anything else.
    return [...new Set(values)].filter((value) => /^[\w./:@+-]+$/.test(value)).slice(0, MOST);
  };
}

async function valuesOf(
  kind: ValueKind,
  configuration: Configuration,
  { environment }: Terminal,
): Promise<readonly string[]> {
  const { servers, agents, stdioAgent } = configuration;
  switch (kind) {
    case 'server':
      return servers.map(({ name }) => name);
    case 'agent':
      return [stdioAgent, ...agents.map(({ name }) => name)];
    case 'tenant':
      return ['default', ...agents.map(({ tenant }) => tenant)];
    case 'tool':
    case 'server tool': {
      const { readPinned } = await import('../../daemon/pinned.ts');
      const pins = await readPinned(configuration, environment);
      return pins.map((pin) => (kind === 'tool' ? nameOf(pin) : pin.name));
    }
    case 'session': {
      const { newestSessions } = await import('../../keeper/sessions.ts');
      return (await newestSessions({ configuration, environment }, MOST)).map(({ session }) => session);
    }
    default:
      return [];
  }
}
