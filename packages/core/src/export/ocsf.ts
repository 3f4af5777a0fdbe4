import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Facts, Severity } from './facts.ts';

const SCHEMA = '1.3.0';

const API_ACTIVITY = { category_uid: 6, category_name: 'Application Activity', class_uid: 6003 } as const;
const BASE_EVENT = { category_uid: 0, category_name: 'Uncategorized', class_uid: 0 } as const;
/** `Other` of every class; `activity_name` says which. */
const OTHER = 99;

const SEVERITIES: Readonly<Record<Severity, readonly [number, string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

/**
 * An event in the Open Cybersecurity Schema Framework: what is about a call as API Activity (6003) with the
 * profile Security Control, everything else as Base Event (0).
 */
export function ocsfLine(facts: Facts, version: string): string {
  return JSON.stringify(ocsfEvent(facts, version));
}

function ocsfEvent(facts: Facts, version: string): JsonObject {
  const isCall = facts.callId !== undefined && facts.name !== undefined;
  const kind = isCall ? API_ACTIVITY : BASE_EVENT;
  const [severityId, severity] = SEVERITIES[facts.severity];
  return present({
    ...kind,
    class_name: isCall ? 'API Activity' : 'Base Event',
    activity_id: OTHER,
    activity_name: facts.type,
    type_uid: kind.class_uid * 100 + OTHER,
    time: facts.atMs,
    severity_id: severityId,
    severity,
    message: facts.text,
    ...statusOf(facts),
    metadata: {
      version: SCHEMA,
      product: { name: 'Aegis', vendor_name: 'Aegis', version },
      profiles: isCall ? ['security_control'] : [],
      uid: facts.hash,
      sequence: facts.position,
      tenant_uid: facts.tenant,
      ...(facts.callId === undefined ? {} : { correlation_uid: facts.callId }),
    },
    ...(isCall ? callOf(facts) : {}),
    unmapped: present({
      session: facts.session,
      seq: facts.seq,
      rule: facts.rule,
      code: facts.code,
      by: facts.by,
      agent: facts.agent,
      user: facts.user,
      outcome: facts.outcome,
    }),
  });
}

function callOf(facts: Facts): Readonly<Record<string, JsonValue | undefined>> {
  return {
    actor: {
      user: { name: facts.user },
      ...(facts.agent === undefined ? {} : { app_name: facts.agent }),
      session: { uid: facts.session },
    },
    api: {
      operation: facts.name ?? '',
      ...(facts.server === undefined ? {} : { service: { name: facts.server } }),
    },
    src_endpoint: { name: facts.door ?? 'unknown' },
    risk_score: facts.score,
    ...actionOf(facts),
    ...(facts.rule === undefined ? {} : { policy: { name: facts.rule } }),
  };
}

const DENIED = { action_id: 2, action: 'Denied', disposition_id: 2, disposition: 'Blocked' } as const;
const ALLOWED = { action_id: 1, action: 'Allowed', disposition_id: 1, disposition: 'Allowed' } as const;

function actionOf({ type, effect }: Facts): JsonObject {
  if (type === 'TOOL_CALL_DENIED' || type === 'ACCESS_DENIED' || effect === 'deny') return DENIED;
  const allows = type === 'TOOL_CALL_ALLOWED' || type === 'ACCESS_ALLOWED' || effect === 'allow';
  return allows ? ALLOWED : { action_id: 0, action: 'Unknown' };
}

function statusOf({ type, outcome, code }: Facts): Readonly<Record<string, JsonValue | undefined>> {
  if (type === 'TOOL_CALL_DENIED' || type === 'ACCESS_DENIED') {
    return { status_id: 2, status: 'Failure', status_code: code };
  }
  if (type !== 'TOOL_RESULT' && type !== 'ACCESS_RESULT') return {};
  return outcome === 'executed'
    ? { status_id: 1, status: 'Success' }
    : { status_id: 2, status: 'Failure', status_code: code };
}

function present(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, JsonValue] => member[1] !== undefined),
  );
}
