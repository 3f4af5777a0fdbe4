import { isJsonObject, type JsonObject } from '@aegis/core';
import type { UpstreamReply } from '../../../ports.ts';
import { INTERNAL_ERROR } from '../../jsonrpc.ts';

/** MCP 2025-11-25: the user must open pages before the request can be sent again. */
const URL_ELICITATION_REQUIRED = -32042;

const MAX_PAGES = 16;

/**
 * Judges an error that sends the user to pages, each page like any other question to the client: `judge`
 * gives an error for one that may not be shown. Every other reply is given back as it is.
 *
 * SECURITY: the error is told as it came when all of its pages may be shown, and without any otherwise.
 */
export async function judgedPages(
  reply: UpstreamReply,
  judge: (page: JsonObject) => Promise<UpstreamReply>,
): Promise<UpstreamReply> {
  if (reply.kind === 'result' || reply.code !== URL_ELICITATION_REQUIRED) return reply;
  const pages = pagesOf(reply.data);
  if (pages === undefined) return WITHHELD;
  const verdicts = await Promise.all(pages.map((page) => judge(page)));
  if (verdicts.some(({ kind }) => kind === 'error')) return WITHHELD;
  return { ...reply, data: { elicitations: pages } };
}

/** The pages that a reply sends the user to, once they have been judged. */
export function pagesIn(reply: UpstreamReply): readonly JsonObject[] {
  return reply.kind === 'error' && reply.code === URL_ELICITATION_REQUIRED ? (pagesOf(reply.data) ?? []) : [];
}

const WITHHELD: UpstreamReply = {
  kind: 'error',
  code: INTERNAL_ERROR,
  message: 'the server needs the user to open a page that may not be shown',
};

/** The pages as they are described; undefined when one is described as something else. */
function pagesOf(data: unknown): readonly JsonObject[] | undefined {
  const elicitations = isJsonObject(data) ? data['elicitations'] : undefined;
  if (!Array.isArray(elicitations) || elicitations.length === 0 || elicitations.length > MAX_PAGES) {
    return undefined;
  }
  const pages: JsonObject[] = [];
  for (const elicitation of elicitations as unknown[]) {
    if (!isJsonObject(elicitation)) return undefined;
    const { mode, url, message, elicitationId } = elicitation;
    const isPage = mode === 'url' && [url, message, elicitationId].every((text) => typeof text === 'string');
    if (!isPage) return undefined;
    pages.push(elicitation);
  }
  return pages;
}
