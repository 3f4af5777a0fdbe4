import type { Capability } from '../../model/capability.ts';
import type { Severity } from '../../model/finding.ts';
import { originOf } from '../text/mapped-text.ts';
import type { Reading } from '../text/readings.ts';
import type { TextFinding } from './text-finding.ts';

interface CommandMark {
  /** Of the finding, after `prompt.`. */
  readonly id: string;
  /** Linear: fixed words, and bounded repetitions of which nothing that follows is a member but at their end. */
  readonly pattern: RegExp;
  readonly severity: Severity;
  readonly message: string;
  readonly capability: Capability;
}

/** Commands in a text that do harm to whoever runs them. */
const MARKS: readonly CommandMark[] = [
  {
    id: 'download_and_run',
    pattern:
      /\b(?:curl|wget|iwr|invoke-webrequest)\b[^\n|]{4,200}\|\s{0,3}(?:sudo )?(?:(?:ba|z|da|k)?sh|iex|python3?)\b|powershell(?:\.exe)?\s[^\n]{0,60}-e(?:nc|ncodedcommand)?\s[a-z0-9+/=]{12}/i,
    severity: 'medium',
    message: 'holds a command that runs what it downloads',
    capability: 'exec',
  },
  {
    id: 'download_and_run',
    pattern:
      /\b(?:curl|wget|iwr)\b[^\n|]{0,120}https?:\/\/\d{1,3}(?:\.\d{1,3}){3}[^\n|]{0,120}\|\s{0,3}(?:sudo )?(?:ba|z|da|k)?sh\b/i,
    severity: 'high',
    message: 'holds a command that runs what a nameless host sends',
    capability: 'exec',
  },
  {
    id: 'encoded_command',
    pattern:
      /\bbase64\s{1,3}(?:-d|-D|--decode)\b[^\n|]{0,60}\|\s{0,3}(?:sudo )?(?:(?:ba|z|da|k)?sh|python3?|perl|node)\b|\b(?:ba|z|da)?sh\s{1,3}-c\s{1,3}["'`]?\$\(\s?(?:echo|printf)[^\n)]{8,400}base64 -d/i,
    severity: 'high',
    message: 'holds a command that runs what is encoded in it',
    capability: 'exec',
  },
  {
    id: 'carrying_command',
    pattern:
      /\b(?:curl|wget|nc|http)\b[^\n]{0,200}(?:-d|--data(?:-[a-z]{3,9})?|-F|-T|--upload-file|--post-(?:data|file))[ =][^\n]{0,80}(?:\$\(\s?|`)(?:uname|whoami|hostname|id\b|env\b|printenv|history|ifconfig|ip a|(?:cat|base64)[^\n)]{1,60}(?:\.env\b(?!\.(?:example|sample))|\.ssh\/|\.aws\/|credentials\b|id_(?:rsa|ed25519)|\.netrc|\.npmrc|\.pgpass|\.kube\/|\/etc\/(?:passwd|shadow)|_history\b))[^\n]{0,160}https?:\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1|(?:[\w-]{1,63}\.){0,3}example\.)/i,
    severity: 'high',
    message: 'holds a command that sends what the machine knows',
    capability: 'net.egress',
  },
  {
    id: 'carrying_command',
    pattern:
      /\b(?:curl|wget|nc|http)\b[^\n]{0,200}(?:@|<\s?|--post-file=|-T )[~./\w-]{0,60}(?:\.env\b(?!\.(?:example|sample))|\.ssh\/|\.aws\/|credentials\b|id_(?:rsa|ed25519)|\.netrc|\.npmrc|\.pgpass|\.kube\/|\/etc\/(?:passwd|shadow)|_history\b)[^\n]{0,160}https?:\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1|(?:[\w-]{1,63}\.){0,3}example\.)|\b(?:curl|wget|nc|http)\b[^\n]{0,120}https?:\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1|(?:[\w-]{1,63}\.){0,3}example\.)[^\n]{0,160}(?:@|<\s?|-T )[~./\w-]{0,60}(?:\.env\b(?!\.(?:example|sample))|\.ssh\/|\.aws\/|credentials\b|id_(?:rsa|ed25519)|\.netrc|\.npmrc|\.pgpass|\.kube\/|\/etc\/(?:passwd|shadow)|_history\b)/i,
    severity: 'high',
    message: 'holds a command that sends a file with secrets',
    capability: 'net.egress',
  },
  {
    id: 'carrying_command',
    pattern:
      /\b(?:cat|tar|zip|base64|printenv|env)\b[^\n]{0,80}(?:(?:\.env\b(?!\.(?:example|sample))|\.ssh\/|\.aws\/|credentials\b|id_(?:rsa|ed25519)|\.netrc|\.npmrc|\.pgpass|\.kube\/|\/etc\/(?:passwd|shadow)|_history\b)|\|)[\s\S]{0,120}\b(?:curl|wget|nc|http)\b[^\n]{0,60}(?:-d|--data(?:-[a-z]{3,9})?|-F|-T)[ =]["']?(?:@-|\$)[^\n]{0,160}https?:\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1|(?:[\w-]{1,63}\.){0,3}example\.)/i,
    severity: 'high',
    message: 'holds a command that sends what it has collected',
    capability: 'net.egress',
  },
];

/** Commands that a text has somebody run. Takes time linear in the text. */
export function findCommands(reading: Reading): readonly TextFinding[] {
  const { text } = reading.written;
  if (reading.glued || !WORTHWHILE.test(text)) return [];
  return MARKS.flatMap(({ pattern, id, ...said }): readonly TextFinding[] => {
    const found = pattern.exec(text);
    if (found === null) return [];
    const span = originOf(reading.written, { start: found.index, end: found.index + found[0].length });
    return [{ id: `prompt.${id}`, at: '', ...said, span }];
  });
}

const WORTHWHILE = /curl|wget|powershell|invoke-web|iwr|base64|\bnc /i;
