import { readCode } from '../code.ts';
import { foundDenying } from '../effects.ts';
import { isKnown } from '../field.ts';
import type { Invocation } from '../reader.ts';
import { childScope } from '../scope.ts';
import { noteShellStart } from './shell-starts.ts';

/** An option whose value a program runs: as an argument of its own, or the part of one that the group catches. */
interface RunningOption {
  readonly option: RegExp;
  /** In a language of the program's own; otherwise it is shell. */
  readonly language?: true;
}

const shell = (option: RegExp): RunningOption => ({ option });
const code = (option: RegExp): RunningOption => ({ option, language: true });

const COMPILER = [shell(/^-wrapper(?:=([^]*))?$/)];
const LATEX = [shell(/\\write18\s*\{([^}]*)\}/)];
const APT = [shell(/^(?:-o\s*)?\w*(?:::\w+)*::(?:Pre|Post)-Invoke(?:-\w+)?(?:::)?=([^]*)$/i)];
const EDITOR = [shell(/^(?:-s|--speller)(?:=?([^]+))?$/)];

/** By program; those whose whole work is to run another program are in `wrappers.ts`. */
const OPTIONS: Readonly<Record<string, readonly RunningOption[]>> = {
  gcc: COMPILER,
  'g++': COMPILER,
  cc: COMPILER,
  c89: COMPILER,
  c99: COMPILER,
  clang: COMPILER,
  split: [shell(/^--filter(?:=([^]*))?$/)],
  dmsetup: [shell(/^--exec(?:=([^]*))?$/)],
  rpm: [shell(/^--pipe(?:=([^]*))?$/), code(/%\{lua:([^]*)\}/)],
  openvpn: [shell(/^--(?:up|down|route-up|tls-verify|ipchange|client-connect)$/)],
  apt: APT,
  'apt-get': APT,
  aptitude: APT,
  certbot: [shell(/^--(?:pre|post|deploy|renew|manual-auth|manual-cleanup)-hook(?:=([^]*))?$/)],
  tcpdump: [shell(/^-z([^]+)?$/)],
  npm: [shell(/^--script-shell(?:=([^]*))?$/), shell(/^script-shell(?:=([^]*))?$/)],
  nano: EDITOR,
  pico: EDITOR,
  man: [shell(/^-H([^]+)$/), shell(/^--html=([^]*)$/)],
  mail: [shell(/^--exec=!?([^]*)$/)],
  gem: [shell(/^-e$/), shell(/^--editor(?:=([^]*))?$/)],
  make: [shell(/^--eval=?[^\t;]*[\t;][-@+]*([^]*)$/)],
  pdflatex: LATEX,
  latex: LATEX,
  xelatex: LATEX,
  lualatex: LATEX,
  puppet: [code(/^(?:-e|--execute)(?:=([^]*))?$/)],
  gimp: [code(/^(?:-b|--batch)(?:=([^]*))?$/)],
  ghc: [code(/^-e([^]+)?$/)],
  gdb: [code(/^(?:python|py)\s+([^]*)$/), shell(/^(?:!|shell\s)\s*([^]*)$/)],
  service: [shell(/^((?:\.\.\/)+[^]*)$/)],
  scp: [shell(/^-S([^]+)?$/)],
  wget: [shell(/^--use-askpass(?:=([^]*))?$/)],
  check_by_ssh: [shell(/^ProxyCommand[ =]([^]*)$/)],
};

/** Programs that take commands line by line, some of which start a shell. */
const TYPED: ReadonlySet<string> = new Set(
  'ed red ex vi vim ftp sftp lftp telnet mail mailx crash cpan tdbtool scanmem dpkg git man journalctl less more psql mysql mariadb sqlite3 gdb nslookup apt apt-get dmesg gcloud aws gh kubectl systemctl loginctl timedatectl nmap ssh scanmem'.split(
    ' ',
  ),
);
const TYPED_COMMAND = /^\s*(?:[rw]?\s*\\?!|shell\s|\.shell\s|\.system\s)\s*(\S.*)$/;

/** Reads what a program is told to run by an option of its own, or by what is typed into it. */
export function readEscapes(call: Invocation): void {
  const { name, args, stdin } = call;
  const options = Object.hasOwn(OPTIONS, name) ? (OPTIONS[name] ?? []) : [];
  for (const { option, language } of options) {
    for (const [index, { text }] of args.entries()) {
      const match = option.exec(text);
      if (match === null) continue;
      const value = match[1] ?? args[index + 1]?.text ?? '';
      run(options === COMPILER ? value.replaceAll(',', ' ') : value, language === true, call);
    }
  }
  if (
    name === 'gdb' &&
    args.some(({ text }) => /^(?:dump (?:binary )?(?:memory|value)|generate-core-file|gcore)\b/.test(text))
  ) {
    foundDenying(call.reader.effects, 'shell.credential_read', 'copies the memory of a process');
  }
  if (TYPED.has(name)) noteShellStart({ ...call, args: [] });
  if (!TYPED.has(name) || stdin?.text === undefined) return;
  for (const line of stdin.text.split('\n')) {
    const typed = TYPED_COMMAND.exec(line)?.[1];
    if (typed !== undefined) run(typed, name === 'cpan', call);
  }
}

/** A shell, or a file where everybody may put one: nothing that an option of this kind is for. */
const STARTS_SHELL =
  /^\s*(?:exec\s+)?(?:\S*\/)?(?:ba|da|z|k|a|fi|tc|c)?sh(?:\s|$)|^\s*(?:\/var)?\/(?:tmp|dev\/shm)\//;

/** Whether a command that another program is told to run by an option is a shell of its own. */
export function startsShell(code: string): boolean {
  return STARTS_SHELL.test(code);
}

function run(text: string, language: boolean, { reader, scope }: Invocation): void {
  if (!language && startsShell(text)) {
    foundDenying(reader.effects, 'shell.hidden_code', 'an option runs a program');
  }
  if (text === '' || !isKnown(text)) return;
  if (language) readCode(text, scope, reader);
  else reader.code(text, childScope(scope), undefined);
}
