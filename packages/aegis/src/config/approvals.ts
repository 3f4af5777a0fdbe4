import type { ConfiguredApprovals, ConfiguredApprover, ConfiguredChannel } from './configured/approvals.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { ApprovalsEntry } from './schema.ts';

/** Reads how people are asked, with every mistake reported. */
export function readApprovals(entry: ApprovalsEntry, report: Report): ConfiguredApprovals {
  const approvers = (entry.approvers ?? []).map(readApprover);
  for (const field of ['name', 'account'] as const) {
    const values = approvers.map((approver) => approver[field].toLowerCase());
    values.forEach((value, index) => {
      if (values.indexOf(value) === index) return;
      report(
        'duplicate-name',
        ['approvals', 'approvers', index, field],
        `\`${value}\` is another approver's`,
      );
    });
  }
  const quorum = entry.quorum ?? 1;
  if (approvers.length > 0 && quorum > approvers.length) {
    report('out-of-range', ['approvals', 'quorum'], `there are only ${approvers.length} approvers`);
  }
  if (entry.elicitation === 'form' && approvers.length > 0) {
    const help = 'leave `approvers` out, or use `url`';
    report('no-effect', ['approvals', 'elicitation'], 'the user of a client is none of the approvers', help);
  }
  return {
    waitMs: entry.wait_ms ?? 30_000,
    expiresMs: entry.expires_ms ?? 900_000,
    quorum,
    elicitation: entry.elicitation ?? 'url',
    approvers,
    channels: (entry.channels ?? []).flatMap(
      (channel, index) => readChannel(channel, index, approvers, report) ?? [],
    ),
  };
}

function readApprover({
  name,
  account = name,
  roles = [],
  key,
}: NonNullable<ApprovalsEntry['approvers']>[number]): ConfiguredApprover {
  return key === undefined ? { name, account, roles } : { name, account, roles, key };
}

function readChannel(
  { kind, url, secret, person }: NonNullable<ApprovalsEntry['channels']>[number],
  index: number,
  approvers: readonly ConfiguredApprover[],
  report: Report,
): ConfiguredChannel | undefined {
  const path = ['approvals', 'channels', index];
  if (kind === 'desktop') {
    for (const [key, value] of Object.entries({ url, secret, person })) {
      if (value !== undefined) report('no-effect', [...path, key], `\`${key}\` means nothing on the desktop`);
    }
    return { kind };
  }
  if (url === undefined) {
    report('missing-key', path, `a ${kind} needs a \`url\``);
    return undefined;
  }
  if (typeof url === 'string') {
    const address = URL.parse(url);
    // SECURITY: the questions hold arguments of calls, and links that decide.
    if (address?.protocol !== 'https:' && !isLoopback(address?.hostname.replace(/^\[|\]$/g, '') ?? '')) {
      report(
        'bad-value',
        [...path, 'url'],
        'questions are posted to an https address',
        'or to one of this machine',
      );
    }
  }
  if ((kind === 'webhook') !== (secret !== undefined)) {
    const message =
      kind === 'webhook' ? 'a webhook is signed, and needs a `secret`' : '`secret` means nothing here';
    report('bad-value', secret === undefined ? path : [...path, 'secret'], message);
  }
  if (person !== undefined && !approvers.some(({ name }) => name === person)) {
    report('unknown-value', [...path, 'person'], `\`${person}\` is not among the approvers`);
  }
  return {
    kind,
    url,
    ...(secret === undefined ? {} : { secret }),
    ...(person === undefined ? {} : { person }),
  };
}
