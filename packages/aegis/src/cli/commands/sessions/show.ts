import { AegisError, type Envelope, parseStrict, printable } from '@aegis/core';
import { type SeenSession, seeSession } from '../../../keeper/sessions.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { eventLine } from '../../event-line.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';

export const sessionsShow: Command = {
  options: { ...CONFIG_OPTION, tenant: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  async run(args, terminal) {
    const [session] = args.positionals;
    if (session === undefined) {
      throw new AegisError('USAGE', 'name the session', { help: '`aegis sessions list` shows the newest' });
    }
    const seen = await seeSession(await ledgerPlace(args, terminal), session, textOf(args, 'tenant'));
    terminal.stdout.write(
      args.options['json'] === true ? `${JSON.stringify(stateOf(seen))}\n` : report(seen),
    );
    return seen.problems.length === 0 ? EXIT.ok : EXIT.broken;
  },
};

function stateOf({ snapshot, problems }: SeenSession) {
  const { tenant, session, agent, user, startedAtMs, events, steps, toolCalls, denied, terminated } =
    snapshot;
  return {
    tenant,
    session,
    agent,
    user,
    started_at_ms: startedAtMs,
    events,
    steps,
    tool_calls: toolCalls,
    denied,
    open_calls: snapshot.openCalls.size,
    receipts: snapshot.receipts.map(({ name, subject, expiresAtMs }) => ({
      name,
      subject,
      expires_at_ms: expiresAtMs,
    })),
    terminated,
    problems,
  };
}

function report(seen: SeenSession): string {
  const { agent, tenant, steps, tool_calls, denied, open_calls, terminated, problems } = stateOf(seen);
  const lines = [
    `agent ${agent} of tenant ${tenant}: ${steps} steps, ${tool_calls} tool calls, ${denied} denied, ${open_calls} under way, ${terminated ? 'ended' : 'open'}`,
    ...seen.entries.map(({ body, position }) => {
      const parsed = parseStrict(body);
      return parsed.ok ? eventLine(parsed.value as unknown as Envelope) : `position ${position}: no JSON`;
    }),
    ...(problems.length === 0 ? ['chain intact'] : problems.map((problem) => `broken: ${problem}`)),
  ];
  return `${lines.map((line) => printable(line)).join('\n')}\n`;
}
