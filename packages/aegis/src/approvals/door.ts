import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { ApprovalDoor, Clock, NotTaken, Person } from '../ports.ts';
import type { Answer, GrantWish } from './answer.ts';
import type { ApprovalDesk, Taken } from './desk.ts';
import type { People } from './people.ts';
import { approvalView, grantView, takenView } from './view.ts';

/** Wrong keys for one approval, after which no key is looked at any more. */
const MAX_WRONG_KEYS = 5;

/** Approvals of which wrong keys are remembered. */
const MAX_GUESSED = 10_000;

/** The desk as doors serve it. */
export function createApprovalDoor(
  desk: ApprovalDesk,
  people: People,
  clock: Clock,
  vouch: ApprovalDoor['vouch'],
): ApprovalDoor {
  const guesses = new Map<string, number>();

  /** SECURITY: who has a link can try few keys only, whatever person they would belong to. */
  function byKey(id: string, key: string | undefined): Person | NotTaken {
    const wrong = guesses.get(id) ?? 0;
    if (wrong >= MAX_WRONG_KEYS) return forbidden('too many wrong keys: answer at another door');
    const person = key === undefined || key === '' ? undefined : people.byKey(key);
    if (person !== undefined) return person;
    if (guesses.size >= MAX_GUESSED) guesses.clear();
    guesses.set(id, wrong + 1);
    return forbidden('this is no key of an approver');
  }

  return {
    list: async (tenant, all) => (await desk.list({ ...of(tenant), all })).map(approvalView),
    async show(tenant, id) {
      const shown = await desk.show(id, tenant);
      return shown && approvalView(shown);
    },
    async answer(tenant, id, by, body) {
      const answer = readAnswer(body, { ...by, person: people.known(by.person) });
      return 'problem' in answer ? answer : taken(await desk.answer(id, answer, tenant));
    },
    grants: async (tenant, all) =>
      (await desk.grants({ ...of(tenant), all })).map((grant) => grantView(grant, clock.now())),
    async revoke(tenant, id, { person, door }, why) {
      const revoked = await desk.revoke(id, { person, door, ...(why === undefined ? {} : { why }) }, tenant);
      return 'problem' in revoked ? revoked : grantView(revoked, clock.now());
    },
    vouch: (place, word) => vouch(place, { ...word, person: people.known(word.person) }),
    async open(token) {
      const opened = await desk.open(token);
      const { haveKeys } = people;
      return opened && { approval: approvalView(opened), person: opened.person, haveKeys };
    },
    async answerByLink(token, { approved, why, key }) {
      const opened = await desk.open(token);
      if (opened === undefined) return { problem: 'unknown', message: 'this link leads nowhere' };
      const { approval, person: name } = opened;
      // Somebody who was taken from the approvers has a link that decides nothing.
      const named =
        name === undefined ? undefined : (people.byName(name) ?? forbidden('this link is of nobody'));
      const person = named ?? byKey(approval.id, key);
      if ('problem' in person) return person;
      const answer = { person, door: 'page', approved, ...(why === undefined || why === '' ? {} : { why }) };
      return taken(await desk.answer(approval.id, answer));
    },
  };
}

function of(tenant: string | undefined): { readonly tenant?: string } {
  return tenant === undefined ? {} : { tenant };
}

function taken(came: Taken | NotTaken): JsonObject | NotTaken {
  return 'problem' in came ? came : takenView(came);
}

function forbidden(message: string): NotTaken {
  return { problem: 'forbidden', message };
}

/** Reads `{ approved, why?, args?, grant? }`. */
function readAnswer(
  { approved, why, args, grant }: JsonObject,
  by: { readonly person: Person; readonly door: string },
): Answer | NotTaken {
  if (typeof approved !== 'boolean') return invalid('`approved` must be true or false');
  if (why !== undefined && typeof why !== 'string') return invalid('`why` must be a text');
  if (args !== undefined && !isJsonObject(args)) return invalid('`args` must be an object');
  const wish = grant === undefined ? undefined : readGrant(grant);
  if (wish !== undefined && 'problem' in wish) return wish;
  return {
    ...by,
    approved,
    ...(why === undefined ? {} : { why }),
    ...(args === undefined ? {} : { edited: args }),
    ...(wish === undefined ? {} : { grant: wish }),
  };
}

/** Reads `{ for: "session" | ms, agent?, name?, args?: "any" | { name: glob } }`. */
function readGrant(value: JsonValue): GrantWish | NotTaken {
  if (!isJsonObject(value)) return invalid('`grant` must be an object');
  const { for: scope, agent, name, args } = value;
  if (scope !== 'session' && typeof scope !== 'number') {
    return invalid('`grant.for` must be `session`, or a number of milliseconds');
  }
  if (![agent, name].every((glob) => glob === undefined || typeof glob === 'string')) {
    return invalid('`grant.agent` and `grant.name` must be texts');
  }
  const globs = isJsonObject(args) ? Object.entries(args) : [];
  if (
    args !== undefined &&
    args !== 'any' &&
    !(isJsonObject(args) && globs.every(([, glob]) => typeof glob === 'string'))
  ) {
    return invalid('`grant.args` must be `any`, or an object of globs');
  }
  return {
    scope: scope === 'session' ? { kind: 'session' } : { kind: 'time', ms: scope },
    ...(typeof agent === 'string' ? { agent } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(args === undefined
      ? {}
      : {
          args: args === 'any' ? 'any' : Object.fromEntries(globs.map(([key, glob]) => [key, String(glob)])),
        }),
  };
}

function invalid(message: string): NotTaken {
  return { problem: 'invalid', message };
}
