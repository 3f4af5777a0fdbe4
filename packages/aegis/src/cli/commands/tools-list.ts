import { type Pin, readPinned } from '../../daemon/pinned.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { short, when } from '../tools/change.ts';
import { suspectIds } from '../tools/findings.ts';
import { waits } from '../tools/selection.ts';
import { visibleName } from '../tools/visible.ts';

export const toolsList: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const configuration = await configure(args, terminal);
    const servers = new Set(configuration.servers.map(({ name }) => name));
    const listed = (await readPinned(configuration, terminal.environment)).map((pin) =>
      lineOf(pin, servers.has(pin.server)),
    );
    const { stdout } = terminal;
    if (args.options['json'] === true) {
      stdout.write(`${JSON.stringify({ definitions: listed })}\n`);
      return EXIT.ok;
    }
    stdout.write(listed.length === 0 ? 'no tool has been seen yet\n' : table(listed));
    const waiting = listed.filter((line) => line.waits).length;
    for (const { server, name, waits: waiting, findings } of listed) {
      if (!waiting || findings.length === 0) continue;
      stdout.write(`\n${visibleName(`${server}/${name}`)} may act on the model: ${findings.join(', ')}\n`);
    }
    if (waiting > 0) stdout.write(`\n${waiting} to be looked at: aegis tools diff\n`);
    return EXIT.ok;
  },
};

interface Listed {
  readonly server: string;
  readonly kind: Pin['kind'];
  readonly name: string;
  readonly state: Pin['state'] | 'broken';
  /** Fingerprint of the definition in force; null while there is none. */
  readonly pinned: string | null;
  /** Fingerprint of the newest one that is not in force. */
  readonly offered: string | null;
  readonly accepted_by: string | null;
  readonly since_unix_ms: number;
  readonly waits: boolean;
  /** Ids of what speaks against the one that is not in force. */
  readonly findings: readonly string[];
}

function lineOf(pin: Pin, configured: boolean): Listed {
  const { server, kind, name, pinned, offered } = pin;
  return {
    server,
    kind,
    name,
    state: pin.broken ? 'broken' : configured ? pin.state : 'gone',
    pinned: pinned?.fingerprint ?? null,
    offered: offered?.fingerprint ?? null,
    accepted_by: pinned?.by ?? null,
    since_unix_ms: pin.sinceMs,
    waits: configured && waits(pin),
    findings: suspectIds(pin),
  };
}

function table(listed: readonly Listed[]): string {
  const rows = [
    ['SERVER', 'NAME', 'KIND', 'STATE', 'FINGERPRINT', 'SINCE'],
    ...listed.map(({ server, name, kind, state, pinned, offered, since_unix_ms: since }) => [
      visibleName(server),
      visibleName(name),
      kind,
      state,
      short(pinned ?? offered ?? '-'),
      when(since),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
