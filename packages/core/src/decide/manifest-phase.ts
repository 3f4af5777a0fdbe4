import type { ServerManifest } from '../manifest/manifest.ts';
import { isClientRequest } from '../model/method.ts';
import type { Reason } from '../model/reason.ts';
import { isUnder } from '../policy/containment.ts';
import { globTest, parseGlob, type TextTest } from '../policy/glob.ts';
import { checkAgent } from './agent-phase.ts';
import { checkDefinition } from './definition.ts';
import { type DecisionInput, toolOf } from './input.ts';
import { quote } from '../policy/quote.ts';
import { writesFiles } from './writes.ts';

/**
 * Is the tool still what was accepted, and is what the call would do declared? A tool's effective capabilities against its manifest, then
 * every path and host of the call against what the server declares. A server without a manifest and
 * a tool that is not in it pass on to the rules, which know them as `unclassified`.
 */
export function checkManifest(input: DecisionInput): Reason | undefined {
  const reason = checkDefinition(input) ?? undeclaredRequest(input) ?? checkAgent(input);
  if (reason !== undefined || input.server === undefined) return reason;
  return undeclared(input) ?? outsideRoots(input.server, input) ?? foreignHost(input.server, input);
}

/** What a server asks of the client must stand in its manifest: without one, nothing does. */
function undeclaredRequest({ request, server }: DecisionInput): Reason | undefined {
  const { method } = request.action;
  if (!isClientRequest(method) || server?.clientRequests.has(method)) return undefined;
  return {
    code: 'PERMISSION_UNDECLARED',
    phase: 'manifest',
    message: `the manifest of ${quote(request.resource.server)} does not declare ${quote(method)}`,
    remedy: `list ${quote(method)} under \`client_requests\` in the manifest, if the server may ask that`,
  };
}

function undeclared(input: DecisionInput): Reason | undefined {
  const tool = toolOf(input);
  if (tool === undefined) return undefined;
  for (const capability of input.facts.capabilities) {
    if (tool.capabilities.includes(capability)) continue;
    return {
      code: 'PERMISSION_UNDECLARED',
      phase: 'manifest',
      message: `the call would need \`${capability}\`, which the manifest does not declare for ${quote(tool.name)}`,
      remedy: `make a call that stays within ${listed(tool.capabilities)}, or use a tool that declares \`${capability}\``,
    };
  }
  return undefined;
}

function outsideRoots({ fs, server }: ServerManifest, { facts }: DecisionInput): Reason | undefined {
  if (fs === undefined || facts.paths.length === 0) return undefined;
  const writes = writesFiles(facts);
  const roots = writes ? fs.writeRoots : fs.readRoots;
  for (const { real } of facts.paths) {
    if (roots.some((root) => isUnder(real, root))) continue;
    return {
      code: 'FS_DENY',
      phase: 'manifest',
      message: `the path ${quote(real)} is outside what ${quote(server)} may ${writes ? 'write' : 'read'}`,
      remedy: roots.length === 0 ? 'no path is open to this call' : `use a path under ${listed(roots)}`,
    };
  }
  return undefined;
}

function foreignHost(manifest: ServerManifest, { facts }: DecisionInput): Reason | undefined {
  const { net, server } = manifest;
  if (net === undefined || facts.urls.length === 0) return undefined;
  const tests = domainTests(manifest, net.domains);
  for (const { host } of facts.urls) {
    if (tests.some((test) => test(host))) continue;
    return {
      code: 'EGRESS_DENY',
      phase: 'manifest',
      message: `the host ${quote(host)} is not among the domains of ${quote(server)}`,
      remedy: net.domains.length === 0 ? 'no host is open to this call' : `use ${listed(net.domains)}`,
    };
  }
  return undefined;
}

const compiledDomains = new WeakMap<ServerManifest, readonly TextTest[]>();

/** `*.x.org` is every subdomain of x.org and not x.org itself. */
function domainTests(manifest: ServerManifest, domains: readonly string[]): readonly TextTest[] {
  let tests = compiledDomains.get(manifest);
  if (tests === undefined) {
    const globs = domains
      .map((domain) => parseGlob(domain.toLowerCase()))
      .filter((glob) => glob !== undefined);
    tests = globs.map(globTest);
    compiledDomains.set(manifest, tests);
  }
  return tests;
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.map(quote).join(', ');
}
