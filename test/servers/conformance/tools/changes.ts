import type { McpServer, RegisteredPrompt, RegisteredTool } from '@modelcontextprotocol/server';
import type { Change, ChangingLists } from '../changing-lists.ts';
import { text } from '../result.ts';

const TRIGGERS: Readonly<Record<string, { readonly description: string; readonly change: Change }>> = {
  test_trigger_tool_change: { description: 'changes the list of tools', change: { kind: 'tools' } },
  test_trigger_prompt_change: { description: 'changes the list of prompts', change: { kind: 'prompts' } },
  test_trigger_resource_change: {
    description: 'changes the watched resource',
    change: { kind: 'resource', uri: 'test://watched-resource' },
  },
};

/** What comes and goes with the changes. */
export interface Occasional {
  readonly tools: RegisteredTool;
  readonly prompts: RegisteredPrompt;
}

/** Tools that change something, and the tool and the prompt that come and go. */
export function registerChanges(server: McpServer, lists: ChangingLists): Occasional {
  for (const [name, { description, change }] of Object.entries(TRIGGERS)) {
    server.registerTool(name, { description }, () => {
      lists.change(change);
      return text('it has changed');
    });
  }
  const tools = server.registerTool('test_occasional_tool', { description: 'comes and goes' }, () =>
    text('here for now'),
  );
  const prompts = server.registerPrompt('test_occasional_prompt', { description: 'comes and goes' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'here for now' } }],
  }));
  if (!lists.shows('tools')) tools.disable();
  if (!lists.shows('prompts')) prompts.disable();
  return { tools, prompts };
}
