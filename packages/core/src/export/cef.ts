import type { Facts, Severity } from './facts.ts';

const SEVERITIES: Readonly<Record<Severity, number>> = { info: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** An event in the Common Event Format, version 0 (ArcSight CEF, revision 25). */
export function cefLine(facts: Facts, version: string): string {
  const name = facts.type.toLowerCase().replaceAll('_', ' ');
  const header = ['Aegis', 'Aegis', version, facts.type, name].map(inHeader).join('|');
  const extension = Object.entries(extensionOf(facts))
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${inExtension(String(value))}`)
    .join(' ');
  return `CEF:0|${header}|${SEVERITIES[facts.severity]}|${extension}`;
}

function extensionOf(facts: Facts): Readonly<Record<string, string | number | undefined>> {
  return {
    rt: facts.atMs,
    externalId: facts.position,
    suser: facts.user,
    sourceServiceName: facts.agent,
    destinationServiceName: facts.server,
    app: facts.door,
    act: facts.effect,
    outcome: facts.outcome,
    reason: facts.code,
    request: facts.name,
    requestMethod: facts.method,
    msg: facts.text,
    ...labelled('cs1', 'tenant', facts.tenant),
    ...labelled('cs2', 'session', facts.session),
    ...labelled('cs3', 'callId', facts.callId),
    ...labelled('cs4', 'rule', facts.rule),
    ...labelled('cs5', 'hash', facts.hash),
    ...labelled('cs6', 'by', facts.by),
    ...labelled('cn1', 'seq', facts.seq),
    ...labelled('cn2', 'threatScore', facts.score),
  };
}

function labelled(
  key: string,
  label: string,
  value: string | number | undefined,
): Readonly<Record<string, string | number>> {
  return value === undefined ? {} : { [key]: value, [`${key}Label`]: label };
}

/** SECURITY: a line break would begin a record that nobody wrote, a pipe a field. A header takes no line break. */
function inHeader(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(LINE_BREAKS, ' ');
}

function inExtension(text: string): string {
  return text
    .replace(/[\\=]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
    .replace(LINE_BREAKS, ' ');
}

/** Everything that some reader takes for the end of a line, and the other control characters. */
const LINE_BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
