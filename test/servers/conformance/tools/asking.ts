import {
  type ElicitInputParams,
  inputRequired,
  inputResponse,
  type McpServer,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from '../result.ts';
import { CHOICES_FORM, DEFAULTS_FORM } from './forms.ts';
import { askModel, modelAnswer } from './questions.ts';

const ACCOUNT_FORM = z.object({ username: z.string(), email: z.string() });

/**
 * Tools that ask the client once. They are written once for both eras: what they ask goes out inside
 * the result since 2026-07-28, and as a request of the server before.
 */
export function registerAskingTools(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'asks the model of the client', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => {
      const answer = modelAnswer(context, 'answer');
      return answer === undefined
        ? inputRequired({ inputRequests: { answer: askModel(prompt) } })
        : text(`LLM response: ${answer}`);
    },
  );
  server.registerTool('test_missing_capability', { description: 'needs a client that samples' }, (context) =>
    modelAnswer(context, 'answer') === undefined
      ? inputRequired({ inputRequests: { answer: askModel('Answer with one word.', 16) } })
      : text('the client samples'),
  );
  server.registerTool(
    'test_elicitation',
    { description: 'asks the user for an account', inputSchema: z.object({ message: z.string() }) },
    ({ message }, { mcpReq }) => askUser('User response', { message, requestedSchema: ACCOUNT_FORM }, mcpReq),
  );
  server.registerTool(
    'test_elicitation_sep1034_defaults',
    { description: 'asks the user with a form of defaults' },
    ({ mcpReq }) =>
      askUser('Elicitation completed', { message: 'Please review', requestedSchema: DEFAULTS_FORM }, mcpReq),
  );
  server.registerTool(
    'test_elicitation_sep1330_enums',
    { description: 'asks the user with a form of choices' },
    ({ mcpReq }) =>
      askUser('Elicitation completed', { message: 'Please choose', requestedSchema: CHOICES_FORM }, mcpReq),
  );
}

/** Asks with a form, and reports what the user did with it. */
function askUser(
  report: string,
  form: ElicitInputParams,
  { inputResponses }: { readonly inputResponses?: Record<string, unknown> },
) {
  const response = inputResponse(inputResponses, 'form');
  if (response.kind !== 'elicit')
    return inputRequired({ inputRequests: { form: inputRequired.elicit(form) } });
  return text(`${report}: action=${response.action}, content=${JSON.stringify(response.content ?? {})}`);
}
