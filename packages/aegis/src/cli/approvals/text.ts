import {
  argumentDiff,
  type Grant,
  type JsonObject,
  type JsonValue,
  printable,
  type Standing,
} from '@aegis/core';
import { grantView, type ShownApproval } from '../../daemon/approvals.ts';

/** A question as a person reads it, with how it stands. */
export function approvalText(shown: ShownApproval, nowMs: number): string {
  const { approval, question, standing } = shown;
  const { id, tenant, session, agent, user, votes } = approval;
  const lines = [`approval   ${id}`, `status     ${standingText(standing)}`];
  lines.push(
    `agent      ${printable(agent)}${user === agent ? '' : ` for ${printable(user)}`}, tenant ${tenant}`,
  );
  lines.push(`session    ${session}`);
  if (question === undefined) {
    lines.push('question   erased, or not what was asked: it cannot be approved');
  } else {
    lines.push(
      `call       ${printable(question.name)} on ${printable(question.server)} (${question.method})`,
    );
    lines.push(...question.messages.map((message) => `because    ${printable(message)}`));
    if (question.capabilities.length > 0) lines.push(`it can     ${question.capabilities.join(', ')}`);
    if (question.findings.length > 0) lines.push(`found      ${question.findings.join(', ')}`);
    lines.push('arguments', ...jsonLines(question.args).map((line) => `  ${line}`));
  }
  for (const { by, approved, door, why, edited } of votes) {
    const said = approved ? (edited ? 'approved with other arguments' : 'approved') : 'refused';
    lines.push(
      `${said.padEnd(10)} by ${printable(by)} (${door})${why === undefined ? '' : `: ${printable(why)}`}`,
    );
  }
  if (standing.kind === 'pending') lines.push(`expires    in ${spanText(approval.expiresAtMs - nowMs)}`);
  return `${lines.join('\n')}\n`;
}

/** One line of a list. */
export function approvalLine({ approval, question, standing }: ShownApproval, nowMs: number): string {
  const what = question === undefined ? '?' : `${printable(question.name)} on ${printable(question.server)}`;
  const left = standing.kind === 'pending' ? `, ${spanText(approval.expiresAtMs - nowMs)} left` : '';
  return `${approval.id}  ${standingText(standing)}${left}  ${printable(approval.agent)}: ${what}`;
}

function standingText(standing: Standing): string {
  switch (standing.kind) {
    case 'pending':
      return standing.missing === 1 ? 'waits' : `waits for ${standing.missing} people`;
    case 'approved':
      return `approved by ${names(standing.votes)}, not used yet`;
    case 'used':
      return `approved by ${names(standing.votes)}, used`;
    case 'refused':
      return `refused by ${printable(standing.vote.by)}`;
    case 'expired':
      return 'expired';
  }
}

function names(votes: readonly { readonly by: string }[]): string {
  return votes.map(({ by }) => printable(by)).join(' and ');
}

/** What other arguments change, a line for each place. */
export function diffText(before: JsonObject, after: JsonObject): string {
  const lines: string[] = [];
  for (const { at, before: was, after: is } of argumentDiff(before, after)) {
    if (was !== undefined) lines.push(`- ${printable(at)}: ${oneLine(was)}\n`);
    if (is !== undefined) lines.push(`+ ${printable(at)}: ${oneLine(is)}\n`);
  }
  return lines.join('');
}

export function grantLine(grant: Grant, nowMs: number): string {
  const { id, agent, name, server, session, by, args, expiresAtMs } = grant;
  const status = String(grantView(grant, nowMs)['status']);
  const where = session === undefined ? '' : ` in ${session}`;
  const which = args.kind === 'any' ? 'any arguments' : oneLine({ ...args.values, ...args.globs });
  const left = status === 'active' ? `, ${spanText(expiresAtMs - nowMs)} left` : '';
  return `${id}  ${status}${left}  ${printable(agent)}: ${printable(name)} on ${printable(server)}${where}, ${which}, by ${printable(by)}`;
}

function jsonLines(value: JsonObject): readonly string[] {
  return JSON.stringify(value, undefined, 2).split('\n').map(printable);
}

function oneLine(value: JsonValue): string {
  return printable(JSON.stringify(value));
}

/** `45 s`, `12 min`, `3 h`, `2 d`. */
function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
