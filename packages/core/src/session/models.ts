import type { Payload } from '../ledger/payloads.ts';
import type { Envelope } from '../model/event.ts';
import { MAX_MODELS, type ModelUsage, type Snapshot } from './snapshot.ts';

/** Model calls that are under way and whose model is remembered. */
const MAX_OPEN = 64;

/** How a model is called that nobody named, or that is one of too many. */
const UNNAMED = 'unknown';

type Models = Pick<Snapshot, 'modelCalls' | 'openModels' | 'modelUsage'>;

/** What is known of calls of models once one more has begun. A call is counted when it begins. */
export function foldModelStart(
  { modelCalls, openModels, modelUsage }: Snapshot,
  { payload }: Envelope,
): Models {
  const { model_call_id: id, model } = payload as Payload<'MODEL_CALL_STARTED'>;
  return {
    modelCalls: modelCalls + 1,
    openModels: [...openModels.slice(1 - MAX_OPEN), { id, model }],
    modelUsage,
  };
}

/** The same once one has ended. One whose begin was not reported is counted here. */
export function foldModelEnd(
  { modelCalls, openModels, modelUsage }: Snapshot,
  { payload }: Envelope,
): Models {
  const said = payload as Payload<'MODEL_CALL_FINISHED'>;
  const { model_call_id: id, input_tokens: inputTokens = 0, output_tokens: outputTokens = 0 } = said;
  const begun = openModels.find((call) => call.id === id);
  return {
    modelCalls: begun === undefined ? modelCalls + 1 : modelCalls,
    openModels: openModels.filter((call) => call !== begun),
    modelUsage: withTokens(modelUsage, { model: begun?.model ?? UNNAMED, inputTokens, outputTokens }),
  };
}

function withTokens(usage: readonly ModelUsage[], more: ModelUsage): readonly ModelUsage[] {
  const known = usage.some(({ model }) => model === more.model);
  if (!known && usage.length < MAX_MODELS) return [...usage, more];
  const model = known ? more.model : UNNAMED;
  if (!usage.some((one) => one.model === model)) return [...usage, { ...more, model }];
  return usage.map((one) =>
    one.model === model
      ? {
          model,
          inputTokens: one.inputTokens + more.inputTokens,
          outputTokens: one.outputTokens + more.outputTokens,
        }
      : one,
  );
}
