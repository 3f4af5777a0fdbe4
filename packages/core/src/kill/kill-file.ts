import { KILL_SCOPES, type KillTarget, killTargetText } from './kill-switch.ts';

/** Longest name of an agent or a tenant, in UTF-16 units. */
const MAX_NAME_CHARS = 128;

/**
 * Reads what a file of switches stops, one target a line: `all`, `agent coder`, `tenant acme`; `#` begins a remark.
 *
 * SECURITY: a line that says nothing of this kind stops everything: somebody wanted something to stop.
 */
export function readKillFile(text: string): readonly KillTarget[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => parseKillTarget(line.split(/\s+/)) ?? { scope: 'all' });
}

/** The file without a target, or with one more; remarks stay. */
export function editKillFile(text: string, target: KillTarget, killed: boolean): string {
  const wanted = killTargetText(target);
  const kept = text
    .split('\n')
    .filter((line) => line.trim() !== '' && line.replace(/#.*/, '').trim().split(/\s+/).join(' ') !== wanted);
  return [...kept, ...(killed ? [wanted] : [])].map((line) => `${line}\n`).join('');
}

/** `['agent', 'coder']`, `['all']`; undefined for anything else. */
export function parseKillTarget(words: readonly string[]): KillTarget | undefined {
  const scope = KILL_SCOPES.find((known) => known === words[0]);
  const [, name] = words;
  if (scope === 'all') return words.length === 1 ? { scope } : undefined;
  if (scope === undefined || name === undefined || words.length !== 2) return undefined;
  return name.length <= MAX_NAME_CHARS && /^[A-Za-z0-9._:@-]+$/.test(name) ? { scope, name } : undefined;
}
