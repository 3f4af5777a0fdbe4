import { isJsonObject, type JsonObject } from '@aegis/core';
import { META_KEYS } from '../../upstream/modern/request.ts';
import { HANDOFF_META } from '../session/initialize.ts';
import { LOG_LEVELS, type LogLevel, readLogLevel } from '../log-level.ts';

/** What a request says of itself and of its client, in its `_meta` (MCP 2026-07-28, basic, `_meta`). */
export interface RequestMeta {
  readonly revision: string;
  /** What the client declares that it can be asked, of what MCP knows; nothing else of it goes on. */
  readonly declared: JsonObject;
  /** `name/version` as the client calls itself; recorded, never believed. */
  readonly client: string | undefined;
  /** The least severe log messages that are wanted; none without it. */
  readonly logLevel: LogLevel | undefined;
  /** The handoff token that it brings. */
  readonly handoff: string | undefined;
}

const MAX_CLIENT_CHARS = 120;
const MAX_REVISION_CHARS = 64;

/** The problem, where the request is malformed. */
export function readRequestMeta({ _meta: meta }: JsonObject): RequestMeta | { readonly problem: string } {
  if (!isJsonObject(meta)) return { problem: '`_meta` must be an object' };
  const revision = meta[META_KEYS.protocolVersion];
  if (typeof revision !== 'string' || revision.length > MAX_REVISION_CHARS) {
    return { problem: `\`_meta\` needs \`${META_KEYS.protocolVersion}\`` };
  }
  const capabilities = meta[META_KEYS.clientCapabilities];
  if (!isJsonObject(capabilities)) {
    return { problem: `\`_meta\` needs \`${META_KEYS.clientCapabilities}\`` };
  }
  const wanted = meta[META_KEYS.logLevel];
  const logLevel = readLogLevel(wanted);
  if (wanted !== undefined && logLevel === undefined) {
    return { problem: `\`${META_KEYS.logLevel}\` must be one of ${LOG_LEVELS.join(', ')}` };
  }
  const handoff = meta[HANDOFF_META];
  if (handoff !== undefined && typeof handoff !== 'string') {
    return { problem: `\`${HANDOFF_META}\` must be a text` };
  }
  return {
    revision,
    declared: declaredBy(capabilities),
    client: clientOf(meta[META_KEYS.clientInfo]),
    logLevel,
    handoff,
  };
}

const DECLARABLE: Readonly<Record<string, readonly string[]>> = {
  roots: [],
  sampling: ['tools', 'context'],
  elicitation: ['form', 'url'],
};

function declaredBy(capabilities: JsonObject): JsonObject {
  const declared = Object.entries(DECLARABLE).flatMap(([name, members]) => {
    const capability = capabilities[name];
    if (!isJsonObject(capability)) return [];
    const kept = Object.entries(capability).filter(([member]) => members.includes(member));
    return [[name, Object.fromEntries(kept)] as const];
  });
  return Object.fromEntries(declared);
}

function clientOf(info: unknown): string | undefined {
  if (!isJsonObject(info)) return undefined;
  const { name, version } = info;
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  return `${name}/${version}`.slice(0, MAX_CLIENT_CHARS);
}
