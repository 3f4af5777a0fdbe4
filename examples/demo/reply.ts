import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';

/** Where a refused call's result says so for programs. */
const DENIAL_META = 'aegis/denial';

const denialSchema = z.object({ code: z.string(), rule: z.string().optional(), message: z.string() });

/** Why Aegis refused a call, as the agent is told. */
export type Denial = z.infer<typeof denialSchema>;

/** What came back from one tool call. */
export interface Reply {
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
  readonly denial: Denial | undefined;
  /** The tool itself failed. */
  readonly failed: boolean;
}

export function readReply(result: unknown): Reply {
  const { content, structuredContent, isError = false, _meta } = CallToolResultSchema.parse(result);
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  const denial = isError ? denialSchema.safeParse(_meta?.[DENIAL_META]).data : undefined;
  return { text, structured: structuredContent ?? {}, denial, failed: isError && denial === undefined };
}
