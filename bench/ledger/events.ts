import { createHash } from 'node:crypto';
import type { EventDraft } from '@aegis/core';

/**
 * The events of a session in which one call after the other is proposed, judged and denied. Sealed, an
 * envelope has about 1,000 bytes.
 */
export function draftOf(session: string, seq: number): EventDraft {
  if (seq === 0)
    return { type: 'SESSION_STARTED', payload: { agent: 'bench', door: 'sdk', policy_digest: ZERO } };
  const n = Math.floor((seq - 1) / 3);
  const digest = createHash('sha256').update(`${session} ${n}`).digest('hex');
  const call_id = `call_${digest.slice(0, 32)}`;
  switch (seq % 3) {
    case 1:
      return {
        type: 'TOOL_CALL_PROPOSED',
        payload: { args_hash: digest, call_id, ...PROPOSAL, fingerprint: digest, ...CALL },
      };
    case 2:
      return { type: 'POLICY_DECISION', payload: decision(n, call_id, digest) };
    default:
      return { type: 'TOOL_CALL_DENIED', payload: denial(n, call_id) };
  }
}

const ZERO = '0'.repeat(64);

// Members stand in canonical order, as they do in what the product records of a call.
const PROPOSAL = {
  capabilities: ['fs.read', 'fs.write', 'net.egress', 'db.read', 'data.export'],
  door: 'mcp-http',
  finding_ids: [
    'sql.unscoped_read',
    'sql.protected_table',
    'path.symbolic_link',
    'url.internal_address',
    'url.credentials',
    'pii.email',
    'pii.card',
    'pii.iban',
    'shell.environment',
    'shell.upload',
    'shell.remote_command',
    'shell.permissions',
    'args.repeated_key',
    'prompt.instruction_in_data',
    'secret.token_in_argument',
    'url.look_alike_host',
    'path.outside_root',
  ],
} as const;

const CALL = { method: 'tools/call', server: 'warehouse', tool_name: 'export_customer_report' } as const;

const decision = (n: number, call_id: string, policy_digest: string) => ({
  audit: n % 3 === 0,
  call_id,
  effect: 'deny',
  mode: 'enforce',
  obligations: { mask: ['card', 'email', 'iban', 'ssn'], max_output_bytes: 1_048_576, timeout_ms: 30_000 },
  policy_digest,
  reasons: [
    {
      code: 'POLICY_DENY',
      message: `the path \`/srv/data/${n}/report.csv\` is outside what this agent may write`,
      phase: 'rules',
      rule: `reports-of-customers-${n % 40}`,
    },
    {
      code: 'POLICY_DENY',
      message: 'in shadow, not in force: denied by the rule `no-writes-at-night`',
      phase: 'rules',
      rule: 'no-writes-at-night',
    },
    {
      code: 'OK',
      message: 'marked by the invariant `mask-personal-data`, which masks results',
      phase: 'guards',
      rule: 'mask-personal-data',
    },
  ],
  rule: `reports-of-customers-${n % 40}`,
});

const denial = (n: number, call_id: string) => ({
  call_id,
  code: 'POLICY_DENY',
  message:
    `the path \`/srv/data/${n}/report.csv\` is outside what this agent may write, and the table \`customers\` is ` +
    'protected: it may be read by statements with a condition on the key of one customer, and by no others; ' +
    'the host `reports.example.org` is not among the domains of the server, and what would be sent there holds ' +
    'personal data of four kinds (addresses, account numbers, cards and numbers of social insurance) that the invariant `mask-personal-data` has masked before it could be released; a person with the role ' +
    '`approver` can let one such export through, for this session, from the list of those who wait, and whoever ' +
    'owns the policy can write a rule',
  rule: `reports-of-customers-${n % 40}`,
});
