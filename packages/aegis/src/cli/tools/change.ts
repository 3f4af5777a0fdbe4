import type { Pin } from '../../daemon/pinned.ts';
import { unifiedDiff } from '../diff.ts';
import { comparableTexts, definitionText } from './definition-text.ts';
import { suspectIds, suspectLines } from './findings.ts';
import { nameOf, waits } from './selection.ts';
import { visibleName } from './visible.ts';

/** What a person is asked to accept, in full: what is in force against what was offered. */
export function changeText(pin: Pin): string {
  const { kind, pinned, offered, state } = pin;
  const name = visibleName(nameOf(pin));
  const title = `${kind} ${name}: ${headline(pin)}\n`;
  if (pin.broken || offered === undefined) return title;
  const told =
    state === 'new' || state === 'changed'
      ? ''
      : 'this is not what the server offers now, as far as is recorded\n';
  const diff =
    pinned === undefined
      ? unifiedDiff(name, '', definitionText(offered.definition))
      : unifiedDiff(name, ...comparableTexts(pinned.definition, offered.definition));
  return `${title}${told}${suspectLines(pin)}${diff}`;
}

/** The same for programs. */
export function changeJson(pin: Pin): object {
  const { server, kind, name, pinned, offered, state, broken } = pin;
  return {
    server,
    kind,
    name,
    state: broken ? 'broken' : state,
    pinned: pinned?.definition ?? null,
    offered: offered?.definition ?? null,
    waits: waits(pin),
    findings: suspectIds(pin),
  };
}

function headline({ broken, pinned, offered, state, seen }: Pin): string {
  if (broken) return 'what was accepted does not agree with the ledger; run `aegis verify-ledger`';
  if (offered !== undefined) {
    return pinned === undefined
      ? `never accepted, offered as ${short(offered.fingerprint)} since ${when(offered.sinceMs)}`
      : `accepted as ${short(pinned.fingerprint)}, offered as ${short(offered.fingerprint)} since ${when(offered.sinceMs)}`;
  }
  if (state !== 'pinned' && state !== 'gone' && seen === undefined) {
    return 'what is offered is too large or nested too deeply to be accepted';
  }
  return 'nothing waits';
}

/** Enough of a fingerprint to tell two apart at sight. */
export function short(fingerprint: string): string {
  return fingerprint.slice(0, 12);
}

export function when(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}
