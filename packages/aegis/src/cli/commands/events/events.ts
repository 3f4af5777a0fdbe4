import { once } from 'node:events';
import { AegisError, EVENT_TYPES, type Envelope, printable, sealedEnvelope } from '@aegis/core';
import { readEvents } from '../../../keeper/events.ts';
import { sha256 } from '../../../platform.ts';
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
    const lineOf = args.options['json'] === true ? jsonOf : textLineOf;
    let isDamaged = false;
    for await (const entry of readEvents(place, { after, last: last ?? 20, follow }, stop.signal)) {
      const read = readSealed(entry);
      if (typeof read === 'string') isDamaged = true;
      else if (!wanted(read)) continue;
      const written = terminal.stdout.write(`${lineOf(entry, read)}\n`);
      if (!written) await once(terminal.stdout, 'drain', { signal: stop.signal }).catch(() => {});
    }
    if (isDamaged) return EXIT.broken;
    return follow && isRead ? EXIT.interrupted : EXIT.ok;
  },
};

function jsonOf({ position, hash, body }: StoredEntry, read: Envelope | string): string {
  if (typeof read === 'string') return JSON.stringify({ position, hash, problem: read });
  return `{"position":${position},"hash":"${hash}","envelope":${body}}`;
}

function textLineOf(_: StoredEntry, read: Envelope | string): string {
  return typeof read === 'string' ? printable(read) : eventLine(read);
}

const HELP = 'aegis events --help';

function numberOf(args: Arguments, name: string): number | undefined {
  const text = textOf(args, name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AegisError('USAGE', `\`--${name}\` is a number`, { help: HELP });
}

function filterOf(args: Arguments): (envelope: Envelope) => boolean {
  const type = textOf(args, 'type');
  const session = textOf(args, 'session');
  const tenant = textOf(args, 'tenant');
  if (type !== undefined && !EVENT_TYPES.some((known) => known === type)) {
    throw new AegisError('USAGE', `no event is of the type \`${printable(type)}\``, {
      help: `there are: ${EVENT_TYPES.join(', ')}`,
    });
  }
  return ({ event_type, session_id, tenant_id }) =>
    (type === undefined || event_type === type) &&
    (session === undefined || session_id === session) &&
    (tenant === undefined || tenant_id === tenant);
}

/** An envelope, or in words why it is not as it was sealed: that is told whatever is asked for. */
function readSealed(entry: StoredEntry): Envelope | string {
  try {
    return sealedEnvelope(entry, sha256);
  } catch (error) {
    if (error instanceof AegisError) return error.message;
    throw error;
  }
}
