import type { Finding } from '../../model/finding.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { findSecrets } from '../secret/find-secrets.ts';
import { parametersOf } from './parameter.ts';

/**
 * Values that a schema proposes and that would do something nobody asked for: a copy to an address, a command, a
 * file with secrets, a collector of requests, a secret of somebody. Takes time linear in the schema.
 */
export function findSuspectDefaults(tool: JsonObject): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { at, name, schema } of parametersOf(tool)) {
    for (const key of ['default', 'const', 'enum', 'examples']) {
      for (const text of stringsIn(schema[key])) {
        const judged = judge(name, key, text.slice(0, LONGEST));
        if (judged !== undefined) findings.push({ ...judged, at: `${at}/${key}` });
      }
    }
  }
  return findings;
}

const LONGEST = 4000;
const MOST = 256;

function stringsIn(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.slice(0, MOST).filter((item) => typeof item === 'string') : [];
}

function judge(name: string, key: string, text: string): Omit<Finding, 'at'> | undefined {
  const fixed = key === 'default' || key === 'const';
  if (
    findSecrets(text).some(
      ({ example, certainty }) => !example && (certainty === 'checked' || certainty === 'shaped'),
    )
  ) {
    return { id: 'definition.default_secret', severity: 'medium', message: 'a proposed value is a secret' };
  }
  if (fixed && COPY.test(name) && ADDRESS.test(text)) {
    return {
      id: 'definition.default_recipient',
      severity: 'high',
      message: 'proposes to send a copy to somebody',
      capability: 'message.send',
    };
  }
  if (fixed && SECRET_FILE.test(text)) {
    return {
      id: 'definition.default_file',
      severity: 'high',
      message: 'proposes a file with secrets',
      capability: 'secret.read',
    };
  }
  if (COMMAND.test(text)) {
    return {
      id: 'definition.default_command',
      severity: 'high',
      message: 'proposes a command',
      capability: 'exec',
    };
  }
  return undefined;
}

// Linear: fixed words with bounded gaps.
const COPY = /^(?:b?cc|copy_?to|forward_?to|notify|reply_?to|webhook|callback)/i;
const ADDRESS = /@[\w-]{1,63}\.|:\/\//;
const SECRET_FILE =
  /\.ssh\/|id_rsa|id_ed25519|\/etc\/(?:passwd|shadow)|\.aws\/cred|\.kube\/config|\.netrc|mcp\.json|(?:^|\/)\.env$/i;
const COMMAND =
  /\b(?:curl|wget)\b[^\n]{0,120}https?:\/\/|\|\s?(?:ba)?sh\b|\brm -rf\b|\$\((?:cat|curl|env)\b|;\s?(?:cat|curl|nc|bash)\s/i;
