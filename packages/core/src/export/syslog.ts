import type { Facts, Severity } from './facts.ts';
import { timestamp } from './timestamp.ts';

/** Facility 13, log audit (RFC 5424, section 6.2.1). */
const FACILITY = 13;

const SEVERITIES: Readonly<Record<Severity, number>> = { info: 6, low: 5, medium: 4, high: 3, critical: 2 };

/** RFC 5612 reserves this number for those who have none of their own. */
const STRUCTURED_DATA = 'aegis@32473';

/** Most characters of a MSGID (RFC 5424, section 6). */
const MAX_MSGID = 32;

/**
 * An event as a message of RFC 5424, without a host name: whoever collects it knows where it is from. `more` stands
 * before its own parameters.
 */
export function syslogLine(facts: Facts, more: Readonly<Record<string, string | number>> = {}): string {
  const priority = FACILITY * 8 + SEVERITIES[facts.severity];
  const message = [facts.type, facts.server, facts.name, facts.code, facts.outcome, facts.text]
    .filter((part) => part !== undefined)
    .join(' ');
  const parameters = Object.entries({ ...more, ...parametersOf(facts) })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${inParameter(String(value))}"`)
    .join('');
  const id = facts.type.slice(0, MAX_MSGID);
  return `<${priority}>1 ${timestamp(facts.atMs)} - aegis - ${id} [${STRUCTURED_DATA}${parameters}] ${BOM}${inLine(message)}`;
}

/** Says that the message is UTF-8 (RFC 5424, section 6.4). */
const BOM = '\uFEFF';

function parametersOf(facts: Facts): Readonly<Record<string, string | number | undefined>> {
  return {
    position: facts.position,
    hash: facts.hash,
    tenant: facts.tenant,
    user: facts.user,
    session: facts.session,
    seq: facts.seq,
    agent: facts.agent,
    door: facts.door,
    call: facts.callId,
    server: facts.server,
    method: facts.method,
    name: facts.name,
    effect: facts.effect,
    code: facts.code,
    rule: facts.rule,
    outcome: facts.outcome,
    score: facts.score,
    by: facts.by,
  };
}

/** SECURITY: an unescaped quote or bracket would end the value, and what follows would be read as fields. */
function inParameter(text: string): string {
  return inLine(text).replace(/["\\\]]/g, '\\$&');
}

function inLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
