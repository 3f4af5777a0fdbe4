import { resolve } from 'node:path';
import { counted, printable } from '@aegis/core';
import { archiveSessions } from '../../../keeper/archive.ts';
import { systemClock } from '../../../platform.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { requiredText, textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { parseMoment } from '../../ledger/time.ts';
import { operatingSystemUser } from '../../person.ts';
import { warner } from '../../warner.ts';

const HELP = 'aegis ledger archive';

export const ledgerArchive: Command = {
  options: {
    ...CONFIG_OPTION,
    before: { type: 'string' },
    dir: { type: 'string' },
    tenant: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const before = requiredText(args, 'before', 'say what is old enough', HELP);
    const folder = resolve(terminal.cwd, requiredText(args, 'dir', 'say where the bundles go', HELP));
    const request = {
      folder,
      beforeMs: parseMoment(before, 'before', systemClock.now()),
      tenant: textOf(args, 'tenant'),
      by: operatingSystemUser(),
    };
    const segments = await archiveSessions(await ledgerPlace(args, terminal), request, warner(terminal));
    const json = args.options['json'] === true;
    for (const segment of segments) {
      const { sessions, events, tenant, folder: place, bundle_sha256 } = segment;
      const text = `archived ${counted(sessions, 'session')} of tenant ${tenant}, ${counted(events, 'event')}: ${place}, bundle.json ${bundle_sha256}`;
      terminal.stdout.write(`${json ? JSON.stringify(segment) : printable(text)}\n`);
    }
    if (segments.length === 0 && !json) terminal.stdout.write('no session that has ended is so old\n');
    return EXIT.ok;
  },
};
