import type { IncomingMessage, ServerResponse } from 'node:http';
import { AegisError, printable } from '@aegis/core';
import type * as z from 'zod';
import { sendError, sendProblem, sendRefusal, send } from './http/answer.ts';
import { readJson } from './http/body.ts';
import { type Identify, isAmong, type Principal } from './principal.ts';
import type { Asked, Route } from './route.ts';

/** Answers a request to the API; false when no route has its path. */
export type Api = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Compiled {
  readonly segments: readonly string[];
  readonly route: Route;
}

/** The routes as one handler. `newId` gives the id of each request. */
export function createApi(routes: readonly Route[], identify: Identify, newId: () => string): Api {
  const compiled = routes.map((route): Compiled => ({ segments: route.path.slice(1).split('/'), route }));
  return (request, response) => {
    const [path = '', search = ''] = (request.url ?? '').split('?', 2);
    const segments = path.slice(1).split('/');
    const matching = compiled.filter((known) => matches(known.segments, segments));
    if (matching.length === 0) return false;
    const requestId = newId();
    response.setHeader('X-Request-Id', requestId);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const found = matching.find(({ route }) => route.method === method);
    if (found === undefined) {
      const allowed = matching.map(({ route }) => (route.method === 'GET' ? 'GET, HEAD' : route.method));
      response.setHeader('Allow', allowed.join(', '));
      sendProblem(response, 405, { request_id: requestId });
      return true;
    }
    const place = { segments: found.segments, given: segments, search };
    serve(found.route, place, identify, { request, response, requestId }).catch((error: unknown) => {
      // SECURITY: one request never ends the daemon, and its caller learns nothing of why it failed inside.
      if (response.headersSent) response.destroy();
      else sendError(response, error, requestId);
    });
    return true;
  };
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, at) => part.startsWith('{') || part === segments[at])
  );
}

interface Place {
  readonly segments: readonly string[];
  readonly given: readonly string[];
  readonly search: string;
}

type Exchange = Pick<Asked<never, never, never>, 'request' | 'response' | 'requestId'>;

async function serve(route: Route, place: Place, identify: Identify, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  let principal: Principal | undefined;
  // SECURITY: no way leads from here to a handler but through `admit`, whatever `identify` answers.
  if (route.audience.kind !== 'everybody') {
    const party = await identify(request);
    if ('status' in party) return sendRefusal(response, party, exchange.requestId);
    admit(route, party);
    principal = party;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const path = check(route.parameters, parametersOf(place), 'the path');
  const query = check(route.query, queryOf(place.search), 'the query');
  const body = route.body === undefined ? undefined : check(route.body, await readJson(request), 'the body');
  const asked = { ...exchange, principal, path, query, body, signal: gone.signal };
  const answer = await route.handle(asked as Asked<never, never, never>);
  if (answer !== undefined) send(response, answer.status, answer.body, answer.type);
}

function admit({ audience }: Route, principal: Principal): void {
  if (!isAmong(audience, principal)) {
    const needed = 'permission' in audience ? `: it takes \`${audience.permission}\`` : '';
    throw new AegisError('FORBIDDEN', `this is not for ${principal.kind}s like you${needed}`);
  }
}

function parametersOf({ segments, given }: Place): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [at, part] of segments.entries()) {
    if (part.startsWith('{')) found[part.slice(1, -1)] = decoded(given[at] ?? '');
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AegisError('INPUT_INVALID', 'the path is not percent-encoded UTF-8');
  }
}

function queryOf(search: string): Record<string, string> {
  const given = new URLSearchParams(search);
  for (const name of given.keys()) {
    if (given.getAll(name).length > 1) {
      throw new AegisError('INPUT_INVALID', `\`${shown(name)}\` is given twice`);
    }
  }
  return Object.fromEntries(given);
}

function check(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (schema === undefined) {
    const given = Object.keys(value as object)[0];
    if (given !== undefined) throw new AegisError('INPUT_INVALID', `${what} takes no \`${shown(given)}\``);
    return undefined;
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const said = checked.error.issues
    .flatMap(nearest)
    .slice(0, 8)
    .map(({ path, message }) => {
      const place = path.length === 0 ? what : `\`${shown(path.join('.'))}\` of ${what}`;
      return `${place}: ${shown(message)}`;
    });
  throw new AegisError('INPUT_INVALID', said.join('; '));
}

/** What is wrong with a value that could have one of several forms: said of the form that it is nearest to. */
function nearest(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const [closest = []] = issue.errors.toSorted((a, b) => a.length - b.length);
  return closest.flatMap((inner) => nearest({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Most characters of one part of a message that the request itself may have written. */
const MAX_SHOWN = 200;

function shown(text: string): string {
  return printable(text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`);
}
