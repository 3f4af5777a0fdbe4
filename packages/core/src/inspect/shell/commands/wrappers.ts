import { foundDenying } from '../effects.ts';
import { type Field, field, isKnown, type Stream, unknownStream } from '../field.ts';
import { type OptionStyle, readOptions, valuesFor } from '../options.ts';
import type { Invocation, Judge } from '../reader.ts';
import { childScope, type Scope } from '../scope.ts';
import { readSetting } from '../setting.ts';
import { judgePlain } from './plain.ts';

interface Wrapper extends OptionStyle {
  /** Operands of its own before the command. */
  readonly own?: number;
  /** What its use alone means. */
  readonly privilege?: string;
  /** An option whose value is the command, as code. */
  readonly code?: string;
}

const ENVIRONMENT = 'u unset C chdir';
const ROOT = 'runs with the rights of another user';

/** Programs that run the command among their arguments. */
const PREFIXES: Readonly<Record<string, Wrapper>> = {
  sudo: {
    valued:
      'u g h p C c T t r D R U user group host prompt close-from chdir chroot role type command-timeout',
    privilege: ROOT,
  },
  doas: { valued: 'u C', privilege: ROOT },
  pkexec: { valued: 'user', privilege: ROOT },
  gosu: { own: 1, privilege: ROOT },
  'su-exec': { own: 1, privilege: ROOT },
  runuser: { valued: 'u c user command g group G s shell', privilege: ROOT, code: 'c command' },
  chroot: { valued: 'userspec groups', own: 1, privilege: 'changes the root folder' },
  nsenter: { valued: 't S G target setuid setgid', privilege: 'enters the namespaces of another process' },
  unshare: { valued: 'S G R setuid setgid root map-user map-group propagation' },
  capsh: { privilege: 'changes the capabilities of a process' },
  setpriv: { valued: 'reuid regid groups', privilege: 'changes the rights of a process' },
  env: { valued: `${ENVIRONMENT} P` },
  nohup: {},
  setsid: {},
  disown: {},
  exec: { valued: 'a' },
  builtin: {},
  time: { valued: 'f o format output' },
  timeout: { valued: 's k signal kill-after', own: 1 },
  gtimeout: { valued: 's k signal kill-after', own: 1 },
  nice: { valued: 'n adjustment' },
  ionice: { valued: 'c n p class classdata pid' },
  chrt: { valued: 'p T P D', own: 1 },
  taskset: { valued: 'p', own: 1 },
  numactl: { valued: 'N m C i physcpubind membind cpunodebind interleave' },
  stdbuf: { valued: 'i o e input output error' },
  unbuffer: {},
  strace: { valued: 'e o p s u E a b I O S P X trace' },
  ltrace: { valued: 'e o p s u n l a F x' },
  valgrind: {},
  busybox: {},
  toybox: {},
  fakeroot: {},
  proot: { valued: 'r b w q R' },
  firejail: {},
  grc: { valued: 'e c s' },
  setlock: { own: 1 },
  aoss: {},
  padsp: {},
  setarch: { own: 1 },
  linux64: {},
  linux32: {},
  caffeinate: { valued: 't w' },
  'dbus-run-session': {},
  'xvfb-run': { valued: 'n s e f p w' },
  torsocks: {},
  torify: {},
  proxychains: { valued: 'f' },
  proxychains4: { valued: 'f' },
  rlwrap: { valued: 'f H s b c' },
  script: { valued: 'c command t I O E o', code: 'c command' },
  watch: { valued: 'n interval', code: '' },
  entr: {},
  noglob: {},
  nocorrect: {},
  cpulimit: { valued: 'l limit p pid e exe P path' },
  choom: { valued: 'n adjust p pid' },
  logsave: { own: 1 },
  'aa-exec': { valued: 'p profile n namespace' },
  multitime: { valued: 'n f i o q s b r' },
  softlimit: { valued: 'a c d f l m o p r s t' },
  pexec: {},
  distcc: {},
  eatmydata: {},
  prlimit: {},
  chronic: {},
  faketime: { own: 1 },
  cgexec: { valued: 'g' },
  'systemd-inhibit': {},
  'systemd-cat': { valued: 't p identifier priority' },
  'dumb-init': {},
  tini: {},
  genie: { valued: 'c', code: 'c' },
  npx: { valued: 'p package c call', code: 'c call' },
  bunx: {},
  pnpx: {},
};

function prefix(style: Wrapper): Judge {
  const { privilege, own = 0 } = style;
  return (call) => {
    const { args, scope, stdin, reader } = call;
    if (privilege !== undefined) foundDenying(reader.effects, 'shell.privilege', privilege);
    const options = readOptions(args, { ...style, untilOperand: true });
    const [code] = style.code === undefined ? [] : valuesFor(options, ...style.code.split(' '));
    if (code !== undefined) return reader.code(code.text, childScope(scope), stdin);
    const { inner, rest } = assigned(options.operands, scope, call);
    if (style.code === '') return joinedCode(rest, call);
    // A path where a word of its own is left out is the program.
    const skipped = own > 0 && rest[0]?.text.startsWith('/') === true && call.name === 'setarch' ? 0 : own;
    const output = reader.nested(() => reader.command(rest.slice(skipped), inner, stdin));
    if (call.name === 'exec' || call.name === 'builtin') scope.folder = inner.folder;
    return output;
  };
}

/** `A=b` among the arguments, as `env` and `sudo` take it. */
function assigned(
  operands: readonly Field[],
  scope: Scope,
  { reader, name }: Invocation,
): { readonly inner: Scope; readonly rest: readonly Field[] } {
  if (!['env', 'sudo', 'doas'].includes(name)) return { inner: scope, rest: operands };
  const inner = childScope(scope);
  let index = 0;
  for (; index < operands.length; index++) {
    if (index === 0 && name === 'env' && operands[0]?.text === '-') continue;
    const match = /^([A-Za-z_][\w-]*)=([^]*)$/.exec(operands[index]?.text ?? '');
    if (match === null) break;
    const value = field(match[2] ?? '');
    inner.variables.set(match[1] ?? '', [value]);
    readSetting(match[1] ?? '', value, inner, reader);
  }
  return { inner, rest: operands.slice(index) };
}

function joinedCode(words: readonly Field[], { scope, stdin, reader }: Invocation): Stream {
  return reader.code(words.map(({ text }) => text).join(' '), childScope(scope), stdin);
}

/** `env` alone prints every variable; with `-S` it splits a text into the command. */
const env: Judge = (call) => {
  const text = call.args.find(({ text }) => /^(?:-S|-[a-z]*S|--split-string=?)/.test(text));
  if (text !== undefined) {
    const at = call.args.indexOf(text);
    const attached = text.text.replace(/^(?:-[a-z]*S|--split-string=?)/, '');
    const words = attached === '' ? call.args.slice(at + 1) : [field(attached), ...call.args.slice(at + 1)];
    return joinedCode(words, call);
  }
  const { operands } = readOptions(call.args, { valued: ENVIRONMENT, untilOperand: true });
  if (operands.every(({ text }) => /^[A-Za-z_]\w*=/.test(text))) return printsEnvironment(call);
  return envPrefix(call);
};
const envPrefix = prefix({ valued: `${ENVIRONMENT} P` });

const printsEnvironment: Judge = ({ args, reader }) => {
  reader.effects.capabilities.add('fs.read');
  const named = args.filter(({ text }) => !text.startsWith('-'));
  return named.length > 0 ? unknownStream('program') : unknownStream('program', 'secret');
};

/** `command -v` looks a program up, `command` runs it. */
const command: Judge = (call) => {
  const { operands, flags } = readOptions(call.args, { untilOperand: true });
  if (flags.has('v') || flags.has('V')) {
    // SECURITY: names that are looked up have no options; words that have are a command by the look of it.
    if (!operands.slice(1).some(({ text }) => text.startsWith('-')))
      return lookUp({ ...call, args: operands });
  }
  return call.reader.nested(() => call.reader.command(operands, call.scope, call.stdin));
};

/** What `which` writes is the program, wherever it is. */
const lookUp: Judge = ({ args, reader }) => {
  reader.effects.capabilities.add('fs.read');
  const [program, ...others] = args.filter(({ text }) => !text.startsWith('-'));
  if (program === undefined || others.length > 0) return unknownStream('program');
  return isKnown(program.text) ? { text: `${program.text}\n`, from: new Set() } : unknownStream('program');
};

const su: Judge = (call) => {
  const { scope, stdin, reader, args } = call;
  foundDenying(reader.effects, 'shell.privilege', ROOT);
  const options = readOptions(args, { valued: 'c command s shell g group G w' });
  const [code] = valuesFor(options, 'c', 'command');
  return code === undefined ? unknownStream('program') : reader.code(code.text, childScope(scope), stdin);
};

const flock: Judge = (call) => {
  const options = readOptions(call.args, { valued: 'w timeout E conflict-exit-code', untilOperand: true });
  const rest = options.operands.slice(1);
  const [first, code] = rest;
  if (first?.text === '-c' && code !== undefined) return joinedCode([code], call);
  return call.reader.nested(() => call.reader.command(rest, call.scope, call.stdin));
};

/** `perf stat X`, `xdotool exec X`: a word of its own, then options, then the command. */
const verb: Judge = (call) => {
  const [, ...rest] = call.args;
  call.reader.effects.capabilities.add('exec');
  const { operands } = readOptions(rest, {
    valued: 'e event p pid t tid o output C cpu F r',
    untilOperand: true,
  });
  return call.reader.nested(() => call.reader.command(operands, call.scope, call.stdin));
};

/** Each of its operands is a whole text of shell. */
const benchmark: Judge = (call) => {
  const { operands } = readOptions(call.args, {
    valued:
      'w warmup m min-runs M max-runs r runs s setup p prepare c cleanup P parameter-scan L parameter-list S shell',
  });
  for (const { text } of operands) call.reader.code(text, childScope(call.scope), undefined);
  return unknownStream('program');
};

/** `poetry run X`, `uv run X`: a word of its own, then the command. */
const runner: Judge = (call) => {
  const at = call.args.findIndex(({ text }) => text === 'run' || text === 'exec' || text === 'x');
  call.reader.effects.capabilities.add('exec');
  if (at === -1) return unknownStream('program');
  const { operands } = readOptions(call.args.slice(at + 1), { valued: 'with python p', untilOperand: true });
  return call.reader.nested(() => call.reader.command(operands, call.scope, call.stdin));
};

/** `cmake -E rm`: its own names for what the programs of that name do, and wrappers for others. */
const cmake: Judge = (call) => {
  const [mode, verb, ...rest] = call.args;
  call.reader.effects.capabilities.add('exec').add('fs.write');
  if (mode?.text !== '-E' || verb === undefined) return unknownStream('program');
  const own = verb.text === 'chdir' ? 1 : 0;
  const words = /^(?:env|rm|touch|tar)$/.test(verb.text)
    ? [verb, ...rest]
    : /^(?:time|chdir)$/.test(verb.text)
      ? rest.slice(own)
      : /^remove_directory$/.test(verb.text)
        ? [field('rm'), field('-r'), ...rest]
        : [];
  return call.reader.nested(() => call.reader.command(words, call.scope, call.stdin));
};

/** `npm exec X`: what a package manager runs that is no script of the project. */
export const managed: Judge = (call) => {
  const at = call.args.findIndex(({ text }) => /^(?:exec|x|dlx)$/.test(text));
  if (at === -1 || call.args.slice(0, at).some(({ text }) => !text.startsWith('-'))) return judgePlain(call);
  const { operands } = readOptions(call.args.slice(at + 1), { valued: 'p package', untilOperand: true });
  return call.reader.nested(() => call.reader.command(operands, call.scope, call.stdin));
};

export const WRAPPERS: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(Object.entries(PREFIXES).map(([name, style]) => [name, prefix(style)])),
  env,
  printenv: printsEnvironment,
  command,
  which: lookUp,
  type: lookUp,
  su,
  flock,
  perf: verb,
  xdotool: verb,
  hyperfine: benchmark,
  poetry: runner,
  pipenv: runner,
  uv: runner,
  bundle: runner,
  cmake,
  conda: runner,
  yarn: managed,
  pnpm: managed,
};
