import {
  type Approval,
  type ApprovalQuestion,
  barredFrom,
  type Grant,
  globProblem,
  isGlob,
  type JsonObject,
  judgeApproval,
  MAX_GRANT_MS,
  quorumOf,
  type Standing,
} from '@aegis/core';
import type { NotTaken, Person } from '../ports.ts';

/** What a person wants to be done about an approval. */
export interface Answer {
  readonly person: Person;
  readonly door: string;
  readonly approved: boolean;
  readonly why?: string;
  readonly edited?: JsonObject;
  readonly grant?: GrantWish;
}

/** For which further calls nobody is to be asked. */
export interface GrantWish {
  /** In the session of the call alone, or for so long, in milliseconds. */
  readonly scope: { readonly kind: 'session' } | { readonly kind: 'time'; readonly ms: number };
  /** Globs in place of the agent and of the name of the tool. */
  readonly agent?: string;
  readonly name?: string;
  /** Globs in place of arguments, by name; `any` for whatever arguments. */
  readonly args?: 'any' | Readonly<Record<string, string>>;
}

/** Longest reason that is kept, in characters. */
const MAX_WHY = 1_000;

/** What is in force where the answer is given; undefined where it is not known there. */
export interface InForce {
  readonly policyDigest: string | undefined;
  /** Gives undefined for what is not pinned. */
  readonly definition: ((question: ApprovalQuestion) => string | undefined) | undefined;
}

/** Why a person's answer cannot be taken; undefined when it can. */
export function checkAnswer(
  approval: Approval,
  question: ApprovalQuestion,
  answer: Answer,
  inForce: InForce,
  nowMs: number,
): NotTaken | undefined {
  const settled = settledText(judgeApproval(approval, nowMs));
  if (settled !== undefined) return settled;
  const { person, approved, why = '', edited, grant } = answer;
  const barred = barredFrom(approval, person, approval.approvers);
  if (barred !== undefined) return { problem: 'forbidden', message: barred };
  if (approval.votes.some(({ by }) => by === person.name)) {
    return { problem: 'settled', message: `${person.name} has answered already` };
  }
  if (why.length > MAX_WHY) return invalid(`a reason has at most ${MAX_WHY} characters`);
  if (!approved) {
    return edited === undefined && grant === undefined
      ? undefined
      : invalid('a refusal changes and grants nothing');
  }
  // SECURITY: nobody is asked to approve what cannot run any more.
  if (inForce.policyDigest !== undefined && inForce.policyDigest !== question.policyDigest) {
    return { problem: 'changed', message: 'the policy has changed since: the call has to be made again' };
  }
  if (inForce.definition !== undefined && inForce.definition(question) !== question.definition) {
    return { problem: 'changed', message: 'the tool has changed since: the call has to be made again' };
  }
  const alone = quorumOf(approval.approvers) === 1;
  if (edited !== undefined) {
    if (question.method !== 'tools/call') return invalid('only the arguments of a tool can be changed');
    if (!alone) return invalid('where several people have to agree, nobody changes the arguments alone');
    if (grant !== undefined) return invalid('an approval with other arguments grants nothing further');
  }
  return grant === undefined ? undefined : checkGrant(grant, question, alone);
}

function checkGrant(wish: GrantWish, question: ApprovalQuestion, alone: boolean): NotTaken | undefined {
  if (!alone) return invalid('where several people have to agree, nobody grants further calls alone');
  if (wish.scope.kind === 'time' && !(wish.scope.ms >= 1_000 && wish.scope.ms <= MAX_GRANT_MS)) {
    return invalid('a grant is for a second to a week');
  }
  const { agent, name, args = {} } = wish;
  for (const pattern of [agent, name, ...(args === 'any' ? [] : Object.values(args))]) {
    const problem = pattern === undefined ? undefined : globProblem(pattern);
    if (problem !== undefined) return invalid(problem);
  }
  const strange =
    args === 'any' ? undefined : Object.keys(args).find((key) => !Object.hasOwn(question.args, key));
  return strange === undefined ? undefined : invalid(`the call has no argument \`${strange}\``);
}

/** The grant that a person wishes, around the call that was asked about. */
export function grantFor(
  approval: Approval,
  question: ApprovalQuestion,
  { person, door }: Answer,
  wish: GrantWish,
  made: { readonly id: string; readonly nowMs: number },
): Omit<Grant, 'madeAtMs' | 'revokedBy'> {
  const { scope, args = {} } = wish;
  const name = wish.name ?? escaped(question.name);
  const globs = args === 'any' ? {} : args;
  const values = Object.fromEntries(
    Object.entries(question.args).filter(([key]) => !Object.hasOwn(globs, key)),
  );
  return {
    id: made.id,
    tenant: approval.tenant,
    approvalId: approval.id,
    by: person.name,
    door,
    agent: wish.agent ?? escaped(question.agent),
    session: scope.kind === 'session' ? approval.session : undefined,
    method: question.method,
    server: question.server,
    name,
    args: args === 'any' ? { kind: 'any' } : { kind: 'like', values, globs },
    definition: isGlob(name) ? undefined : question.definition,
    policyDigest: question.policyDigest,
    grounds: question.grounds,
    expiresAtMs: made.nowMs + (scope.kind === 'time' ? scope.ms : MAX_GRANT_MS),
  };
}

/** A name as a glob that matches it and nothing else. */
function escaped(name: string): string {
  return name.replace(/[\\*?]/g, '\\$&');
}

/** What is said about an approval that nobody can answer any more; undefined while it waits. */
function settledText(standing: Standing): NotTaken | undefined {
  switch (standing.kind) {
    case 'pending':
      return undefined;
    case 'expired':
      return { problem: 'expired', message: 'it has expired' };
    case 'refused':
      return { problem: 'settled', message: `it was refused by ${standing.vote.by}` };
    case 'approved':
    case 'used':
      return {
        problem: 'settled',
        message: `it was approved by ${standing.votes.map(({ by }) => by).join(' and ')}`,
      };
  }
}

function invalid(message: string): NotTaken {
  return { problem: 'invalid', message };
}
