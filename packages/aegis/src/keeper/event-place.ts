import { AegisError } from '@aegis/core';
import type { LedgerView } from '../ledger-ports.ts';
import type { StoredEntry } from '../ports.ts';
import { sessionOf } from './tenant.ts';

/** One event: by its position in the ledger, or by its session and seq. */
export type EventName =
  | { readonly position: number }
  | { readonly session: string; readonly seq: number; readonly tenant: string | undefined };

/** Reads `4711` or `ses_1/4`. Fails with `USAGE`. */
export function parseEventName(text: string, tenant: string | undefined): EventName {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return { position: Number(text) };
  const [, session, seq] = /^([A-Za-z0-9._:@-]{1,128})\/(0|[1-9][0-9]{0,14})$/.exec(text) ?? [];
  if (session !== undefined && seq !== undefined) return { session, seq: Number(seq), tenant };
  throw new AegisError('USAGE', 'an event is named by its session and seq, or by its position', {
    help: 'for example `ses_0193/4`, or `4711`',
  });
}

/** The event with this name. Fails with `INPUT_INVALID` when there is none, or it is archived. */
export async function findEvent(view: LedgerView, name: EventName): Promise<StoredEntry> {
  const position = 'position' in name ? name.position : await positionOf(view, name);
  for await (const entry of view.entries({ after: position - 1, limit: 1 })) {
    if (entry.position !== position) break;
    if (!('position' in name) && (entry.session !== name.session || entry.seq !== name.seq)) {
      throw new AegisError(
        'CHAIN_BROKEN',
        `the store leads to another event than \`${name.session}/${name.seq}\``,
        {
          help: '`aegis ledger verify` shows all that is wrong',
        },
      );
    }
    return entry;
  }
  for await (const { first, last, session } of view.removedRuns()) {
    if (position < first || position > last) continue;
    throw new AegisError('INPUT_INVALID', `the event is archived, with session \`${session}\``, {
      help: 'the bundle of its segment proves it: `aegis ledger verify --bundle DIR`',
    });
  }
  throw new AegisError('INPUT_INVALID', `the ledger has no event at position ${position}`);
}

async function positionOf(
  view: LedgerView,
  { session, seq, tenant }: Exclude<EventName, { position: number }>,
): Promise<number> {
  const place = await sessionOf(view, session, tenant);
  const position = (await view.positions(place.tenant, session))[seq];
  if (position !== undefined) return position;
  for await (const removal of view.removals()) {
    if (removal.head?.session !== session || removal.head.tenant !== place.tenant) continue;
    throw new AegisError(
      'INPUT_INVALID',
      `session \`${session}\` is archived, in segment \`${removal.segment}\``,
    );
  }
  throw new AegisError('INPUT_INVALID', `session \`${session}\` has no event ${seq}`);
}
