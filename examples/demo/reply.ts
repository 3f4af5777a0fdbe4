import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';

const denial = z.object({ code: z.string(), rule: z.string().optional(), message: z.string() });

/** Why Aegis refused a call, as the agent is told. */
export type Denial = z.infer<typeof denial>;

/** What came back from one tool call. */
export interface Reply {
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
  readonly denial: Denial | undefined;
  /** The tool itself failed. */
  readonly failed: boolean;
}

export function readReply(result: unknown): Reply {
  const { content, structuredContent, isError } = CallToolResultSchema.parse(result);
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  const structured = structuredContent ?? {};
  const refused = isError === true ? denial.safeParse(structured) : undefined;
  return {
    text,
    structured,
    denial: refused?.success === true ? refused.data : undefined,
    failed: isError === true && refused?.success !== true,
  };
}
