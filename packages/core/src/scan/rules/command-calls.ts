import type { Call } from '../code/call.ts';
import { type Code, resolve } from '../code/code.ts';
import type { Token } from '../code/token.ts';
import type { Value } from '../code/value.ts';

/** Calls whose first argument is a text for a shell. */
const SHELLS = new Set([
  'child_process.exec',
  'child_process.execSync',
  'child_process/promises.exec',
  'shelljs.exec',
  'execa.execaCommand',
  'execa.execaCommandSync',
  'execa.command',
  'os.system',
  'os.popen',
  'subprocess.getoutput',
  'subprocess.getstatusoutput',
  'asyncio.create_subprocess_shell',
  'commands.getoutput',
]);

/** Calls whose first argument is a program, or a list that begins with one; some take a shell as an option. */
const PROGRAMS = new Set([
  'child_process.spawn',
  'child_process.spawnSync',
  'child_process.execFile',
  'child_process.execFileSync',
  'child_process.fork',
  'execa.execa',
  'execa.execaSync',
  'execa',
  'cross-spawn',
  'Bun.spawn',
  'Bun.spawnSync',
  'Deno.Command',
  'Deno.run',
  'subprocess.run',
  'subprocess.call',
  'subprocess.check_call',
  'subprocess.check_output',
  'subprocess.Popen',
  'asyncio.create_subprocess_exec',
  'pty.spawn',
  'os.execv',
  'os.execvp',
  'os.execl',
  'os.execlp',
  'os.spawnv',
  'os.spawnl',
  'os/exec.Command',
  'os/exec.CommandContext',
  'syscall.Exec',
]);

/** A command that a program starts. */
export interface StartedCommand {
  readonly call: Call;
  /** The text for a shell; undefined where a program is started without one. */
  readonly shell: Value | undefined;
  /** The program; undefined where a shell is given a text. */
  readonly program: Value | undefined;
}

const SHELL_PROGRAMS = /^(?:.{0,64}\/)?(?:(?:ba|da|z|k)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh)$/;

/** Every command that a program starts with a call that is known. */
export function startedCommands(code: Code): readonly StartedCommand[] {
  const found: StartedCommand[] = [];
  for (const call of code.calls) {
    if (SHELLS.has(call.name)) {
      found.push({ call, shell: argument(code, call.args[0] ?? call.named.get('cmd')), program: undefined });
    } else if (PROGRAMS.has(call.name)) found.push(startedProgram(code, call));
  }
  return found;
}

function startedProgram(code: Code, call: Call): StartedCommand {
  const at = call.name === 'os/exec.CommandContext' ? 1 : 0;
  const first = argument(code, call.args[at] ?? call.named.get('args'));
  const [head, ...tail] = first.kind === 'list' ? first.items : [];
  const program = first.kind === 'list' ? argument(code, head) : first;
  if (isTrue(call.named.get('shell')))
    return { call, shell: first.kind === 'list' ? program : first, program: undefined };
  if (program.kind === 'constant' && SHELL_PROGRAMS.test(program.text)) {
    const text = textForShell(code, first.kind === 'list' ? tail : call.args.slice(at + 1));
    if (text !== undefined) return { call, shell: text, program: undefined };
  }
  return { call, shell: undefined, program };
}

/** What stands behind `-c` among arguments, or among the items of the first of them. */
function textForShell(code: Code, args: readonly (readonly Token[])[]): Value | undefined {
  const [first] = args;
  const listed = first === undefined ? undefined : resolve(code, first);
  const words = listed?.kind === 'list' ? listed.items : args;
  const option = words.findIndex((word) => {
    const value = resolve(code, word);
    return value.kind === 'constant' && /^(?:-[a-z]*c|\/c|-Command|-EncodedCommand)$/i.test(value.text);
  });
  return option < 0 || words[option + 1] === undefined ? undefined : argument(code, words[option + 1]);
}

function argument(code: Code, tokens: readonly Token[] | undefined): Value {
  return tokens === undefined ? { kind: 'unknown' } : resolve(code, tokens);
}

function isTrue(tokens: readonly Token[] | undefined): boolean {
  const text = tokens?.length === 1 ? tokens[0]?.text : undefined;
  return (
    text !== undefined && text !== 'false' && text !== 'False' && text !== 'undefined' && text !== 'None'
  );
}
