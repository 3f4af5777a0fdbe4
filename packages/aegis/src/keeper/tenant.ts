import { AegisError } from '@aegis/core';
import { INSTALLATION_LOG, type LedgerView, type SessionPlace } from '../ledger-ports.ts';

/** Whose sessions Aegis records what it does itself in. */
const OWN_TENANT = 'aegis';

/**
 * The tenant that is meant: the one that is named, or the only one beside Aegis itself. Fails with `USAGE`
 * when that is not clear.
 */
export async function tenantOf(view: LedgerView, named: string | undefined): Promise<string> {
  const logs = ((await view.trees?.logs()) ?? []).map(({ log }) => log);
  const tenants = logs.filter((log) => log !== INSTALLATION_LOG);
  if (named !== undefined) {
    if (tenants.includes(named)) return named;
    throw new AegisError('INPUT_INVALID', `the ledger has no tenant \`${named}\``, helpFor(tenants));
  }
  const others = tenants.filter((tenant) => tenant !== OWN_TENANT);
  const [only, another] = others.length > 0 ? others : tenants;
  if (only !== undefined && another === undefined) return only;
  if (only === undefined) throw new AegisError('INPUT_INVALID', 'nothing is recorded in this ledger yet');
  throw new AegisError('USAGE', 'the ledger has several tenants: name one with --tenant', helpFor(tenants));
}

function helpFor(tenants: readonly string[]): { readonly help: string } {
  return { help: `there are: ${tenants.slice(0, 20).join(', ')}${tenants.length > 20 ? ', ...' : ''}` };
}

/** A session by its id, and by its tenant where several have one of that name. Fails with `INPUT_INVALID` and `USAGE`. */
export async function sessionOf(
  view: LedgerView,
  session: string,
  tenant: string | undefined,
): Promise<SessionPlace> {
  const found: SessionPlace[] = [];
  for await (const head of view.sessions()) {
    if (head.session === session && (tenant === undefined || head.tenant === tenant)) found.push(head);
  }
  const [only, another] = found;
  if (only === undefined) {
    throw new AegisError(
      'INPUT_INVALID',
      `the ledger has no session \`${session}\`${tenant === undefined ? '' : ` of tenant \`${tenant}\``}`,
    );
  }
  if (another === undefined) return { tenant: only.tenant, session };
  throw new AegisError('USAGE', `several tenants have a session \`${session}\`: name one with --tenant`);
}
