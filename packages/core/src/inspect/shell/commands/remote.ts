import { foundDenying, foundNoted } from '../effects.ts';
import { type Field, type Stream, unknownStream, withoutTail } from '../field.ts';
import { namePath, readHost, readPathOf, writePathOf } from '../object.ts';
import { readOptions, valuesFor } from '../options.ts';
import type { Invocation, Judge } from '../reader.ts';
import { isRemoteShell } from '../remote-shell.ts';
import { freshScope, type Scope } from '../scope.ts';
import { deletesExtra } from './deleting.ts';
import { startsShell } from './escapes.ts';
import { keepContent } from '../written.ts';
import { sends } from './network.ts';

const SSH = 'b c D E e F I i J L l m O o p Q R S W w B P';

/** Options of ssh that run a program on this machine. */
const RUNS = /^(?:ProxyCommand|LocalCommand|KnownHostsCommand|PKCS11Provider)[= ]\s*([^]*)$/i;

function readSettings(settings: readonly Field[], { reader }: Invocation): void {
  for (const { text } of settings) {
    const code = RUNS.exec(text)?.[1];
    if (code === undefined || code === 'none') continue;
    foundDenying(reader.effects, 'shell.hidden_code', 'an option of `ssh` runs a program');
    reader.code(code, freshScope(), undefined);
  }
}

/** Runs a command on another machine: its files are not these, its harm is harm. */
const ssh: Judge = (call) => {
  const { args, reader, stdin } = call;
  const options = readOptions(args, { valued: SSH, untilOperand: true });
  readSettings(valuesFor(options, 'o'), call);
  reader.effects.capabilities.add('net.egress');
  const [host, ...words] = options.operands;
  if (host !== undefined) readHost({ ...host, text: host.text.replace(/^ssh:\/\//, '') }, reader);
  if (stdin !== undefined) sends([stdin], call);
  if (options.flags.has('R'))
    foundNoted(reader.effects, 'shell.listen', 'lets the other machine connect back');
  const rest = readOptions(words, { valued: SSH, untilOperand: true }).operands;
  if (rest.length === 0) {
    if (stdin?.text !== undefined) elsewhere(stdin.text, undefined, call);
    return unknownStream('download');
  }
  foundNoted(reader.effects, 'shell.remote_command', 'runs a command on another machine');
  const output = elsewhere(rest.map(({ text }) => text).join(' '), stdin, call);
  return { text: undefined, from: new Set([...output.from, 'download']) };
};

/** What a text does as code of a shell on another machine. */
function elsewhere(code: string, stdin: Stream | undefined, { reader }: Invocation): Stream {
  reader.effects.elsewhere++;
  try {
    return reader.code(code, freshScope(), stdin);
  } finally {
    reader.effects.elsewhere--;
  }
}

/** `host:path` and `user@host:path`. */
const OTHER_MACHINE = /^(?:rsync:\/\/|scp:\/\/|sftp:\/\/)?((?:[^@/:]+@)?[^@/:]+):(?!\/\/)/;

/** Keeps what comes from another machine, for the case that the line runs it later. */
function keepCopies(sources: readonly Field[], target: Field, scope: Scope): void {
  for (const { text } of sources) {
    if (!OTHER_MACHINE.test(text)) continue;
    const content = unknownStream('download');
    const name = text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1);
    keepContent(target.text, scope, content);
    keepContent(`${withoutTail(target.text, '/')}/${name}`, scope, content);
  }
}

/** Copies between machines. */
const copy: Judge = (call) => {
  const { args, scope, reader, name } = call;
  const valued =
    name === 'rsync'
      ? 'e f B T M rsh filter exclude exclude-from include include-from files-from rsync-path password-file log-file bwlimit port partial-dir temp-dir backup-dir suffix max-size min-size timeout chmod chown'
      : `${SSH} X`;
  const options = readOptions(args, { valued });
  readSettings(valuesFor(options, 'o'), call);
  for (const { text } of valuesFor(options, 'e', 'rsh', 'rsync-path')) {
    reader.code(text, freshScope(), undefined);
  }
  for (const { text } of valuesFor(options, 'rsync-path')) {
    if (startsShell(text)) foundDenying(reader.effects, 'shell.hidden_code', 'an option runs a program');
  }
  for (const { text } of valuesFor(options, ...(name === 'rsync' ? ['e', 'rsh'] : ['S']))) {
    if (!isRemoteShell(text)) foundDenying(reader.effects, 'shell.hidden_code', 'an option runs a program');
  }
  if (name === 'rsync' && deletesExtra(args)) {
    foundDenying(reader.effects, 'shell.destructive', 'deletes what the source does not have');
  }
  const target = options.operands.at(-1);
  const away = target !== undefined && OTHER_MACHINE.test(target.text);
  for (const operand of options.operands) {
    const host = OTHER_MACHINE.exec(operand.text)?.[1];
    if (host !== undefined) readHost({ ...operand, text: host }, reader);
    else if (operand === target && options.operands.length > 1) {
      writePathOf(operand, scope, reader);
      keepCopies(options.operands.slice(0, -1), operand, scope);
    } else {
      const content = readPathOf(operand, scope, reader);
      if (away) sends([content], call);
    }
  }
  return unknownStream('program');
};

/** `vagrant ssh -c`, `docker-machine ssh`: code for another machine. */
const machine: Judge = (call) => {
  const options = readOptions(call.args, { valued: 'c command' });
  const [code] = valuesFor(options, 'c', 'command');
  call.reader.effects.capabilities.add('exec');
  if (code !== undefined) elsewhere(code.text, call.stdin, call);
  return unknownStream('program');
};

/** `ansible hosts -m shell -a code`: code for other machines. */
const ansible: Judge = (call) => {
  const options = readOptions(call.args, {
    valued: 'm a i l u f e c B P M T t module-name args inventory limit user forks extra-vars connection',
  });
  call.reader.effects.capabilities.add('exec').add('net.egress');
  const module = valuesFor(options, 'm', 'module-name')[0]?.text ?? 'command';
  const runs = /^(?:ansible\.(?:builtin|legacy)\.)?(?:shell|command|raw)$/.test(module);
  for (const { text } of runs ? valuesFor(options, 'a', 'args') : []) elsewhere(text, undefined, call);
  return unknownStream('program');
};

/** Programs that use a key without showing it. */
const key: Judge = ({ args, scope, reader }) => {
  reader.effects.capabilities.add('fs.read');
  for (const arg of args) if (/[/~]/.test(arg.text)) namePath(arg, scope, reader);
  return unknownStream('program');
};

const copyId: Judge = (call) => {
  const { operands } = readOptions(call.args, { valued: 'i p o F t' });
  for (const host of operands) {
    readHost(host, call.reader);
    if (call.name === 'ssh-copy-id' && /^(?:[^@]*@)?(?:localhost|127\.[\d.]+|\[?::1\]?)$/.test(host.text)) {
      foundDenying(call.reader.effects, 'shell.persistence', 'lets a key in on this machine');
    }
  }
  return unknownStream('program');
};

const KEYS = ['ssh-keygen', 'ssh-add', 'ssh-keyscan'] as const;

export const REMOTE: Readonly<Record<string, Judge>> = {
  ssh,
  autossh: ssh,
  mosh: ssh,
  sshpass: (call) => {
    const { operands } = readOptions(call.args, { valued: 'p f d P', untilOperand: true });
    return call.reader.nested(() => call.reader.command(operands, call.scope, call.stdin));
  },
  scp: copy,
  rsync: copy,
  sftp: copyId,
  'ssh-copy-id': copyId,
  vagrant: machine,
  ansible,
  ...Object.fromEntries(KEYS.map((name) => [name, key])),
  'ssh-agent': (call) => {
    const { operands } = readOptions(call.args, { valued: 'a t E P O', untilOperand: true });
    // A shell of its own for a person is what it is for.
    if (operands.length === 0 || (operands.length === 1 && /(?:^|\/)\w*sh$/.test(operands[0]?.text ?? ''))) {
      return unknownStream('program');
    }
    return call.reader.nested(() => call.reader.command(operands, call.scope, call.stdin));
  },
};
