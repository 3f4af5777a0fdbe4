import type { ListKind } from '../upstream/server.ts';

/** The list methods: what each lists, and the method whose permission makes an item visible. */
export const LISTED: ReadonlyMap<string, { readonly kind: ListKind; readonly use: string }> = new Map([
  ['tools/list', { kind: 'tools', use: 'tools/call' }],
  ['resources/list', { kind: 'resources', use: 'resources/read' }],
  ['resources/templates/list', { kind: 'resourceTemplates', use: 'resources/read' }],
  ['prompts/list', { kind: 'prompts', use: 'prompts/get' }],
]);
