import { shownOf } from '../../catalogue/listing.ts';
import { INVALID_PARAMS, type Message, resultText } from '../../jsonrpc.ts';
import type { ListKind } from '../../upstream/server.ts';
import type { OpenSession } from './open-session.ts';
import { pageOf } from '../page.ts';
import { refusalText } from './refusal.ts';

/** Answers a request for one page of a list: what the caller may see of it. */
export async function answerList(
  { context, handle, form, catalogue }: OpenSession,
  { id, method, params }: Extract<Message, { kind: 'request' }>,
  { kind, use }: { readonly kind: ListKind; readonly use: string },
): Promise<string> {
  const { kernel, limits } = context;
  if (kind === 'resources') await catalogue.refresh();
  const shown = shownOf(catalogue.list(kind), ({ resource }) => kernel.visible(handle, use, resource));
  const page = pageOf(shown, params['cursor'], limits.pageSize);
  if (page === undefined) {
    const message = 'the cursor is not one of ours';
    return refusalText(kernel, handle, { id, method, code: INVALID_PARAMS, message });
  }
  const items = page.items.map(({ definition }) => form.definition(kind, definition));
  const { nextCursor } = page;
  return resultText(id, nextCursor === undefined ? { [kind]: items } : { [kind]: items, nextCursor });
}
