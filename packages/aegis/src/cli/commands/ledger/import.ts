import { resolve } from 'node:path';
import { counted, printable } from '@aegis/core';
import { importBundle, type ImportRecord, listImported } from '../../../keeper/imported.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { bundleJson } from '../../ledger/bundle-json.ts';
import { bundleText } from '../../ledger/bundle-text.ts';
import { logKeys } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';

export const ledgerImport: Command = {
  options: { ...CONFIG_OPTION, key: { type: 'string', multiple: true }, json: { type: 'boolean' } },
  positionals: 1,
  async run(args, terminal) {
    const { stdout, cwd } = terminal;
    const place = await ledgerPlace(args, terminal);
    const json = args.options['json'] === true;
    const [name] = args.positionals;
    if (name === undefined) {
      for (const record of await listImported(place)) {
        stdout.write(json ? `${JSON.stringify(record)}\n` : lineOf(record));
      }
      return EXIT.ok;
    }
    const folder = resolve(cwd, name);
    const { report, record } = await importBundle(place, folder, logKeys(args));
    if (json) {
      stdout.write(
        `${JSON.stringify({ ...bundleJson(folder, report), ...(record && { imported: record }) })}\n`,
      );
    } else {
      const outcome =
        record === undefined ? 'not imported: nothing of it was kept\n' : `imported as ${record.id}\n`;
      stdout.write(`${bundleText(report)}${outcome}`);
    }
    return record === undefined ? EXIT.broken : EXIT.ok;
  },
};

function lineOf({ id, imported_ms, tenant, scope, events }: ImportRecord): string {
  const when = new Date(imported_ms).toISOString();
  return `${printable(`${id}  ${when}  tenant ${tenant}, ${String(scope['kind'])}, ${counted(events, 'event')}`)}\n`;
}
