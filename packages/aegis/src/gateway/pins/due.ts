import type { EventDraft } from '@aegis/core';
import type { Share } from './allowance.ts';
import { type FirstSight, type KnownPin, type OfferedDefinition, recordOf, recordOfGone } from './compare.ts';
import { likenessOf } from './likeness.ts';
import type { Rooms } from './rooms.ts';
import type { Suspicion } from './suspect.ts';

/** So much of new definitions is read at once, in UTF-16 units; others have their turn before the rest. */
const MAX_READ_CHARS = 65_536;

/** What an event takes besides its definition, in bytes, roughly. */
const EVENT_BYTES = 1024;

/** What one process knows: all of it by key, as `keyOf` makes it. */
export interface Standing {
  readonly offered: ReadonlyMap<string, OfferedDefinition>;
  readonly pins: ReadonlyMap<string, KnownPin>;
  /** The lists that were read (`listKey`): what is missing from them is gone. */
  readonly lists: ReadonlySet<string>;
  /** What was offered and what was in force when the process last had its say about a definition. */
  readonly judged: ReadonlyMap<string, string>;
  readonly firstSight: FirstSight;
  readonly suspicion: Suspicion;
}

/** Something that the process has its say about now. */
export interface Due {
  readonly key: string;
  readonly server: string;
  /** What is offered and what is in force. */
  readonly pair: string;
  readonly share: Share;
  /** Undefined when the ledger says it already. */
  readonly draft: EventDraft | undefined;
}

/**
 * What a process has not had its say about yet. It speaks once for each pair of what it is offered and
 * what is in force, so that processes that are offered different things do not answer each other for ever.
 * What finds no room, and what there was no time to read, is `putOff`.
 */
export function dueOf(
  standing: Standing,
  rooms: Rooms,
): { readonly due: readonly Due[]; readonly putOff: boolean } {
  const { offered, pins, lists, judged } = standing;
  const resembles = resemblance(pins);
  const othersOf = foreignTools(offered);
  let readable = MAX_READ_CHARS;
  const due: Due[] = [];
  let putOff = false;
  const consider = (key: string, server: string, pair: string, bytes: number, draft?: EventDraft): void => {
    const known = pins.has(key);
    const share = draft === undefined ? NOTHING : { bytes: EVENT_BYTES + bytes, changes: known ? 1 : 0 };
    const names = draft === undefined || known ? 0 : 1;
    if (rooms.take(server, { ...share, names })) due.push({ key, server, pair, share, draft });
    else putOff = true;
  };
  for (const [key, definition] of offered) {
    const { server, kind, name, fingerprint, bytes } = definition;
    const pin = pins.get(key);
    const pair = pairOf(fingerprint, pin);
    if (judged.get(key) === pair) continue;
    if (pin?.pinned !== undefined || fingerprint === undefined) {
      consider(key, server, pair, bytes, recordOf(definition, pin, standing.firstSight));
      continue;
    }
    if (readable <= 0) {
      putOff = true;
      continue;
    }
    readable -= bytes;
    const suspect = standing.suspicion(definition, othersOf(server));
    const wary = suspect.length > 0 || (kind !== 'instructions' && resembles(name));
    const draft = recordOf(definition, pin, wary ? 'quarantine' : standing.firstSight, suspect);
    consider(key, server, pair, bytes, draft);
  }
  for (const [key, pin] of pins) {
    if (offered.has(key) || !lists.has(listKey(pin))) continue;
    const pair = pairOf('gone', pin);
    if (judged.get(key) !== pair) consider(key, pin.server, pair, 0, recordOfGone(pin));
  }
  return { due, putOff };
}

export function listKey({ server, kind }: Pick<KnownPin, 'server' | 'kind'>): string {
  return `${server} ${kind}`;
}

const NOTHING: Share = { bytes: 0, changes: 0 };

function pairOf(offered: string | undefined, pin: KnownPin | undefined): string {
  return `${offered} ${pin?.pinned?.fingerprint}`;
}

/** The names of the tools that other servers offer, by server. */
function foreignTools(
  offered: ReadonlyMap<string, OfferedDefinition>,
): (server: string) => readonly string[] {
  const names = new Map<string, readonly string[]>();
  return (server) => {
    let foreign = names.get(server);
    if (foreign === undefined) {
      foreign = [...offered.values()].flatMap((other) =>
        other.kind === 'tool' && other.server !== server ? other.name : [],
      );
      names.set(server, foreign);
    }
    return foreign;
  };
}

/** Whether a name looks like one that is pinned and is not the same. */
function resemblance(pins: ReadonlyMap<string, KnownPin>): (name: string) => boolean {
  let pinned: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  return (name) => {
    pinned ??= byLikeness([...pins.values()].filter((pin) => pin.pinned !== undefined));
    const alike = pinned.get(likenessOf(name));
    return alike !== undefined && !alike.has(name);
  };
}

function byLikeness(pins: readonly KnownPin[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name } of pins) {
    const likeness = likenessOf(name);
    const alike = names.get(likeness);
    if (alike === undefined) names.set(likeness, new Set([name]));
    else alike.add(name);
  }
  return names;
}
