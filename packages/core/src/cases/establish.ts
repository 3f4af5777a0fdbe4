import type { DecisionInput } from '../decide/input.ts';
import { argumentDirection, withContent } from '../inspect/content/call-content.ts';
import { scanContentAtOnce } from '../inspect/content/scan-content.ts';
import { inspect } from '../inspect/inspect.ts';
import { NO_KNOWN_VALUES } from '../inspect/secret/known-values.ts';
import type { Facts } from '../model/finding.ts';
import type { AccessRequest } from '../model/request.ts';
import { NO_TAINTS } from '../model/taint.ts';
import type { Snapshot } from '../session/snapshot.ts';
import type { CaseHost } from './case-host.ts';

/** A call that is decided without being made. */
export interface TriedCall {
  readonly request: AccessRequest;
  /** The session as the call finds it. */
  readonly snapshot: Snapshot;
  readonly fingerprint: string;
  /** What the inspectors cannot see in the arguments. */
  readonly known?: Partial<Pick<Facts, 'definition' | 'contents' | 'taint'>>;
}

/** Establishes what a call really is, as the kernel would, for the rules of the host. */
export function establish(
  host: CaseHost,
  { request, snapshot, fingerprint, known }: TriedCall,
): DecisionInput {
  const { resource, subject, args, action } = request;
  const server = host.manifests.get(resource.server);
  const facts: Facts = {
    ...inspect({ request, server, platform: host.inspect(resource.server) }),
    ...(host.policy.followsData ? { taint: NO_TAINTS } : {}),
    ...known,
  };
  const needs = host.policy.callNeeds({ request, facts, server });
  const direction = argumentDirection(action.method);
  const { text, secrets, pii } = needs;
  const personal = pii ? { personal: host.policy.personal.patterns } : {};
  const found = scanContentAtOnce(args, { text, secrets, ...personal, direction, known: NO_KNOWN_VALUES });
  return {
    request,
    facts: withContent(facts, found, needs, snapshot),
    snapshot,
    server,
    agent: host.agent(subject.agent),
    credentials: host.credentials.get(resource.server) ?? [],
    receipts: host.receipts,
    callFingerprint: fingerprint,
  };
}
