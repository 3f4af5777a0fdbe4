import { notificationText } from '../jsonrpc.ts';
import type { ListKind } from '../upstream/server.ts';

const METHODS: Readonly<Record<ListKind, string>> = {
  tools: 'notifications/tools/list_changed',
  resources: 'notifications/resources/list_changed',
  resourceTemplates: 'notifications/resources/list_changed',
  prompts: 'notifications/prompts/list_changed',
};

/** The notifications that tell a client which lists changed, one for each. */
export function changeTexts(kinds: Iterable<ListKind>): readonly string[] {
  const methods = new Set<string>();
  for (const kind of kinds) methods.add(METHODS[kind]);
  return [...methods].map((method) => notificationText(method));
}
