import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { isSince, type SessionRevision } from '../../revision.ts';
import type { ListKind } from '../../upstream/server.ts';

/**
 * What servers say, as the revision of a client knows it: members that a revision does not have are left
 * out, and content that it does not have is told in words. The ledger holds what the server said.
 */
export interface RevisionForm {
  definition(kind: ListKind, definition: JsonObject): JsonObject;
  result(method: string, result: JsonObject): JsonObject;
}

/** Members of definitions, and the revision that brought each. */
const SINCE: readonly (readonly [member: string, since: SessionRevision, kinds: readonly ListKind[]])[] = [
  ['annotations', '2025-03-26', ['tools']],
  ['title', '2025-06-18', ['tools', 'resources', 'resourceTemplates', 'prompts']],
  ['_meta', '2025-06-18', ['tools', 'resources', 'resourceTemplates', 'prompts']],
  ['outputSchema', '2025-06-18', ['tools']],
  ['execution', '2025-11-25', ['tools']],
  ['icons', '2025-11-25', ['tools', 'resources', 'resourceTemplates', 'prompts']],
];

export function formOf(revision: SessionRevision): RevisionForm {
  const unknown = (kind: ListKind): readonly string[] =>
    SINCE.filter(([, since, kinds]) => kinds.includes(kind) && !isSince(revision, since)).map(
      ([member]) => member,
    );
  const left: Readonly<Record<ListKind, readonly string[]>> = {
    tools: unknown('tools'),
    resources: unknown('resources'),
    resourceTemplates: unknown('resourceTemplates'),
    prompts: unknown('prompts'),
  };
  const structured = isSince(revision, '2025-06-18');
  const audio = isSince(revision, '2025-03-26');
  return {
    definition: (kind, definition) => sessionDefinition(without(definition, left[kind])),
    result: (method, result) => {
      const form = sessionResult(method, result);
      if (structured) return form;
      if (method === 'tools/call') return inContent(withoutStructure(form), audio);
      return method === 'prompts/get' ? inMessages(form, audio) : form;
    },
  };
}

/** Since 2026-07-28 an output schema may describe any value; clients of sessions refuse what is no object. */
function sessionDefinition(definition: JsonObject): JsonObject {
  const { outputSchema } = definition;
  if (outputSchema === undefined || (isJsonObject(outputSchema) && outputSchema['type'] === 'object')) {
    return definition;
  }
  return without(definition, ['outputSchema']);
}

/** Since 2026-07-28 results have a type and hints for caches, and structured content may be any value. */
function sessionResult(method: string, result: JsonObject): JsonObject {
  const { structuredContent, resultType, ttlMs, cacheScope } = result;
  const modern = resultType ?? ttlMs ?? cacheScope;
  const form = modern === undefined ? result : without(result, ['resultType', 'ttlMs', 'cacheScope']);
  return method !== 'tools/call' || structuredContent === undefined || isJsonObject(structuredContent)
    ? form
    : withoutStructure(form);
}

/** Structured content is given as text too, as servers are told to; where one does not, it is said here. */
function withoutStructure(result: JsonObject): JsonObject {
  const { structuredContent, ...rest } = result;
  if (structuredContent === undefined) return result;
  const { content } = rest;
  return Array.isArray(content) && content.length > 0
    ? rest
    : { ...rest, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] };
}

function inContent(result: JsonObject, audio: boolean): JsonObject {
  const { content } = result;
  if (!Array.isArray(content)) return result;
  return { ...result, content: content.map((block: JsonValue) => inWords(block, audio)) };
}

function inMessages(result: JsonObject, audio: boolean): JsonObject {
  const { messages } = result;
  if (!Array.isArray(messages)) return result;
  return { ...result, messages: messages.map((message: JsonValue) => inMessage(message, audio)) };
}

function inMessage(message: JsonValue, audio: boolean): JsonValue {
  if (!isJsonObject(message)) return message;
  const { content } = message;
  return content === undefined ? message : { ...message, content: inWords(content, audio) };
}

/** A link keeps its name and address; sound cannot be told, and only what it is remains. */
function inWords(block: JsonValue, audio: boolean): JsonValue {
  if (!isJsonObject(block)) return block;
  const { type, name, uri, mimeType } = block;
  if (type === 'resource_link') return { type: 'text', text: `${String(name)}: ${String(uri)}` };
  if (type === 'audio' && !audio) return { type: 'text', text: `audio (${String(mimeType)})` };
  return block;
}

function without(object: JsonObject, members: readonly string[]): JsonObject {
  return members.some((member) => member in object)
    ? Object.fromEntries(Object.entries(object).filter(([member]) => !members.includes(member)))
    : object;
}
