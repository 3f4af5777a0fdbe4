import { once } from 'node:events';
import { AegisError, EVENT_TYPES, type Envelope, parseStrict, printable } from '@aegis/core';
import { readEvents } from '../../../keeper/events.ts';
import type { StoredEntry } from '../../../ports.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { eventLine } from '../../event-line.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { stopSignal } from '../../stop.ts';

export const events: Command = {
  options: {
    ...CONFIG_OPTION,
    follow: { type: 'boolean', short: 'f' },
    last: { type: 'string' },
    after: { type: 'string' },
    type: { type: 'string' },
    session: { type: 'string' },
    tenant: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const follow = args.options['follow'] === true;
    const after = numberOf(args, 'after');
    const last = numberOf(args, 'last');
    if (after !== undefined && last !== undefined) {
      throw new AegisError('USAGE', '`--after` and `--last` say where to begin: give one', { help: HELP });
    }
    const wanted = filterOf(args);
    const stop = new AbortController();
    let isRead = true;
    terminal.stdout.once('close', () => {
      isRead = false;
      stop.abort();
    });
    if (follow) void stopSignal().then(() => stop.abort());
    const place = await ledgerPlace(args, terminal);
    for await (const entry of readEvents(place, { after, last: last ?? 20, follow }, stop.signal)) {
      const envelope = envelopeOf(entry);
      if (!wanted(entry, envelope)) continue;
      const { position, hash, body } = entry;
      const json = `{"position":${position},"hash":"${hash}","envelope":${body}}`;
      const text =
        envelope === undefined
          ? `position ${position}: ${printable(body.slice(0, 200))}`
          : eventLine(envelope);
      const written = terminal.stdout.write(`${args.options['json'] === true ? json : text}\n`);
      if (!written) await once(terminal.stdout, 'drain', { signal: stop.signal }).catch(() => {});
    }
    return follow && isRead ? EXIT.interrupted : EXIT.ok;
  },
};

const HELP = 'aegis events --help';

function numberOf(args: Arguments, name: string): number | undefined {
  const text = textOf(args, name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AegisError('USAGE', `\`--${name}\` is a number`, { help: HELP });
}

function filterOf(args: Arguments): (entry: StoredEntry, envelope: Envelope | undefined) => boolean {
  const type = textOf(args, 'type');
  const session = textOf(args, 'session');
  const tenant = textOf(args, 'tenant');
  if (type !== undefined && !EVENT_TYPES.some((known) => known === type)) {
    throw new AegisError('USAGE', `no event is of the type \`${printable(type)}\``, {
      help: `there are: ${EVENT_TYPES.join(', ')}`,
    });
  }
  return (entry, envelope) =>
    (type === undefined || envelope?.event_type === type) &&
    (session === undefined || entry.session === session) &&
    (tenant === undefined || entry.tenant === tenant);
}

function envelopeOf({ body }: StoredEntry): Envelope | undefined {
  const parsed = parseStrict(body);
  return parsed.ok ? (parsed.value as unknown as Envelope) : undefined;
}
