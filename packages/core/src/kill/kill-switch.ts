import type { Subject } from '../model/request.ts';

/** What can be stopped. */
export const KILL_SCOPES = ['agent', 'tenant', 'all'] as const;
export type KillScope = (typeof KILL_SCOPES)[number];

/** Whom a switch stops. */
export type KillTarget =
  | { readonly scope: 'agent' | 'tenant'; readonly name: string }
  | { readonly scope: 'all' };

/** A switch that was thrown. */
export type KillSwitch = KillTarget & {
  readonly by?: string;
  readonly why?: string;
  /** Unix milliseconds. */
  readonly sinceMs?: number;
};

/** The switch in words: `agent coder`, `all`. Equal for the same target. */
export function killTargetText(target: KillTarget): string {
  return target.scope === 'all' ? 'all' : `${target.scope} ${target.name}`;
}

/** Whether a switch is about a caller. */
export function stops(target: KillTarget, { tenant, agent }: Pick<Subject, 'tenant' | 'agent'>): boolean {
  switch (target.scope) {
    case 'all':
      return true;
    case 'tenant':
      return target.name === tenant;
    case 'agent':
      return target.name === agent;
  }
}

/** What the end of a session, or of a process, is put down to. */
export function killCause(target: KillTarget): string {
  return `stopped by the kill switch for ${killTargetText(target)}`;
}
