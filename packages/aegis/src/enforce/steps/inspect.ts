import {
  argumentDirection,
  type ContentFact,
  type ContentNeeds,
  canonicalJson,
  type Finding,
  inspect as inspectArguments,
  type KnownValues,
  NO_KNOWN_VALUES,
  withContent,
} from '@aegis/core';
import { readContent } from '../content.ts';
import { READ_HERE } from '../content-scan.ts';
import type { Mediation, Step } from '../mediation.ts';
import { traceArguments } from './taint.ts';

/** Establishes what the action really is. */
export const inspect: Step = {
  name: 'inspect',
  run(m) {
    const { resource, action, args } = m.request;
    const { kind, server, name } = resource;
    m.sameness = [action.method, kind, server, name, canonicalJson(args)];
    m.fingerprint = m.session.fingerprint(m.sameness);
    const facts = inspectArguments({
      request: m.request,
      server: m.rules.manifests.get(server),
      platform: m.ports.inspect(server, m.rules),
    });
    const definition = m.ports.definition(resource);
    m.facts = definition === undefined ? facts : { ...facts, definition };
    const traced = traceArguments(m);
    return traced === undefined ? inspectContent(m) : traced.then(() => inspectContent(m));
  },
};

function inspectContent(m: Mediation): Promise<void> | undefined {
  const known = m.ports.known?.() ?? NO_KNOWN_VALUES;
  const needs = m.rules.policy.callNeeds({
    request: m.request,
    facts: m.facts,
    server: m.rules.manifests.get(m.request.resource.server),
  });
  const scans = needs.text || needs.secrets || needs.pii || !known.empty;
  const later = scans ? scanArguments(m, needs, known) : undefined;
  if (m.session.snapshot.receipts.length === 0) return later;
  return (later ?? Promise.resolve()).then(() => readContents(m));
}

/** What the texts among the arguments hold. */
function scanArguments(m: Mediation, needs: ContentNeeds, known: KnownValues): Promise<void> | undefined {
  const { action, args } = m.request;
  const direction = argumentDirection(action.method);
  const { text, secrets, pii } = needs;
  const personal = pii ? { personal: m.rules.policy.personal.patterns } : {};
  const reader = m.ports.content ?? READ_HERE;
  const found = reader.scan(args, { text, secrets, ...personal, direction, known });
  return found instanceof Promise ? found.then((later) => take(m, later, needs)) : take(m, found, needs);
}

function take(m: Mediation, found: readonly Finding[], needs: ContentNeeds): undefined {
  m.facts = withContent(m.facts, found, needs, m.session.snapshot);
}

/**
 * For each receipt that the call may have to show and the session holds, what the content is now.
 * A receipt that was never minted needs no reading: the precondition fails without it.
 */
async function readContents(m: Mediation): Promise<void> {
  const contents: ContentFact[] = [];
  for (const { receipt, subject: argument } of m.rules.policy.requirements(m.tool, m.rules.receipts)) {
    const definition = m.rules.receipts.get(receipt);
    const subject = m.request.args[argument];
    if (definition === undefined || typeof subject !== 'string') continue;
    const held = m.session.snapshot.receipts.some((r) => r.name === receipt && r.subject === subject);
    if (!held) continue;
    const sha256 = await readContent(m.ports, definition, subject, m.rules.policy.settings.limits);
    if (sha256 !== undefined) contents.push({ receipt, subject, sha256 });
  }
  m.facts = { ...m.facts, contents };
}
