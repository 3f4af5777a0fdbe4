import type { Questions } from '../question.ts';

/** The graph is empty before and after. */
export const MEMORY_QUESTIONS: Questions = {
  initialize: { method: 'initialize' },
  'tools/list': { method: 'tools/list' },
  'resources/list': { method: 'resources/list' },
  entities: call('create_entities', {
    entities: [
      { name: 'Ada', entityType: 'person', observations: ['wrote the first program', 'ünïcode 😀'] },
      { name: 'Engine', entityType: 'machine', observations: [] },
    ],
  }),
  relations: call('create_relations', {
    relations: [{ from: 'Ada', to: 'Engine', relationType: 'programs' }],
  }),
  observations: call('add_observations', {
    observations: [{ entityName: 'Engine', contents: ['was never finished'] }],
  }),
  'an observation of nobody': call('add_observations', {
    observations: [{ entityName: 'Nobody', contents: ['is not there'] }],
  }),
  'the graph': call('read_graph', {}),
  'the graph as a resource': { method: 'resources/read', uri: 'memory://knowledge-graph' },
  'a search': call('search_nodes', { query: 'program' }),
  'opened nodes': call('open_nodes', { names: ['Engine'] }),
  'a forgotten observation': call('delete_observations', {
    deletions: [{ entityName: 'Engine', observations: ['was never finished'] }],
  }),
  'a forgotten relation': call('delete_relations', {
    relations: [{ from: 'Ada', to: 'Engine', relationType: 'programs' }],
  }),
  'forgotten entities': call('delete_entities', { entityNames: ['Ada', 'Engine'] }),
  'the empty graph': call('read_graph', {}),
  'a wrong argument': call('create_entities', { entities: 'Ada' }),
};

function call(name: string, args: Readonly<Record<string, unknown>>) {
  return { method: 'tools/call', name, arguments: args } as const;
}
