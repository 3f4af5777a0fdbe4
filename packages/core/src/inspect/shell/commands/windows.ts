import { foundDenying } from '../effects.ts';
import { isKnown } from '../field.ts';
import type { Invocation, Judge } from '../reader.ts';
import { childScope } from '../scope.ts';
import { judgePlain } from './plain.ts';
import { applyRules, one, type Rule } from './rules.ts';
import { readWindowsText } from './windows-text.ts';

const TREE = one('shell.destructive', 'deletes a folder with everything in it', /(?:^| )[/-]s\b/i);
const ITEM = one('shell.destructive', 'deletes a folder with everything in it', /(?:^| )-r(?:ec\w*)?\b/i);
const FETCH = one('shell.download_and_run', 'runs code that comes from the network', /https?:/i);

const REGISTRY =
  /^(?:add|import|restore)\b.{0,300}(?:\\{1,4}Run(?:Once)?\b|Winlogon|Image File Execution|Policies|Windows Defender|Terminal Server|\\{1,4}Services\\{1,4})|^save\b.{0,300}\b(?:sam|system|security)\b/i;

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
  reg: one('shell.persistence', 'changes what starts by itself, or what guards the machine', REGISTRY),
  net: [
    ...one(
      'shell.persistence',
      'changes the accounts of the machine',
      /^(?:user|localgroup|group)\b.{0,300}\/(?:add|del)/i,
    ),
    ...one('shell.evasion', 'stops a service that guards the machine', /^stop\b/i),
  ],
  sc: [
    ...one('shell.persistence', 'changes what starts by itself', /^(?:create|config)\b/i),
    ...one('shell.evasion', 'stops a service that guards the machine', /^(?:stop|delete)\b/i),
  ],
  wmic: [
    ...one(
      'shell.destructive',
      'deletes copies that files could be restored from',
      /shadowcopy\b.{0,300}delete/i,
    ),
    ...one('shell.hidden_code', 'starts code from another program', /process\b.{0,300}call\b.{0,300}create/i),
  ],
  netsh: one(
    'shell.evasion',
    'opens the firewall',
    /firewall\b.{0,300}(?:off|disable|add|delete)|portproxy\b.{0,300}add/i,
  ),
  fsutil: one('shell.evasion', 'deletes logs', /deletejournal/i),
  cipher: one('shell.destructive', 'overwrites files beyond recovery', /\/w/i),
  icacls: one(
    'shell.privilege',
    'lets everyone write what guards the machine',
    /(?:everyone|\*S-1-1-0):.{0,300}F/i,
  ),
  takeown: one('shell.privilege', 'takes files of other users', /\/r\b|windows/i),
  bitsadmin: one('shell.download_and_run', 'fetches a program', /\/(?:transfer|addfile)\b.{0,300}https?:/i),
  certutil: one(
    'shell.download_and_run',
    'fetches a program',
    /-(?:urlcache|verifyctl|url)\b.{0,300}https?:/i,
  ),
  msiexec: FETCH,
  wscript: FETCH,
  cscript: FETCH,
  rundll32: one('shell.hidden_code', 'starts code from another program', /javascript:|https?:/i),
};

/** The name of a program as Windows compares it. */
const nameOf = ({ name }: Invocation): string => name.toLowerCase().replace(/\.exe$/, '');

const ruled: Judge = (call) => {
  applyRules(RULES[nameOf(call)] ?? [], call);
  readWindowsText(call.args.map(({ text }) => text).join(' '), call.reader);
  return judgePlain(call);
};

/** `cmd /c` runs the rest of its words, or one word that is the whole line. */
const cmd: Judge = (call) => {
  const { args, reader, scope, stdin } = call;
  const at = args.findIndex(({ text }) => /^\/[ckr]$/i.test(text));
  if (at === -1) return judgePlain(call);
  const words = args.slice(at + 1);
  const line = words.map(({ text }) => text).join(' ');
  readWindowsText(line, reader);
  const [only] = words;
  if (words.length === 1 && only !== undefined && /\s/.test(only.text)) {
    if (isWholeText(line, call)) return reader.code(line, childScope(scope), stdin);
    return judgePlain(call);
  }
  return reader.nested(() => reader.command(words, scope, stdin));
};

function isWholeText(code: string, { reader }: Invocation): boolean {
  return code !== '' && isKnown(code) && (reader.parse(code).errors?.length ?? 0) === 0;
}

/** Options may be shortened to any length: `-e`, `-enc`, `-EncodedCommand`. */
const powershell: Judge = (call) => {
  const { args, reader, scope } = call;
  if (args.some(({ text }) => /^[-/]e(?:c|nc?\w*)?$/i.test(text))) {
    foundDenying(reader.effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
  }
  readWindowsText(args.map(({ text }) => text).join(' '), reader);
  const rest = args.findIndex(
    ({ text }, index) => !/^[-/]/.test(text) && !VALUED.test(args[index - 1]?.text ?? ''),
  );
  const code = args
    .slice(rest === -1 ? args.length : rest)
    .map(({ text }) => text)
    .join(' ');
  reader.effects.capabilities.add('exec');
  const typed = call.stdin?.text;
  if (code === '' && typed !== undefined) {
    readWindowsText(typed, reader);
    if (isWholeText(typed, call)) return reader.code(typed, childScope(scope), undefined);
  }
  // Commands of both look alike as far as the rules above go.
  if (isWholeText(code, call)) return reader.code(code, childScope(scope), undefined);
  return judgePlain(call);
};

/** Options of PowerShell before the code that take a word of their own. */
const VALUED = /^[-/](?:ex\w*|ep|w(?:i\w*)?|v\w*|in\w*|o\w*|wo\w*|cus\w*|conf\w*)$/i;

export const WINDOWS: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(
    Object.keys(RULES).flatMap((name) => [name, `${name}.exe`].map((one) => [one, ruled])),
  ),
  'Remove-Item': ruled,
  cmd,
  'cmd.exe': cmd,
  'pwsh.exe': powershell,
  powershell,
  'powershell.exe': powershell,
  pwsh: powershell,
};
