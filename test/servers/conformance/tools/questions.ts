import {
  type InputRequest,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

/** A form for whoever has a name. */
export const NAME_FORM = z.object({ name: z.string() });

export function askName(message = 'What is your name?'): InputRequest {
  return inputRequired.elicit({ message, requestedSchema: NAME_FORM });
}

export function askModel(prompt: string, maxTokens = 100): InputRequest {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens,
  });
}

/** What the model said under `key`, once it was asked. */
export function modelAnswer({ mcpReq }: ServerContext, key: string): string | undefined {
  const response = inputResponse(mcpReq.inputResponses, key);
  if (response.kind !== 'sampling') return undefined;
  const blocks = [response.result.content].flat();
  return blocks.map((block) => (block.type === 'text' ? block.text : `(${block.type})`)).join(' ');
}

/** The roots of the client under `key`, once they were asked for. */
export function rootUris({ mcpReq }: ServerContext, key: string): readonly string[] | undefined {
  const response = inputResponse(mcpReq.inputResponses, key);
  return response.kind === 'roots' ? response.roots.map(({ uri }) => uri) : undefined;
}
