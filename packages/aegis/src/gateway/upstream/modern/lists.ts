import { isJsonObject, type JsonObject } from '@aegis/core';
import type { ListKind } from '../server.ts';

/** The lists whose changes a server can be asked to tell of, as the filter names them. */
export type ListFilter = 'toolsListChanged' | 'promptsListChanged' | 'resourcesListChanged';

interface FilteredList {
  readonly filter: ListFilter;
  /** The capability that says whether its changes are told. */
  readonly capability: string;
  readonly kinds: readonly ListKind[];
}

const LISTS: readonly FilteredList[] = [
  { filter: 'toolsListChanged', capability: 'tools', kinds: ['tools'] },
  { filter: 'promptsListChanged', capability: 'prompts', kinds: ['prompts'] },
  {
    filter: 'resourcesListChanged',
    capability: 'resources',
    kinds: ['resources', 'resourceTemplates'],
  },
];

/** The lists of which a server with these capabilities tells that they changed. */
export function toldLists(capabilities: JsonObject): readonly ListFilter[] {
  return LISTS.filter(({ capability }) => {
    const declared = capabilities[capability];
    return isJsonObject(declared) && declared['listChanged'] === true;
  }).map(({ filter }) => filter);
}

export function kindsOf(filters: readonly ListFilter[]): readonly ListKind[] {
  return LISTS.flatMap(({ filter, kinds }) => (filters.includes(filter) ? kinds : []));
}
