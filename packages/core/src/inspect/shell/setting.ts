import { isUsualSource } from './commands/sources.ts';
import { foundDenying } from './effects.ts';
import { type Field, isKnown } from './field.ts';
import type { Reader } from './reader.ts';
import { isRemoteShell } from './remote-shell.ts';
import type { Scope } from './scope.ts';

/** Variables that make programs load code of somebody's choice. */
const LOADS_CODE =
  /^(?:LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|DYLD_INSERT_LIBRARIES|DYLD_LIBRARY_PATH|BASH_ENV|BASH_CMDS|BASH_ALIASES|ENV|PYTHONSTARTUP|PYTHONINSPECT|PERL5OPT|PERL5DB|RUBYOPT|NODE_OPTIONS|JAVA_TOOL_OPTIONS|GCONV_PATH)$/;

/** Variables whose value is a command that programs run. */
const IS_COMMAND =
  /^(?:PROMPT_COMMAND|PAGER|MANPAGER|GIT_PAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SEQUENCE_EDITOR|GIT_SSH_COMMAND|GIT_SSH|GIT_EXTERNAL_DIFF|GIT_ASKPASS|SSH_ASKPASS|GIT_PROXY_COMMAND|LESSOPEN|BROWSER|RSYNC_RSH|TAR_OPTIONS|PS[0-4])$/;

/** Variables that say where packages come from. */
const NAMES_SOURCE =
  /^(?:(?:UV|PIP)_(?:(?:EXTRA|DEFAULT)_)?INDEX(?:_URL)?|PIP_FIND_LINKS|NPM_CONFIG_REGISTRY|YARN_(?:NPM_)?REGISTRY(?:_SERVER)?|GOPROXY|BUNDLE_MIRROR__\w+|RUBYGEMS_HOST|CARGO_REGISTRIES_\w+_INDEX)$/i;

const KEEPS_HISTORY = /^(?:HISTFILE|HISTSIZE|HISTFILESIZE|HISTCONTROL|HISTIGNORE)$/;

/** What setting a variable means beyond the line's own use of it. */
export function readSetting(name: string, value: Field, scope: Scope, reader: Reader): void {
  const { effects } = reader;
  const { text } = value;
  if (LOADS_CODE.test(name) && text !== '') {
    if (name.endsWith('LIBRARY_PATH') && !leadsAstray(text)) return;
    if (name === 'NODE_OPTIONS' && !/(?:^|\s)(?:-r|--require|--import|--loader)/.test(text)) return;
    foundDenying(effects, 'shell.hidden_code', 'sets a variable that makes programs load code');
  } else if (IS_COMMAND.test(name) && text !== '') {
    if (/^PS\d$/.test(name) && !/[`$]\(?/.test(text)) return;
    if (name === 'TAR_OPTIONS' && !/checkpoint|command|use-compress/.test(text)) return;
    const reaches = /^(?:GIT_SSH(?:_COMMAND)?|RSYNC_RSH|GIT_PROXY_COMMAND)$/.test(name);
    const shows = name.endsWith('PAGER') && !name.startsWith('GIT_');
    if (
      (!shows && /^\s*(?:\S*\/)?(?:ba|da|z|k)?sh\s/.test(text)) ||
      (reaches && isKnown(text) && !isRemoteShell(text))
    )
      foundDenying(effects, 'shell.hidden_code', 'sets a variable whose value programs run');
    if (isKnown(text) && !/^PS\d$/.test(name)) reader.code(text, scope, undefined);
  } else if (NAMES_SOURCE.test(name)) {
    const urls = text.match(/https?:\/\/[^\s,|]+/gi) ?? [];
    if (isKnown(text) && !urls.every(isUsualSource))
      foundDenying(effects, 'shell.download_and_run', 'installs code from a place of somebody else');
  } else if (KEEPS_HISTORY.test(name)) {
    const off = /^(?:\/dev\/null|0|ignore\w*|)$/.test(text) || name === 'HISTIGNORE';
    if (off) foundDenying(effects, 'shell.evasion', 'keeps commands out of the history');
  } else if (name === 'PATH' && leadsAstray(text)) {
    foundDenying(effects, 'shell.hidden_code', 'puts a folder that anyone may write first in `PATH`');
  }
}

/** Whether a search path starts with the current or a temporary folder. */
function leadsAstray(text: string): boolean {
  const first = text.split(':', 1)[0] ?? '';
  return text !== '' && /^(?:\.{0,2}|\.{1,2}\/.*|\/(?:var\/)?tmp(?:\/.*)?|\/dev\/shm.*)$/.test(first);
}
