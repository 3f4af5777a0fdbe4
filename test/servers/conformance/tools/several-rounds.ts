import {
  acceptedContent,
  inputRequired,
  type McpServer,
  type RequestStateCodec,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from '../result.ts';
import type { RoundState } from '../world.ts';
import { askModel, askName, modelAnswer, NAME_FORM, rootUris } from './questions.ts';

const CONFIRMATION_FORM = z.object({ ok: z.boolean() });
const COLOR_FORM = z.object({ color: z.string() });

/** Tools that keep a sealed state between their rounds (SEP-2322); the server verifies it before they run. */
export function registerSeveralRoundTools(server: McpServer, states: RequestStateCodec<RoundState>): void {
  for (const name of [
    'test_input_required_result_request_state',
    'test_input_required_result_tampered_state',
  ]) {
    server.registerTool(
      name,
      { description: 'needs a confirmation, and its own state back' },
      async ({ mcpReq }) => {
        const state = mcpReq.requestState<RoundState>();
        const form = acceptedContent(mcpReq.inputResponses, 'confirm', CONFIRMATION_FORM);
        if (state !== undefined && form !== undefined) return text('state-ok');
        const confirm = inputRequired.elicit({
          message: 'Please confirm',
          requestedSchema: CONFIRMATION_FORM,
        });
        return inputRequired({
          inputRequests: { confirm },
          requestState: await states.mint({ answered: 0 }),
        });
      },
    );
  }

  server.registerTool(
    'test_input_required_result_multiple_inputs',
    { description: 'needs the user, the model and the roots at once' },
    async (context) => {
      const form = acceptedContent(context.mcpReq.inputResponses, 'user_name', NAME_FORM);
      const greeting = modelAnswer(context, 'greeting');
      const uris = rootUris(context, 'client_roots');
      if (form !== undefined && greeting !== undefined && uris !== undefined) {
        return text(`${greeting} ${form.name}, at home in ${uris.join(', ')}`);
      }
      return inputRequired({
        inputRequests: {
          user_name: askName(),
          greeting: askModel('Generate a greeting', 50),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await states.mint({ answered: 0 }),
      });
    },
  );

  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'needs a name, and then a color' },
    async ({ mcpReq }) => {
      const { name: known, answered = 0 } = mcpReq.requestState<RoundState>() ?? {};
      const name = known ?? acceptedContent(mcpReq.inputResponses, 'step1', NAME_FORM)?.name;
      if (name === undefined) {
        return inputRequired({
          inputRequests: { step1: askName('Step 1: What is your name?') },
          requestState: await states.mint({ answered }),
        });
      }
      const form = acceptedContent(mcpReq.inputResponses, 'step2', COLOR_FORM);
      if (form !== undefined) return text(`${name} likes ${form.color}`);
      const message = 'Step 2: What is your favorite color?';
      return inputRequired({
        inputRequests: { step2: inputRequired.elicit({ message, requestedSchema: COLOR_FORM }) },
        requestState: await states.mint({ answered: answered + 1, name }),
      });
    },
  );
}
