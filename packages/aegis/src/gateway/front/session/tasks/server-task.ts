import { isJsonObject, type JsonValue } from '@aegis/core';
import type { UpstreamLink } from '../../../upstream/server.ts';

const STATUSES = ['working', 'input_required', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof STATUSES)[number];

/** Whether a task has come to its end (MCP 2025-11-25, tasks, "Task Status Lifecycle"). */
export function isTerminal(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A task as its server tells of it. */
export interface ServerTask {
  readonly id: string;
  readonly status: TaskStatus;
  readonly message?: string;
  /** How long the server keeps it; undefined when it does not say, or for ever. */
  readonly ttlMs?: number;
  readonly pollMs?: number;
}

const MAX_ID_CHARS = 1024;
const MAX_MESSAGE_CHARS = 1_000;

/** Undefined for what is no task. */
export function readServerTask(value: JsonValue | undefined): ServerTask | undefined {
  if (!isJsonObject(value)) return undefined;
  const { taskId, status, statusMessage, ttl, pollInterval } = value;
  const known = STATUSES.find((one) => one === status);
  if (typeof taskId !== 'string' || taskId.length > MAX_ID_CHARS || known === undefined) return undefined;
  return {
    id: taskId,
    status: known,
    ...(typeof statusMessage === 'string'
      ? { message: statusMessage.slice(0, MAX_MESSAGE_CHARS).toWellFormed() }
      : {}),
    ...(isDuration(ttl) ? { ttlMs: ttl } : {}),
    ...(isDuration(pollInterval) ? { pollMs: pollInterval } : {}),
  };
}

export function isDuration(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

const claimed = new WeakMap<UpstreamLink, Set<string>>();

/**
 * Takes a server's id of a task for one call, and gives back how to let it go. Undefined when a call of this
 * line has it.
 *
 * SECURITY: a server that names two tasks alike would give one client the result of another.
 */
export function claimTask(link: UpstreamLink, id: string): (() => void) | undefined {
  const ids = claimed.get(link) ?? new Set<string>();
  claimed.set(link, ids);
  if (ids.has(id)) return undefined;
  ids.add(id);
  return () => ids.delete(id);
}
