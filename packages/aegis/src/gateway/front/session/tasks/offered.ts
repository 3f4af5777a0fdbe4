import { runsTasks } from '../../../catalogue/offers.ts';
import type { CatalogueView } from '../../../catalogue/view.ts';
import { isSince, type SessionRevision } from '../../../revision.ts';

/** Whether a client of this revision is offered tool calls as tasks: where it knows them, and a server does. */
export function offersTasks(revision: SessionRevision, catalogue: CatalogueView): boolean {
  return isSince(revision, '2025-11-25') && catalogue.upstreams().some(runsTasks);
}
