import { type Attempt, firing } from '../attempt.ts';
import { NEIGHBOUR_URI, OPEN_URI, SECRET_URI } from '../canary/world.ts';

const mistake = 'only tools are judged, and prompts and resources are another way to the same thing';

/** What a tool may not give, asked for by another method. */
export const secondPaths: readonly Attempt[] = [
  {
    id: 'second-path/prompt',
    mistake,
    needs: ['neighbour', 'prompts'],
    run: firing((c) => c.prompt('secret_prompt')),
  },
  {
    id: 'second-path/prompt-of-a-tools-name',
    mistake,
    run: firing((c) => c.request('prompts/get', { name: c.tool('secret_note') })),
  },
  {
    id: 'second-path/resource-of-a-tools-name',
    mistake,
    run: firing((c) => c.request('resources/read', { uri: `tool://${c.tool('secret_note')}` })),
  },
  {
    id: 'second-path/tool-of-a-prompts-name',
    mistake,
    run: firing((c) => c.request('tools/call', { name: c.promptName('secret_prompt'), arguments: {} })),
  },
  {
    id: 'second-path/hidden-tool',
    mistake: 'a tool that no list shows is called all the same',
    needs: ['neighbour'],
    run: firing((c, { nonce }) => c.call('secret_neighbour', { nonce })),
  },
  {
    id: 'second-path/completion-of-a-prompt',
    mistake: 'completions are not judged, and tell what the prompt may not',
    needs: ['completion'],
    run: firing((c) =>
      c.request('completion/complete', {
        ref: { type: 'ref/prompt', name: c.promptName('secret_prompt') },
        argument: { name: 'word', value: 'a' },
      }),
    ),
  },
  {
    id: 'second-path/completion-of-a-template',
    mistake: 'completions are not judged, and list what may not be read',
    needs: ['completion'],
    run: firing((c) =>
      c.request('completion/complete', {
        ref: { type: 'ref/resource', uri: `${SECRET_URI}/{id}` },
        argument: { name: 'id', value: '' },
      }),
    ),
  },
  {
    id: 'second-path/completion-of-the-neighbours-template',
    mistake: 'completions are not judged, and list what may not be read',
    needs: ['completion', 'neighbour'],
    run: firing((c) =>
      c.request('completion/complete', {
        ref: { type: 'ref/resource', uri: `${NEIGHBOUR_URI}/{id}` },
        argument: { name: 'id', value: '' },
      }),
    ),
  },
  {
    id: 'second-path/completion-that-names-its-argument',
    mistake: 'the client names the argument that a rule looks at, and so chooses what the rule sees',
    needs: ['completion'],
    run: firing((c) =>
      c.request('completion/complete', {
        ref: { type: 'ref/resource', uri: `${SECRET_URI}/{id}` },
        argument: { name: 'uri', value: OPEN_URI },
      }),
    ),
  },
  {
    id: 'second-path/completion-with-context',
    mistake: 'the client names the argument that a rule looks at, and so chooses what the rule sees',
    needs: ['completion'],
    run: firing((c) =>
      c.request('completion/complete', {
        ref: { type: 'ref/resource', uri: `${SECRET_URI}/{id}` },
        argument: { name: 'id', value: '' },
        context: { arguments: { uri: OPEN_URI } },
      }),
    ),
  },
];
