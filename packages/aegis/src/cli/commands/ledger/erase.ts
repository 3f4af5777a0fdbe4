import { AegisError, counted } from '@aegis/core';
import { type ErasurePlan, type ErasureScope, eraseValues } from '../../../keeper/erase.ts';
import { parseEventName } from '../../../keeper/event-place.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { agreed } from '../../confirm.ts';
import { EXIT } from '../../exit.ts';
import { requiredText, textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { operatingSystemUser } from '../../person.ts';
import { warner } from '../../warner.ts';

const HELP = 'aegis ledger erase';

export const ledgerErase: Command = {
  options: {
    ...CONFIG_OPTION,
    session: { type: 'string' },
    event: { type: 'string' },
    user: { type: 'string' },
    tenant: { type: 'string' },
    because: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const scope = scopeOf(args);
    const because = requiredText(args, 'because', 'say why, for the record', HELP);
    const yes = args.options['yes'] === true;
    const json = args.options['json'] === true;
    const { stdout } = terminal;
    let plan: ErasurePlan | undefined;
    let refused: number | undefined;
    const agree = async (found: ErasurePlan): Promise<boolean> => {
      plan = found;
      if (!json) stdout.write(planText(found));
      if (found.values === 0) return false;
      const ask = 'Erase these values? They cannot be brought back.';
      const answer = await agreed(terminal, yes, { ask, nothing: 'nothing was erased' });
      if (answer !== true) refused = answer;
      return answer === true;
    };
    const place = await ledgerPlace(args, terminal);
    const erased = await eraseValues(
      place,
      scope,
      { because, by: operatingSystemUser() },
      warner(terminal),
      agree,
    );
    if (refused !== undefined) return refused;
    if (json) {
      const { events = 0, sessions = 0, kept = 0 } = plan ?? {};
      stdout.write(`${JSON.stringify({ erased: erased ?? 0, events, sessions, kept })}\n`);
    } else if (erased !== undefined) {
      stdout.write(`erased ${counted(erased, 'value')}\n`);
    }
    return EXIT.ok;
  },
};

function scopeOf(args: Arguments): ErasureScope {
  const [session, event, user] = ['session', 'event', 'user'].map((name) => textOf(args, name));
  const tenant = textOf(args, 'tenant');
  if ([session, event, user].filter((one) => one !== undefined).length !== 1) {
    throw new AegisError('USAGE', 'say what to erase: one of --session, --event and --user', {
      help: `${HELP} --help`,
    });
  }
  if (session !== undefined) return { kind: 'session', session, tenant };
  if (event !== undefined) return { kind: 'event', event: parseEventName(event, tenant) };
  return { kind: 'user', user: user ?? '', tenant };
}

function planText({ values, events, sessions, kept }: ErasurePlan): string {
  const left = kept === 0 ? '' : `; ${kept} definitions of pinned tools and policies stay`;
  if (values === 0) return `there is no sealed value to erase${left}\n`;
  return `${counted(values, 'sealed value')} of ${counted(events, 'event')} in ${counted(sessions, 'session')}${left}\nthe events stay, with the hashes of the values; every proof holds\n`;
}
