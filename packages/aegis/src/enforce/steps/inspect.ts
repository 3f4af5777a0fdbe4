import { type ContentFact, canonicalJson, inspect as inspectArguments } from '@aegis/core';
import { readContent } from '../content.ts';
import type { Mediation, Step } from '../mediation.ts';

/** Establishes what the action really is. */
export const inspect: Step = {
  name: 'inspect',
  run(m) {
    const { resource, action, args } = m.request;
    const { kind, server, name } = resource;
    m.fingerprint = m.session.fingerprint([action.method, kind, server, name, canonicalJson(args)]);
    const facts = inspectArguments({
      request: m.request,
      server: m.rules.manifests.get(server),
      platform: m.ports.inspect(server),
    });
    const definition = m.ports.definition(resource);
    m.facts = definition === undefined ? facts : { ...facts, definition };
    return m.session.snapshot.receipts.length === 0 ? undefined : readContents(m);
  },
};

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
