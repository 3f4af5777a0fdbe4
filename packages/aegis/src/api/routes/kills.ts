import { AegisError, KILL_SCOPES, type KillSwitch, type KillTarget, parseKillTarget } from '@aegis/core';
import * as z from 'zod';
import type { SignedInPerson } from '../../ports.ts';
import type { ApiPorts } from '../ports.ts';
import type { Principal } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { count, text } from '../schemas.ts';

const stop = z.strictObject({
  scope: z.enum(KILL_SCOPES),
  name: z.string().optional().describe('The agent or the tenant; absent for `all`.'),
  since_ms: count.optional().describe('Absent for a stop that stands in the file alone.'),
  by: z.string().optional(),
  why: z.string().optional(),
});

const word = z.strictObject({
  scope: z.enum(KILL_SCOPES),
  name: text.max(128).optional().describe('The agent or the tenant; absent for `all`.'),
  stopped: z.boolean().describe('false: it may go on.'),
  why: text.max(1_000).optional(),
});

/** What is stopped, and who may stop it. */
export function killRoutes({ kills }: ApiPorts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/kills',
      operation: 'listKills',
      summary: 'List what is stopped',
      audience: { kind: 'people', permission: 'agents.stop' },
      answers: { 200: z.strictObject({ kills: z.array(stop) }) },
      handle: async ({ principal }) => {
        const person = personOf(principal);
        const seen = kills.thrown().filter((one) => one.scope === 'all' || kills.isOf(person, one));
        return { status: 200, body: { kills: seen.map(viewOf) } };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/kills',
      operation: 'turnKillSwitch',
      summary: 'Stop an agent, a tenant or everything, or let it go on',
      audience: { kind: 'people', permission: 'agents.stop' },
      body: word,
      answers: { 200: z.strictObject({ changed: z.boolean().describe('false: it stood so already.') }) },
      handle: async ({ principal, body: { scope, name, stopped: killed, why } }) => {
        const person = personOf(principal);
        const target = targetOf(scope, name);
        // SECURITY: a person of one tenant stops nobody of another.
        if (!kills.isOf(person, target)) throw new AegisError('FORBIDDEN', 'this is not of your tenant');
        const said = { killed, by: person.name, door: 'http', why };
        const { changed } = await kills.turn(target, said);
        return { status: 200, body: { changed } };
      },
    }),
  ];
}

function targetOf(scope: KillTarget['scope'], name: string | undefined): KillTarget {
  const target = parseKillTarget(name === undefined ? [scope] : [scope, name]);
  if (target !== undefined) return target;
  throw new AegisError('INPUT_INVALID', 'an agent and a tenant have a `name`, and `all` has none');
}

function viewOf(thrown: KillSwitch): z.input<typeof stop> {
  const { scope, sinceMs, by, why } = thrown;
  return {
    scope,
    ...(scope === 'all' ? {} : { name: thrown.name }),
    ...(sinceMs === undefined ? {} : { since_ms: sinceMs }),
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
  };
}

function personOf(principal: Principal | undefined): SignedInPerson {
  if (principal?.kind === 'person') return principal.person;
  // SECURITY: the audience of every route above keeps agents out; this is for a mistake in one.
  throw new AegisError('FORBIDDEN', 'this is for people');
}
