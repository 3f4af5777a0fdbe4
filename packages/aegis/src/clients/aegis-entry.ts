import { basename } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { McpClient } from './client.ts';

/** How a client starts `aegis mcp`. */
export interface AegisRun {
  readonly command: string;
  readonly args: readonly string[];
}

/** Longer than Aegis waits for its own servers, in seconds; Codex gives up after 10 by itself. */
const CODEX_STARTUP_SECONDS = 30;

/** The entry that takes the place of a client's servers. */
export function aegisEntry(
  client: McpClient,
  { command, args }: AegisRun,
  forwards: Readonly<Record<string, string>>,
  inherits: readonly string[],
): JsonObject {
  return {
    ...(client.typed ? { type: 'stdio' } : {}),
    command,
    args,
    ...(inherits.length > 0 ? { env_vars: inherits } : {}),
    ...(client.format === 'toml' ? { startup_timeout_sec: CODEX_STARTUP_SECONDS } : {}),
    ...(Object.keys(forwards).length > 0 ? { env: forwards } : {}),
  };
}

/** Whether an entry starts Aegis: the gateway, or one server wrapped by it. */
export function runsAegis(entry: JsonValue): boolean {
  if (!isJsonObject(entry)) return false;
  const { command, args } = entry;
  const words = [command, ...(Array.isArray(args) ? (args as readonly JsonValue[]) : [])].map(String);
  const at = words.findIndex((word) =>
    /^aegis(?:\.js|\.cmd|\.exe)?$/.test(basename(word.replaceAll('\\', '/'))),
  );
  return at >= 0 && at <= 1 && words[at + 1] === 'mcp';
}
