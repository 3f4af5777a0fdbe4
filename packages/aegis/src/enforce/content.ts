import { isJsonObject, type ReceiptDefinition } from '@aegis/core';
import type { KernelPorts } from './ruleset.ts';

/**
 * Asks the server that defines a receipt what the content is now. Undefined when it does not say,
 * and then no receipt covers it. The tool asked has read capabilities only: the manifest reader
 * refuses any other.
 */
export async function readContent(
  ports: KernelPorts,
  definition: ReceiptDefinition,
  subject: string,
  limits: { readonly timeoutMs: number; readonly maxOutputBytes: number },
): Promise<string | undefined> {
  const { server } = definition;
  const upstream = ports.upstream(server);
  // SECURITY: a tool that is not what was accepted says nothing that a receipt can rest on.
  const known = ports.definition({ kind: 'tool', server, name: definition.content.tool });
  if (upstream === undefined || (known !== undefined && known !== 'pinned')) return undefined;
  const reply = await upstream
    .request(
      'tools/call',
      { name: definition.content.tool, arguments: { [definition.subject]: subject } },
      { timeoutMs: limits.timeoutMs, maxOutputBytes: limits.maxOutputBytes },
    )
    .catch(() => undefined);
  if (reply?.kind !== 'result' || reply.result['isError'] === true) return undefined;
  const structured = reply.result['structuredContent'];
  if (!isJsonObject(structured)) return undefined;
  const digest = structured[definition.content.field];
  return typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}
