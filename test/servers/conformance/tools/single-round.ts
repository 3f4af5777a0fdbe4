import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequests,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { text } from '../result.ts';
import { askModel, askName, modelAnswer, NAME_FORM, rootUris } from './questions.ts';

/** Tools that need one more round before they answer, and keep nothing between the rounds (SEP-2322). */
export function registerSingleRoundTools(server: McpServer): void {
  server.registerTool(
    'test_input_required_result_elicitation',
    { description: 'needs a name from the user' },
    ({ mcpReq }) => {
      const form = acceptedContent(mcpReq.inputResponses, 'user_name', NAME_FORM);
      return form === undefined
        ? inputRequired({ inputRequests: { user_name: askName() } })
        : text(`Hello, ${form.name}!`);
    },
  );
  server.registerTool(
    'test_input_required_result_sampling',
    { description: 'needs an answer from the model' },
    (context) => {
      const answer = modelAnswer(context, 'capital_question');
      return answer === undefined
        ? inputRequired({ inputRequests: { capital_question: askModel('What is the capital of France?') } })
        : text(answer);
    },
  );
  server.registerTool(
    'test_input_required_result_list_roots',
    { description: 'needs the roots of the client' },
    (context) => {
      const uris = rootUris(context, 'client_roots');
      return uris === undefined
        ? inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
        : text(`the roots are ${uris.join(', ')}`);
    },
  );
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'asks for whatever the client declares' },
    ({ mcpReq }) => {
      if (mcpReq.inputResponses !== undefined) return text('everything was answered');
      const declared = declaredIn(mcpReq) ?? server.server.getClientCapabilities() ?? {};
      const inputRequests: InputRequests = {
        ...(declared.elicitation === undefined ? {} : { user_name: askName() }),
        ...(declared.sampling === undefined ? {} : { greeting: askModel('Generate a greeting', 50) }),
        ...(declared.roots === undefined ? {} : { client_roots: inputRequired.listRoots() }),
      };
      return Object.keys(inputRequests).length === 0
        ? text('there is nothing that the client could be asked')
        : inputRequired({ inputRequests });
    },
  );
}

/** What the client declares with the request itself, since 2026-07-28; the library leaves it untyped. */
function declaredIn({ envelope }: ServerContext['mcpReq']): ClientCapabilities | undefined {
  return (envelope as Readonly<Record<string, ClientCapabilities>> | undefined)?.[
    CLIENT_CAPABILITIES_META_KEY
  ];
}
