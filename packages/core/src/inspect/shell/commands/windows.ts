import { foundDenying } from '../effects.ts';
import { isKnown } from '../field.ts';
import type { Judge } from '../reader.ts';
import { childScope } from '../scope.ts';
import { judgePlain } from './plain.ts';
import { applyRules, one, type Rule } from './rules.ts';

const TREE = one('shell.destructive', 'deletes a folder with everything in it', /(?:^| )[/-]s\b/i);
const ITEM = one('shell.destructive', 'deletes a folder with everything in it', /(?:^| )-r(?:ec\w*)?\b/i);
const FETCH = one('shell.download_and_run', 'runs code that comes from the network', /https?:/i);

/** Programs of Windows, which a shell of another system may start, too; names in lower case. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'remove-item': ITEM,
  ri: ITEM,
  del: TREE,
  erase: TREE,
  rd: TREE,
  format: one('shell.destructive', 'makes a file system or partitions', /^[a-z]:/i),
  diskpart: one('shell.destructive', 'makes a file system or partitions'),
  vssadmin: one('shell.destructive', 'deletes copies that files could be restored from', /delete/i),
  wbadmin: one('shell.destructive', 'deletes copies that files could be restored from', /delete/i),
  bcdedit: one('shell.disruption', 'changes how the machine starts', /\/(?:set|delete)/i),
  wevtutil: one('shell.evasion', 'deletes logs', /^(?:cl|clear-log)\b/i),
  schtasks: one('shell.persistence', 'runs a command later', /\/create/i),
  mshta: FETCH,
  regsvr32: FETCH,
  rundll32: one('shell.hidden_code', 'starts code from another program', /javascript:|https?:/i),
};

const ruled: Judge = (call) => {
  applyRules(RULES[call.name.toLowerCase()] ?? [], call);
  return judgePlain(call);
};

/** `cmd /c` runs the rest of its words. */
const cmd: Judge = (call) => {
  const at = call.args.findIndex(({ text }) => /^\/[ckr]$/i.test(text));
  if (at === -1) return judgePlain(call);
  return call.reader.nested(() => call.reader.command(call.args.slice(at + 1), call.scope, call.stdin));
};

/** Options may be shortened to any length: `-e`, `-enc`, `-EncodedCommand`. */
const powershell: Judge = (call) => {
  const { args, reader, scope } = call;
  if (args.some(({ text }) => /^[-/]e(?:c|nc?\w*)?$/i.test(text))) {
    foundDenying(reader.effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
  }
  const at = args.findIndex(({ text }) => !/^[-/]/.test(text));
  const code = args
    .slice(at === -1 ? args.length : at)
    .map(({ text }) => text)
    .join(' ');
  if (
    /\b(?:iex|Invoke-Expression)\b/i.test(code) &&
    /https?:|WebClient|iwr|Invoke-WebRequest|irm/i.test(code)
  ) {
    foundDenying(reader.effects, 'shell.download_and_run', 'runs code that comes from the network');
  }
  if (/Sockets\.TCPClient|Net\.Sockets/i.test(code)) {
    foundDenying(reader.effects, 'shell.reverse_shell', 'ties programs to a connection');
  }
  reader.effects.capabilities.add('exec');
  // Commands of both look alike as far as the rules above go.
  if (code !== '' && isKnown(code) && (reader.parse(code).errors?.length ?? 0) === 0) {
    return reader.code(code, childScope(scope), undefined);
  }
  return judgePlain(call);
};

export const WINDOWS: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(Object.keys(RULES).map((name) => [name, ruled])),
  'Remove-Item': ruled,
  cmd,
  'cmd.exe': cmd,
  powershell,
  'powershell.exe': powershell,
  pwsh: powershell,
};
