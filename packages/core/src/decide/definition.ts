import type { DefinitionFact } from '../model/finding.ts';
import type { Reason } from '../model/reason.ts';
import { quote } from '../policy/quote.ts';
import type { DecisionInput } from './input.ts';

/**
 * Is the tool or prompt still what was accepted? What a server says of it now is repeated nowhere: it
 * would reach the model by this way.
 */
export function checkDefinition({
  facts,
  request,
}: Pick<DecisionInput, 'facts' | 'request'>): Reason | undefined {
  const { definition } = facts;
  if (definition === undefined || definition === 'pinned') return undefined;
  const { server, kind, name } = request.resource;
  return {
    code: 'TOOL_CHANGED',
    phase: 'manifest',
    message: `the definition of the ${kind} ${quote(name)} of ${quote(server)} ${WHY[definition]}`,
    // SECURITY: how it is accepted is not told to an agent that may have a shell.
    remedy: 'use another tool, or ask whoever runs Aegis to look at the definition',
  };
}

const WHY: Readonly<Record<Exclude<DefinitionFact, 'pinned'>, string>> = {
  new: 'is new and waits to be accepted',
  changed: 'is not the one that was accepted',
  unreadable: 'is too large or nested too deeply to be accepted',
  broken: 'cannot be compared: what was accepted does not agree with the ledger',
};
