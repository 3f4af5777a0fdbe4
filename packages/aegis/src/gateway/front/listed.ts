import type { ListKind } from '../upstream/server.ts';

/** The method whose permission makes an item of a list visible. */
export const USE_OF: Readonly<Record<ListKind, string>> = {
  tools: 'tools/call',
  resources: 'resources/read',
  resourceTemplates: 'resources/read',
  prompts: 'prompts/get',
};

/** The list methods: what each lists, and the method whose permission makes an item visible. */
export const LISTED: ReadonlyMap<string, { readonly kind: ListKind; readonly use: string }> = new Map([
  ['tools/list', { kind: 'tools', use: USE_OF.tools }],
  ['resources/list', { kind: 'resources', use: USE_OF.resources }],
  ['resources/templates/list', { kind: 'resourceTemplates', use: USE_OF.resourceTemplates }],
  ['prompts/list', { kind: 'prompts', use: USE_OF.prompts }],
]);
