import { readFile } from 'node:fs/promises';
import { AegisError, isJsonObject, type JsonObject, MAX_GRANT_MS, parseStrict } from '@aegis/core';
import type { GrantWish } from '../../../daemon/approvals.ts';
import { atDesk, personHere } from '../../approvals/at-desk.ts';
import { tell } from '../../approvals/outcome.ts';
import { approvalText, diffText } from '../../approvals/text.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { agreed } from '../../confirm.ts';
import { textOf } from '../../ledger/given.ts';
import { parseDuration } from '../../ledger/time.ts';
import { find, idOf } from './show.ts';

export const approvalsApprove: Command = {
  options: {
    ...CONFIG_OPTION,
    grant: { type: 'string' },
    agent: { type: 'string' },
    tool: { type: 'string' },
    args: { type: 'string' },
    edit: { type: 'string' },
    why: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
    json: { type: 'boolean' },
  },
  positionals: 1,
  async run(args, terminal) {
    const id = idOf(args, 'approve');
    const grant = grantOf(args);
    const file = textOf(args, 'edit');
    const edited = file === undefined ? undefined : await readArguments(file);
    const why = textOf(args, 'why');
    const json = args.options['json'] === true;
    return atDesk(args, terminal, async (approvals) => {
      const person = personHere(approvals);
      const shown = await find(approvals, id);
      const { stderr } = terminal;
      if (!json) stderr.write(approvalText(shown, Date.now()));
      if (edited !== undefined && !json) {
        stderr.write(`changes\n${diffText(shown.question?.args ?? {}, edited)}`);
      }
      const asked = { ask: `Approve this as ${person.name}?`, nothing: 'nothing was approved' };
      const go = await agreed(terminal, args.options['yes'] === true, asked);
      if (go !== true) return go;
      const taken = await approvals.desk.answer(id, {
        person,
        door: 'cli',
        approved: true,
        ...(why === undefined ? {} : { why }),
        ...(edited === undefined ? {} : { edited }),
        ...(grant === undefined ? {} : { grant }),
      });
      return tell(taken, json, terminal);
    });
  },
};

/** The grant that the options ask for. Fails with `USAGE`. */
function grantOf(args: Arguments): GrantWish | undefined {
  const scope = textOf(args, 'grant');
  const [agent, name, patterns] = [textOf(args, 'agent'), textOf(args, 'tool'), textOf(args, 'args')];
  if (scope === undefined) {
    if (agent === undefined && name === undefined && patterns === undefined) return undefined;
    throw usage('--agent, --tool and --args say what is granted: give --grant as well');
  }
  const ms = scope === 'session' ? undefined : parseDuration(scope, 'grant');
  if (ms !== undefined && ms > MAX_GRANT_MS) throw usage('a grant is for 7d at most');
  return {
    scope: ms === undefined ? { kind: 'session' } : { kind: 'time', ms },
    ...(agent === undefined ? {} : { agent }),
    ...(name === undefined ? {} : { name }),
    ...(patterns === undefined ? {} : { args: patternsOf(patterns) }),
  };
}

function patternsOf(text: string): NonNullable<GrantWish['args']> {
  if (text === 'any') return 'any';
  const parsed = parseStrict(text);
  const table = parsed.ok && isJsonObject(parsed.value) ? Object.entries(parsed.value) : undefined;
  const globs = table?.flatMap(([key, glob]) => (typeof glob === 'string' ? [[key, glob] as const] : []));
  if (table === undefined || globs?.length !== table.length) {
    throw usage('--args: give `any`, or globs by argument: \'{"path": "reports/*"}\'');
  }
  return Object.fromEntries(globs);
}

async function readArguments(file: string): Promise<JsonObject> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${error.code ?? 'unknown error'}`);
  });
  const parsed = parseStrict(text);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  throw usage(`--edit: \`${file}\` holds no JSON object`);
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis approvals approve --help' });
}
