import { foundDenying } from '../effects.ts';
import { type Field, isKnown, type Stream, unknownStream } from '../field.ts';
import { namePath, readHost } from '../object.ts';
import { has, readOptions, valuesFor } from '../options.ts';
import { readUrlOf } from '../object.ts';
import type { Invocation, Judge } from '../reader.ts';
import { startsShell } from './escapes.ts';
import { isUsualSource } from './sources.ts';
import { childScope } from '../scope.ts';

const GLOBAL = 'C c git-dir work-tree namespace config-env super-prefix exec-path';

/** Settings whose value git runs. */
const RUNS =
  /^(?:core\.(?:pager|editor|sshcommand|fsmonitor|askpass|gitproxy|hookspath)|alias\.|pager\.|diff\.(?:external|[^=]*\.(?:command|textconv))|difftool\.|mergetool\.|merge\.[^=]*\.driver|filter\.|credential\.(?:[^=]*\.)?helper|sequence\.editor|gpg\.(?:[^=]*\.)?program|interactive\.difffilter|uploadpack\.|protocol\.ext|init\.templatedir)/i;

/** `git`: what loses work that is nowhere else, and what makes git run something. */
const git: Judge = (call) => {
  const { reader, scope } = call;
  const options = readOptions(call.args, { valued: GLOBAL, untilOperand: true });
  for (const setting of valuesFor(options, 'c')) {
    readSettingOf(setting, call);
    const [name = '', value = ''] = setting.text.split(/=([^]*)/);
    trusts(name, value, call);
  }
  for (const folder of valuesFor(options, 'C', 'git-dir', 'work-tree')) namePath(folder, scope, reader);
  const [verb, ...args] = options.operands;
  reader.effects.capabilities.add('fs.read');
  if (verb === undefined) return unknownStream('program');
  const lost = losesWork(verb.text, args);
  if (lost !== undefined) foundDenying(reader.effects, 'shell.discards_work', lost);
  if (WRITES.has(verb.text)) reader.effects.capabilities.add('fs.write');
  if (REMOTE.has(verb.text)) reaches(args, call);
  return verbs(verb.text, args, call);
};

const WRITES = new Set(
  'add am apply bisect branch checkout cherry-pick clean clone commit config fetch gc init lfs merge mv notes pull push rebase reset restore revert rm stash submodule switch tag update-index update-ref worktree'.split(
    ' ',
  ),
);
const REMOTE = new Set('clone fetch pull push ls-remote submodule remote archive'.split(' '));

/** Programs that everybody has git run: editors, pagers, stores of passwords, the hooks of a project's own tools. */
const USUAL =
  /^(?:core\.editor|sequence\.editor)=["']?(?:vi|vim|nvim|nano|emacs|emacsclient|code|code-insiders|cursor|zed|subl|micro|hx|helix|true|:)(?: -{1,2}[\w-]{1,30}){0,4}["']?$|^(?:core\.pager|pager\.\w{1,40})=(?:less|more|most|delta|diff-so-fancy|bat|cat)(?: -{1,2}[\w=-]{1,30}){0,4}$|^credential\.(?:[^=]{0,200}\.)?helper=(?:store|cache|osxkeychain|manager|manager-core|libsecret|wincred|!(?:\S{0,200}\/)?(?:gh|glab) auth git-credential)(?: --[\w=-]{1,60}){0,4}$|^core\.hookspath=(?:\.husky(?:\/_)?|\.githooks|\.lefthook)\/?$/i;

function readSettingOf({ text }: Field, { reader, scope }: Invocation): void {
  const at = text.indexOf('=');
  const value = text.slice(at + 1);
  if (!RUNS.test(text) || at === -1 || value === '' || /^(?:true|false|cat|less|more)$/.test(value)) return;
  if (/^alias\./i.test(text) && !value.startsWith('!')) return;
  if (USUAL.test(text)) return;
  foundDenying(reader.effects, 'shell.hidden_code', 'a setting of `git` runs a program');
  reader.code(value.replace(/^!/, ''), childScope(scope), undefined);
}

/** What of the work in the folder or in the history this loses, in words. */
function losesWork(verb: string, args: readonly Field[]): string | undefined {
  const options = readOptions(args, { valued: VALUED[verb] ?? '' });
  const given = (...names: string[]): boolean => has(options, ...names);
  const { operands } = options;
  const texts = args.map(({ text }) => text);
  const [first, second] = operands.map(({ text }) => text);
  switch (verb) {
    case 'reset':
      return given('hard', 'merge') ? '`git reset` throws away what is not committed' : undefined;
    case 'clean':
      return given('f', 'force') &&
        (!given('n', 'dry-run') || texts.length > 1 || texts[0]?.includes('f')) &&
        !(given('n', 'dry-run') && !given('f', 'force'))
        ? '`git clean` deletes files that are not tracked'
        : undefined;
    case 'push':
      if (
        given('f', 'mirror', 'delete', 'd', 'prune') ||
        texts.some((text) => /^--force(?:=|$)/.test(text))
      ) {
        return '`git push` overwrites or deletes what others may have';
      }
      return operands.some(({ text }) => /^(?:\+|:.)/.test(text))
        ? '`git push` overwrites a branch'
        : undefined;
    case 'checkout':
      return checkoutLoses(options.flags, texts, operands) ? '`git checkout` overwrites files' : undefined;
    case 'switch':
      return given('f', 'force', 'discard-changes', 'C', 'force-create')
        ? '`git switch` throws away what is not committed'
        : undefined;
    case 'restore':
      return (operands.length > 0 || given('pathspec-from-file')) &&
        (!given('S', 'staged') || given('W', 'worktree'))
        ? '`git restore` overwrites files'
        : undefined;
    case 'branch':
      return given('D') || (given('d', 'delete') && given('f', 'force'))
        ? '`git branch` deletes a branch that may not be merged'
        : undefined;
    case 'stash':
      return first === 'drop' || first === 'clear' ? '`git stash` deletes what is stashed' : undefined;
    case 'worktree':
      return first === 'remove' && given('f', 'force')
        ? '`git worktree` deletes what is not committed'
        : undefined;
    case 'reflog':
      return first === 'expire' || first === 'delete' ? '`git reflog` forgets the way back' : undefined;
    case 'gc':
      return texts.some((text) => /^--prune=(?:now|all)/.test(text))
        ? '`git gc` deletes lost commits'
        : undefined;
    case 'prune':
      return given('n', 'dry-run') ? undefined : '`git prune` deletes lost commits';
    case 'read-tree':
      return given('reset') && given('u') ? '`git read-tree` throws away what is not committed' : undefined;
    case 'rm':
      return given('f', 'force') && !given('cached', 'n', 'dry-run')
        ? '`git rm` deletes files that may have changed'
        : undefined;
    case 'filter-branch':
    case 'filter-repo':
      return 'rewrites the whole history';
    case 'update-ref':
      return given('d') ? '`git update-ref` deletes a reference' : undefined;
    case 'submodule':
      return first === 'deinit' && given('f', 'force') && (second !== undefined || given('all'))
        ? '`git submodule` throws away changes'
        : undefined;
    default:
      return undefined;
  }
}

const VALUED: Readonly<Record<string, string>> = {
  checkout: 'b B orphan conflict unified inter-hunk-context pathspec-from-file U',
  switch: 'c C create force-create orphan conflict',
  restore: 's source conflict pathspec-from-file',
  push: 'o push-option repo receive-pack exec',
  branch: 'u set-upstream-to sort points-at contains format',
  clean: 'e exclude',
};

/** `--` or a second operand makes it about files; `-b` and its like make it about a branch. */
function checkoutLoses(
  flags: ReadonlySet<string>,
  texts: readonly string[],
  operands: readonly Field[],
): boolean {
  const any = (...names: readonly string[]): boolean => names.some((name) => flags.has(name));
  if (any('f', 'force', 'B', 'ours', 'theirs', 'pathspec-from-file')) return true;
  if (any('b', 'orphan')) return false;
  const dashes = texts.indexOf('--');
  if (dashes !== -1) return dashes < texts.length - 1;
  const modes = any('t', 'track', 'recurse-submodules')
    ? operands.filter(({ text }) => !/^(?:inherit|direct|checkout|on-demand|yes|no|true|false)$/.test(text))
    : operands;
  return modes.length > 1 || modes.some(({ text }) => /^\.{1,2}(?:\/|$)/.test(text));
}

function reaches(args: readonly Field[], call: Invocation): void {
  const { effects } = call.reader;
  effects.capabilities.add('net.egress');
  for (const [index, arg] of args.entries()) {
    if (arg.text.startsWith('ext::')) {
      foundDenying(effects, 'shell.hidden_code', 'a remote of `git` runs a program');
      call.reader.code(arg.text.slice('ext::'.length), childScope(call.scope), undefined);
    } else if (/^[a-z+]+:\/\//i.test(arg.text)) {
      readUrlOf(arg, call.scope, call.reader);
    } else if (/^[\w.-]+@[\w.-]+:/.test(arg.text)) {
      readHost({ ...arg, text: arg.text.slice(0, arg.text.indexOf(':')) }, call.reader);
    }
    const upload =
      /^(?:--upload-pack|--receive-pack|--exec)=([^]*)$/.exec(arg.text)?.[1] ??
      (/^(?:-u|--upload-pack|--receive-pack|--exec)$/.test(args[index - 1]?.text ?? '') && / /.test(arg.text)
        ? arg.text
        : undefined);
    if (upload !== undefined && !upload.startsWith('git-')) {
      foundDenying(effects, 'shell.hidden_code', 'an option of `git` runs a program');
    }
  }
}

/** Verbs that run what they are given, or that print secrets. */
function verbs(verb: string, args: readonly Field[], call: Invocation): Stream {
  const { reader, scope } = call;
  const texts = args.map(({ text }) => text);
  if (verb === 'bisect' && texts[0] === 'run') reader.command(args.slice(1), scope, undefined);
  else if (verb === 'submodule' && texts[0] === 'foreach') {
    const { operands } = readOptions(args.slice(1), { untilOperand: true });
    reader.code(operands.map(({ text }) => text).join(' '), childScope(scope), undefined);
  } else if (verb === 'rebase') {
    const code = valuesFor(readOptions(args, { valued: 'x exec onto s strategy X' }), 'x', 'exec');
    for (const { text } of code) if (isKnown(text)) reader.code(text, childScope(scope), undefined);
  } else if (verb === 'config') {
    const [name, value] = texts.filter((text) => !text.startsWith('--'));
    if (name !== undefined && value !== undefined) trusts(name, value, call);
    if (name !== undefined && value !== undefined && RUNS.test(name)) {
      readSettingOf({ text: `${name}=${value}`, glob: false, from: new Set() }, call);
    }
  } else if (verb === 'grep' || verb === 'difftool') {
    const pagers = valuesFor(readOptions(args, { valued: 'x extcmd' }), 'x', 'extcmd', 'open-files-in-pager');
    const short = texts.map((text) => /^-O([^]+)$/.exec(text)?.[1]).filter((text) => text !== undefined);
    for (const text of [...pagers.map((pager) => pager.text), ...short]) {
      if (startsShell(text))
        foundDenying(reader.effects, 'shell.hidden_code', 'an option of `git` runs a program');
      if (isKnown(text)) reader.code(text, childScope(scope), undefined);
    }
  } else if (verb === 'clone' || verb === 'init') {
    const settings = valuesFor(
      readOptions(args, { valued: 'c config b branch o origin depth template' }),
      'c',
      'config',
    );
    for (const setting of settings) readSettingOf(setting, call);
  } else if (/^credential(?:-store|-cache)?$/.test(verb) && /^(?:fill|get)$/.test(texts.at(-1) ?? '')) {
    foundDenying(reader.effects, 'shell.credential_read', 'prints a stored password');
    return unknownStream('secret');
  }
  return unknownStream('program');
}

/** Settings by which git takes code from whoever is on the way, or from somebody else. */
function trusts(name: string, value: string, { reader }: Invocation): void {
  if (/^http\.(?:.*\.)?sslverify$/i.test(name) && /^(?:false|0|no|off)$/i.test(value)) {
    foundDenying(reader.effects, 'shell.evasion', 'turns the check of certificates off');
  }
  const other = /^url\.(https?:\/\/.*)\.(?:push)?insteadof$/i.exec(name)?.[1];
  if (other !== undefined && !isUsualSource(other)) {
    foundDenying(reader.effects, 'shell.download_and_run', 'installs code from a place of somebody else');
  }
}

export const GIT: Readonly<Record<string, Judge>> = { git };
