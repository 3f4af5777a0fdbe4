import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** A tool result that says the same twice: as text for old clients, as `structuredContent` for new ones. */
export function answer(structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
}
