import { AegisError, type BundleScope } from '@aegis/core';
import { entriesOf, entriesOfSession, merged, type PlacedEntry } from './placed-entries.ts';
import type { BundleSource, WantedScope } from './source.ts';

/** The events of a bundle, and the scope that it will say it has. */
export interface Selection {
  readonly scope: BundleScope;
  readonly entries: AsyncIterable<PlacedEntry>;
}

/**
 * Finds the events of a scope in a log of `size` leaves, and the sessions of Aegis that explain what is
 * absent from it. Fails with `INPUT_INVALID` when there is no such event.
 */
export async function select(source: BundleSource, wanted: WantedScope, size: number): Promise<Selection> {
  switch (wanted.kind) {
    case 'all':
      return { scope: { kind: 'all' }, entries: entriesOf(source, size) };
    case 'session':
      return selectSession(source, wanted.session, size);
    case 'range':
      return selectRange(source, wanted, size);
    case 'segment':
      return selectSegment(source, wanted, size);
  }
}

async function selectSession(source: BundleSource, session: string, size: number): Promise<Selection> {
  const positions = new Set<number>();
  for await (const { entry } of entriesOfSession(source, session, size)) positions.add(entry.position);
  if (positions.size === 0) throw await noSession(source, session);
  const explaining = await explainingSessions(source, (position) => positions.has(position), false);
  const sessions = new Set([session, ...explaining]);
  const entries = merged([...sessions].map((one) => entriesOfSession(source, one, size)));
  return { scope: { kind: 'session', session }, entries };
}

async function noSession({ view, tenant }: BundleSource, session: string): Promise<AegisError> {
  for await (const removal of view.removals()) {
    if (removal.head?.tenant !== tenant || removal.head.session !== session) continue;
    return new AegisError(
      'INPUT_INVALID',
      `session \`${session}\` is archived, in segment \`${removal.segment}\``,
    );
  }
  return new AegisError('INPUT_INVALID', `tenant \`${tenant}\` has no session \`${session}\``);
}

async function selectRange(
  source: BundleSource,
  { fromMs, toMs }: Extract<WantedScope, { kind: 'range' }>,
  size: number,
): Promise<Selection> {
  let first: PlacedEntry | undefined;
  let last: PlacedEntry | undefined;
  for await (const placed of entriesOf(source, size)) {
    const time = timeOf(placed.entry.body);
    if (time < fromMs || time >= toMs) continue;
    first ??= placed;
    last = placed;
  }
  if (first === undefined || last === undefined) {
    throw new AegisError('INPUT_INVALID', `tenant \`${source.tenant}\` has no event in this time`);
  }
  const [begin, end] = [first.entry.position, last.entry.position];
  const within = (position: number): boolean => position >= begin && position <= end;
  const explaining = await explainingSessions(source, within, true);
  const from = { position: begin, leaf: first.leaf };
  const entries = merged([
    entriesOf(source, last.leaf + 1, from),
    ...[...explaining].map((session) => entriesOfSession(source, session, size)),
  ]);
  const scope = {
    kind: 'range',
    from_ms: fromMs,
    to_ms: toMs,
    first: first.leaf,
    end: last.leaf + 1,
  } as const;
  return { scope, entries };
}

async function selectSegment(
  source: BundleSource,
  { segment, beforeMs, sessions }: Extract<WantedScope, { kind: 'segment' }>,
  size: number,
): Promise<Selection> {
  const chosen = new Set(sessions.map(({ session }) => session));
  const explaining = await explainingSessions(source, () => true, false);
  for (const session of explaining) chosen.add(session);
  async function* entries(): AsyncGenerator<PlacedEntry> {
    for await (const placed of entriesOf(source, size)) if (chosen.has(placed.entry.session)) yield placed;
  }
  return { scope: { kind: 'segment', segment, before_ms: beforeMs }, entries: entries() };
}

/**
 * The sessions with the events that say why values, and with `archives` entries, are absent from what
 * stands at some positions.
 */
async function explainingSessions(
  { view, tenant }: BundleSource,
  concerns: (position: number) => boolean,
  archives: boolean,
): Promise<ReadonlySet<string>> {
  const events = new Set<number>();
  for await (const { position, by } of view.erasures()) if (concerns(position)) events.add(by);
  if (archives)
    for await (const removal of view.removals()) if (removal.head?.tenant === tenant) events.add(removal.by);
  const sessions = new Set<string>();
  for (const position of events) {
    for await (const entry of view.entries({ after: position - 1, limit: 1 })) {
      if (entry.position === position && entry.tenant === tenant) sessions.add(entry.session);
    }
  }
  return sessions;
}

/** The time of an event. Canonical JSON has this member next to last, where no text can pretend to be it. */
export function timeOf(body: string): number {
  const [, digits] = /,"ts_unix_ms":([0-9]+),"user_id":"[^"]*"\}$/.exec(body) ?? [];
  return digits === undefined ? Number.NaN : Number(digits);
}
