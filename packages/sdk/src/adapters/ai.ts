import type { AegisRuntime } from '../runtime.ts';
import { ActionRefusedError, type GovernOptions, governedCall } from './governed-call.ts';

export { ActionRefusedError, type GovernOptions };

/** A tool of the Vercel AI SDK, as far as it is looked at. */
interface AiTool {
  readonly execute?: ((input: never, options: never) => unknown) | undefined;
}

/**
 * The tools of the Vercel AI SDK, governed: `generateText({ tools: governed(tools, runtime) })`. A tool
 * without `execute` is carried out by whoever gets the call, and stays as it is.
 */
export function governed<T extends Readonly<Record<string, AiTool>>>(
  tools: T,
  runtime: AegisRuntime,
  options: GovernOptions = {},
): T {
  const entries = Object.entries(tools).map(([name, tool]) => {
    const { execute } = tool;
    if (execute === undefined) return [name, tool];
    const run = execute as (input: unknown, options: unknown) => unknown;
    const execution = (input: unknown, more: unknown) =>
      governedCall(runtime, name, input, (params) => run.call(tool, params, more), options);
    return [name, { ...tool, execute: execution }];
  });
  return Object.fromEntries(entries) as T;
}
