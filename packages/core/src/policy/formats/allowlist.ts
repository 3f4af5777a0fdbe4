import type { JsonObject } from '../../model/json.ts';
import type { SourceNode } from '../../source/node.ts';
import { fault, type Report } from '../../source/report.ts';
import { readDomains, readMethods } from './allowlist-network.ts';
import { readAllowlistPaths } from './allowlist-paths.ts';
import { AllowlistRules } from './allowlist-rules.ts';
import type { Translation } from './translation.ts';

/** Top-level keys of a policy that lists where an agent may go, and where it may not. */
export const ALLOWLIST_KEYS: readonly string[] = [
  'allowedDomains',
  'allowedMethods',
  'blockedPaths',
  'filesystem',
  'rateLimits',
  'promptIntegrity',
  'piiDataGuard',
];

const NETWORK = ['net.egress'];
const FILES = ['fs.read', 'fs.write', 'fs.delete'];

/**
 * Reads the lists as rules: first what is blocked, then the calls of tools that reach the network, files or
 * both and nothing else, then a denial of every other host and every other path.
 *
 * SECURITY: a call is let through for all that its tool can do, never for one harmless host or path among its
 * arguments. A call with neither is none that the lists speak of.
 */
export function readAllowlist(
  report: Report,
  table: JsonObject,
  translation: Translation,
  base: string | undefined,
): readonly SourceNode[] {
  const domains = readDomains(report, table['allowedDomains'], translation);
  const methods = readMethods(report, table['allowedMethods'], translation);
  if (methods !== undefined && domains === undefined) {
    fault(report, ['allowedMethods'], 'no-effect', 'there is no domain that the methods are for', {
      what: 'key',
      help: 'list the domains in `allowedDomains`',
    });
  }
  const { folders, patterns, sandbox } = readAllowlistPaths(report, table, translation, base);
  const rules = new AllowlistRules(translation);
  rules.deny('blockedPaths', 'path', folders, 'this path is blocked');
  rules.deny('denyPatterns', 'path', patterns, 'this path is blocked');
  if (domains !== undefined && sandbox !== undefined) {
    rules.allow('allowedDomains and sandboxRoot', [...NETWORK, ...FILES], { domains, methods, sandbox });
  }
  if (domains !== undefined) rules.allow('allowedDomains', NETWORK, { domains, methods });
  if (sandbox !== undefined) rules.allow('sandboxRoot', FILES, { sandbox });
  if ('allowedDomains' in table) {
    const reason = 'only the allowed domains are open, with the allowed methods';
    rules.deny('not in allowedDomains', 'host', rules.anything(['allowedDomains']), reason);
  }
  if (sandbox !== undefined) {
    const reason = 'only files under the root of the sandbox are open';
    rules.deny('not in sandboxRoot', 'path', rules.anything(['filesystem', 'sandboxRoot']), reason);
  }
  return rules.written;
}
