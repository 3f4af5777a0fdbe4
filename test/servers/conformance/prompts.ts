import {
  acceptedContent,
  completable,
  type GetPromptResult,
  inputRequired,
  type McpServer,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { PNG } from './media.ts';

type Content = GetPromptResult['messages'][number]['content'];

const CONTEXT_FORM = z.object({ context: z.string() });
const WORDS = ['test', 'testing', 'testament', 'park', 'paris', 'party'];

export function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'takes nothing' }, () =>
    messages({ type: 'text', text: 'This is a simple prompt for testing.' }),
  );
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'takes two arguments and completes them',
      argsSchema: z.object({
        arg1: completable(z.string(), complete),
        arg2: completable(z.string(), complete),
      }),
    },
    ({ arg1, arg2 }) =>
      messages({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'carries a resource', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) =>
      messages(
        {
          type: 'resource',
          resource: {
            uri: resourceUri,
            mimeType: 'text/plain',
            text: 'Embedded resource content for testing.',
          },
        },
        { type: 'text', text: 'Please process the embedded resource above.' },
      ),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'carries an image' }, () =>
    messages(
      { type: 'image', data: PNG, mimeType: 'image/png' },
      { type: 'text', text: 'Please analyze the image above.' },
    ),
  );
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'needs a context from the user', argsSchema: z.object({}) },
    (_, { mcpReq }) => {
      const form = acceptedContent(mcpReq.inputResponses, 'user_context', CONTEXT_FORM);
      if (form !== undefined) return messages({ type: 'text', text: `The context is ${form.context}` });
      const message = 'What context should the prompt use?';
      return inputRequired({
        inputRequests: { user_context: inputRequired.elicit({ message, requestedSchema: CONTEXT_FORM }) },
      });
    },
  );
}

function messages(...contents: readonly Content[]): GetPromptResult {
  return { messages: contents.map((content) => ({ role: 'user', content })) };
}

function complete(begun: string | undefined): string[] {
  return WORDS.filter((word) => word.startsWith(begun ?? ''));
}
