import type { Resource } from './request.ts';

/** What a server can ask of a client: as requests of its own until 2025-11-25, inside results since 2026-07-28. */
export const CLIENT_REQUESTS = ['sampling/createMessage', 'elicitation/create', 'roots/list'] as const;
export type ClientRequest = (typeof CLIENT_REQUESTS)[number];

export function isClientRequest(method: string): method is ClientRequest {
  return CLIENT_REQUESTS.some((known) => known === method);
}

/**
 * The method whose permission another method shares: whoever may read a resource may follow it and
 * complete its URI, and whoever may not can do neither. Undefined for a method that stands alone.
 */
export function grantOf(method: string, kind: Resource['kind']): string | undefined {
  switch (method) {
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return 'resources/read';
    case 'completion/complete':
      return kind === 'prompt' ? 'prompts/get' : 'resources/read';
    default:
      return undefined;
  }
}

/** What a session does with what is its own: the level of log messages, and the tool calls that go on as tasks. */
const OWN_AFFAIRS: ReadonlySet<string> = new Set([
  'logging/setLevel',
  'tasks/get',
  'tasks/result',
  'tasks/list',
  'tasks/cancel',
]);

/**
 * Whether a method needs no rule that allows it, though rules can deny it: what a server asks of the
 * client is permitted by the server's manifest, and what is the session's own by nature. A task is a tool
 * call that was judged, and its result is masked as that call's decision says.
 */
export function needsNoRule(method: string): boolean {
  return OWN_AFFAIRS.has(method) || isClientRequest(method);
}
