import type { Configuration } from '../../config/configuration.ts';
import type { Environment } from '../../daemon/environment.ts';
import type { LiveValues } from './candidates.ts';
import type { ValueKind } from './kinds.ts';
import { knownWords } from './words.ts';

/** Most values of one kind that are given. */
const MOST = 200;
/** How many events before the end of the ledger are looked at for what waits. */
const RECENT_EVENTS = 5_000;

/** Where live values come from: what cannot be read has none. `configure` is asked for where a kind needs it. */
export function liveValues(
  configure: () => Promise<Configuration | undefined>,
  environment: Environment,
): LiveValues {
  return async (kind) => {
    const words = await knownWords(kind);
    if (words !== undefined) return words;
    const configuration = await configure();
    if (configuration === undefined) return [];
    const values = await valuesOf(kind, configuration, environment).catch(() => []);
    // SECURITY: what a shell is given is names, and none that it could read as anything else.
    return [...new Set(values)].filter((value) => /^[\w./:@+-]+$/.test(value)).slice(0, MOST);
  };
}

async function valuesOf(
  kind: ValueKind,
  configuration: Configuration,
  environment: Environment,
): Promise<readonly string[]> {
  const { servers, agents, people, stdioAgent } = configuration;
  switch (kind) {
    case 'server':
      return servers.map(({ name }) => name);
    case 'agent':
      return [stdioAgent, ...agents.map(({ name }) => name)];
    case 'tenant':
      return ['default', ...agents.map(({ tenant }) => tenant)];
    case 'person':
      return people.map(({ name }) => name);
    case 'tool':
    case 'server tool': {
      const { readPinned } = await import('../../daemon/pinned.ts');
      const { nameOf } = await import('../tools/selection.ts');
      const pins = await readPinned(configuration, environment);
      return pins.map((pin) => (kind === 'tool' ? nameOf(pin) : pin.name));
    }
    case 'secret': {
      const { listSecrets } = await import('../../daemon/secret-changes.ts');
      return ((await listSecrets(configuration)) ?? []).map(({ name }) => name);
    }
    case 'session': {
      const { newestSessions } = await import('../../keeper/sessions.ts');
      return (await newestSessions({ configuration, environment }, MOST)).map(({ session }) => session);
    }
    case 'approval':
      return openIds(configuration, environment, {
        opens: 'APPROVAL_REQUESTED',
        closes: 'APPROVAL_DECIDED',
        id: 'approval_id',
      });
    case 'grant':
      return openIds(configuration, environment, {
        opens: 'GRANT_MADE',
        closes: 'GRANT_REVOKED',
        id: 'grant_id',
      });
    default:
      return [];
  }
}

/** The ids that an event of late began and none has ended, the newest first; the ledger is only read. */
async function openIds(
  configuration: Configuration,
  environment: Environment,
  { opens, closes, id }: { readonly opens: string; readonly closes: string; readonly id: string },
): Promise<readonly string[]> {
  const { readEvents } = await import('../../keeper/events.ts');
  const place = { configuration, environment };
  const wanted = { after: undefined, last: RECENT_EVENTS, follow: false };
  const open = new Set<string>();
  for await (const { body } of readEvents(place, wanted, new AbortController().signal)) {
    if (!body.includes(id)) continue;
    const { event_type: type, payload } = JSON.parse(body) as {
      readonly event_type: string;
      readonly payload: Readonly<Record<string, unknown>>;
    };
    const named = payload[id];
    if (typeof named !== 'string') continue;
    if (type === opens) open.add(named);
    else if (type === closes) open.delete(named);
  }
  return [...open].toReversed();
}
