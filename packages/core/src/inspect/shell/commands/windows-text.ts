import { foundDenying } from '../effects.ts';
import type { Reader } from '../reader.ts';
import type { Rule } from './rules.ts';

/** Longest text that is looked through. */
const MAX_TEXT = 4096;

const FETCHES =
  /https?:|WebClient|\b(?:iwr|irm|curl|wget)\b|Invoke-(?:WebRequest|RestMethod)|DownloadString|DownloadFile|Start-BitsTransfer/i;

/** What a text of PowerShell does by the names in it: they are the same in any order and any spelling of case. */
const RULES: readonly Rule[] = [
  {
    id: 'shell.reverse_shell',
    message: 'ties programs to a connection',
    when: /Sockets\.TCPClient|Net\.Sockets/i,
  },
  {
    id: 'shell.encoded_code',
    message: 'runs code that only decoding brings to light',
    when: /FromBase64String|IO\.Compression\.(?:Gzip|Deflate)Stream|-bxor\b/i,
  },
  {
    id: 'shell.evasion',
    message: 'turns a guard of the system off',
    when: /(?:Set|Add)-MpPreference\b.{0,300}-(?:Disable|Exclusion)|Set-ExecutionPolicy\s{1,9}\S{0,40}(?:Bypass|Unrestricted)|AmsiUtils|amsiInitFailed|Stop-Service\b.{0,300}(?:WinDefend|Sense|EventLog)|Set-NetFirewallProfile\b.{0,300}-Enabled\s{1,9}\S{0,9}False/i,
  },
  {
    id: 'shell.evasion',
    message: 'deletes logs',
    when: /\b(?:Clear|Remove|Limit)-EventLog\b|Clear-History\b|ConsoleHost_history/i,
  },
  {
    id: 'shell.destructive',
    message: 'deletes what the system or its user needs',
    when: /\b(?:Format-Volume|Clear-Disk|Initialize-Disk|Remove-Partition)\b|Win32_ShadowCopy|Remove-(?:Az|AWS|GC|S3|EC2)\w{1,60}\b.{0,300}-Force/i,
  },
  {
    id: 'shell.persistence',
    message: 'changes what starts by itself, or who may come in',
    when: /\b(?:Register-ScheduledTask|New-ScheduledTask|New-Service|New-LocalUser|Add-LocalGroupMember|Set-LocalUser|Enable-PSRemoting)\b|CurrentVersion\\{1,4}Run\b|__EventFilter|\$PROFILE\b/i,
  },
  {
    id: 'shell.credential_read',
    message: 'reads what is stored of passwords',
    when: /Get-Credential\b.{0,300}GetNetworkCredential|ConvertFrom-SecureString\b|Invoke-Mimikatz|sekurlsa|MiniDump|Get-StoredCredential/i,
  },
];

/** Reads a line that a shell of Windows runs. What it downloads and runs at once counts only together. */
export function readWindowsText(line: string, { effects }: Reader): void {
  const text = line.slice(0, MAX_TEXT).replace(/[`^]/g, '');
  for (const { id, message, when } of RULES) if (when.test(text)) foundDenying(effects, id, message);
  const runs =
    /\b(?:iex|Invoke-Expression|Start-Process|saps|Invoke-Command|icm)\b|\|\s*(?:iex|powershell)|&\s*\(|\.\s*\(/i;
  if (runs.test(text) && FETCHES.test(text)) {
    foundDenying(effects, 'shell.download_and_run', 'runs code that comes from the network');
  }
}
