import type { Case } from './case.ts';

const APPROVER = `[approvals]
approvers = [{ name = "ann", account = "ann.smith", roles = ["lead"], key = { env = "K" } }]
channels = [{ kind = "webhook", url = "https://h.example/", secret = { file = "s" }, person = "ann" }]
`;

/** Every key of approvals. */
export const APPROVALS: readonly Case[] = [
  ['approvals.wait_ms', '[approvals]\nwait_ms = 3', { approvals: { waitMs: 3 } }],
  ['approvals.expires_ms', '[approvals]\nexpires_ms = 3000', { approvals: { expiresMs: 3000 } }],
  ['approvals.quorum', '[approvals]\nquorum = 3', { approvals: { quorum: 3 } }],
  ['approvals.elicitation', '[approvals]\nelicitation = "form"', { approvals: { elicitation: 'form' } }],
  ['approvals.approvers.name', APPROVER, { approvals: { approvers: [{ name: 'ann' }] } }],
  ['approvals.approvers.account', APPROVER, { approvals: { approvers: [{ account: 'ann.smith' }] } }],
  ['approvals.approvers.roles', APPROVER, { approvals: { approvers: [{ roles: ['lead'] }] } }],
  ['approvals.approvers.key', APPROVER, { approvals: { approvers: [{ key: { env: 'K' } }] } }],
  ['approvals.channels.kind', APPROVER, { approvals: { channels: [{ kind: 'webhook' }] } }],
  ['approvals.channels.url', APPROVER, { approvals: { channels: [{ url: 'https://h.example/' }] } }],
  ['approvals.channels.secret', APPROVER, { approvals: { channels: [{ secret: { file: 's' } }] } }],
  ['approvals.channels.person', APPROVER, { approvals: { channels: [{ person: 'ann' }] } }],
];
