import { existsSync } from 'node:fs';
import {
  type Envelope,
  type Facts,
  inspect,
  isJsonObject,
  type JsonObject,
  LedgerVerifier,
  type Observation,
  type ObservedCall,
  type ResourceKind,
} from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { sealedValue } from '../enforce/verified-events.ts';
import type { LedgerView } from '../ledger-ports.ts';
import { sha256 } from '../platform.ts';
import type { Environment } from './environment.ts';
import { openEvidenceView } from './evidence.ts';
import { createInspection } from './inspection.ts';
import { loadRules } from './rules.ts';

/**
 * What the ledger says that an agent did: every call that ran, inspected anew with the manifests in force. Sessions
 * whose chain is broken say nothing. Fails with `STORE_UNAVAILABLE`.
 */
export async function observeAgent(
  configuration: Configuration,
  environment: Environment,
  agent: string,
): Promise<Observation> {
  const { store, servers, directory } = configuration;
  if (store.kind === 'sqlite' && !existsSync(store.file)) return { agent, calls: [], unknown: 0 };
  const rules = await loadRules(configuration);
  const platformOf = await createInspection(servers, directory, rules);
  const view = await openEvidenceView(configuration, environment);
  const calls: ObservedCall[] = [];
  let unknown = 0;
  try {
    for await (const { tenant, session } of view.sessions()) {
      for (const { proposed, position, approved } of await ranIn(view, { tenant, session }, agent)) {
        const { server, tool_name: tool } = proposed.payload;
        const args = await sealedValue({ event: proposed, position, at: '/args' }, view, sha256);
        if (typeof server !== 'string') continue;
        if (!isJsonObject(args)) unknown++;
        const resource =
          typeof tool === 'string'
            ? { kind: 'tool' as const, name: tool }
            : resourceOf(proposed.payload, isJsonObject(args) ? args : {});
        const facts: Facts = inspect({
          request: {
            id: '',
            subject: { tenant, agent, user: agent, session },
            action: { method: String(proposed.payload['method']), door: 'mcp-stdio' },
            resource: { server, ...resource },
            args: isJsonObject(args) ? args : {},
            nowMs: proposed.ts_unix_ms,
          },
          server: rules.manifests.get(server),
          platform: platformOf(server),
        });
        const credentials = rules.credentials.get(server) ?? [];
        calls.push({
          session,
          server,
          tool: typeof tool === 'string' ? tool : undefined,
          facts,
          approved,
          credentials,
        });
      }
    }
    return { agent, calls, unknown };
  } finally {
    await view.close();
  }
}

interface Ran {
  readonly proposed: Envelope;
  readonly position: number;
  readonly approved: boolean;
}

/** The calls of a session that ran, when it is one of the agent. */
async function ranIn(
  view: LedgerView,
  { tenant, session }: { readonly tenant: string; readonly session: string },
  agent: string,
): Promise<readonly Ran[]> {
  const verifier = new LedgerVerifier(sha256, 'sessions');
  const open = new Map<unknown, Ran>();
  const ran: Ran[] = [];
  for await (const entry of view.session(tenant, session)) {
    const { envelope, findings } = verifier.next(entry);
    if (envelope === undefined || findings.length > 0) return [];
    const { event_type: type, payload } = envelope;
    const call = payload['call_id'];
    if (type === 'SESSION_STARTED' && payload['agent'] !== agent) return [];
    if (type === 'TOOL_CALL_PROPOSED' || type === 'ACCESS_PROPOSED') {
      open.set(call, { proposed: envelope, position: entry.position, approved: false });
    } else if (type === 'APPROVAL_DECIDED' && payload['approved'] === true) {
      const known = open.get(call);
      if (known !== undefined) open.set(call, { ...known, approved: true });
    } else if (type === 'TOOL_CALL_ALLOWED' || type === 'ACCESS_ALLOWED') {
      const known = open.get(call);
      if (known !== undefined) ran.push(known);
    }
  }
  return ran;
}

/** The whole name of a resource is among its arguments; the event has the beginning of a long one. */
function resourceOf(
  { kind, name }: JsonObject,
  args: JsonObject,
): { readonly kind: ResourceKind; readonly name: string } {
  const written = typeof name === 'string' ? name : '';
  const { uri } = args;
  if (kind === 'prompt') return { kind: 'prompt', name: written };
  return { kind: 'resource', name: typeof uri === 'string' ? uri : written };
}
