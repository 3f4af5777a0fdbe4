import { foundDenying } from '../effects.ts';
import { type Field, isKnown } from '../field.ts';
import { readUrlOf } from '../object.ts';
import { readOptions, valuesFor } from '../options.ts';
import type { Invocation } from '../reader.ts';
import { childScope } from '../scope.ts';
import { contentOf } from '../written.ts';
import { isUsualSource } from './sources.ts';

/** How a program is told what to install, and from where. */
interface Installer {
  /** Verbs that install or run code; without them every call does. */
  readonly verbs?: RegExp;
  /** Options whose value is an index, a registry or a repository to take packages from. */
  readonly from?: string;
  /** Other options that take the next argument. */
  readonly valued?: string;
  /** Takes packages from the places of many others, too, so that only what can be changed on the way counts. */
  readonly many?: true;
  /** Arguments by which signatures and certificates are not looked at. */
  readonly unsigned?: RegExp;
}

const PIP: Installer = {
  verbs: /^(?:install|download|wheel|add|sync|tool|run|compile)$/,
  from: 'i index-url extra-index-url f find-links index default-index pip-args',
  valued: 'r requirement c constraint t target python trusted-host e editable spec with',
  unsigned: /^--trusted-host(?:=|$)/,
};
const NPM: Installer = {
  verbs: /^(?:i|in|ins|inst|install|ci|add|exec|x|dlx|create|init|up|update)$/,
  from: 'registry',
  valued: 'C prefix w workspace package p',
};
const RUNS_NPM: Installer = { from: 'registry', valued: 'p package c call' };
const YUM: Installer = { many: true, from: 'repofrompath', unsigned: /^--nogpgcheck$/ };
const APT: Installer = {
  many: true,
  unsigned:
    /^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$|(?:AllowInsecureRepositories|AllowUnauthenticated|AllowDowngradeToInsecureRepositories)=(?:true|1|yes)/i,
};

const INSTALLERS: Readonly<Record<string, Installer>> = {
  pip: PIP,
  pipx: PIP,
  uv: PIP,
  uvx: PIP,
  poetry: { verbs: /^(?:add|install|source)$/ },
  easy_install: { from: 'i index-url f find-links' },
  conda: {
    many: true,
    verbs: /^(?:install|create|env|update)$/,
    from: 'c channel',
    valued: 'n name p prefix f file',
  },
  mamba: {
    many: true,
    verbs: /^(?:install|create|env|update)$/,
    from: 'c channel',
    valued: 'n name p prefix f file',
  },
  npm: NPM,
  pnpm: NPM,
  yarn: NPM,
  bun: NPM,
  npx: RUNS_NPM,
  pnpx: RUNS_NPM,
  bunx: RUNS_NPM,
  deno: { verbs: /^(?:run|install|test|x)$/ },
  gem: { verbs: /^(?:install|update|sources|i)$/, from: 's source a add clear-sources', valued: 'v version' },
  bundle: { verbs: /^(?:install|config|add)$/, from: 'source' },
  cargo: {
    verbs: /^(?:install|add)$/,
    from: 'git index registry',
    valued: 'branch tag rev version features',
  },
  composer: {
    many: true,
    verbs: /^(?:require|install|config|create-project)$/,
    from: 'repository repository-url',
  },
  rpm: { many: true, verbs: /^-(?:[a-zA-Z]*[iUF]|-install|-upgrade)/ },
  dnf: YUM,
  yum: YUM,
  zypper: { many: true, unsigned: /^--no-gpg-checks?$/ },
  apt: APT,
  'apt-get': APT,
  aptitude: APT,
  apk: { many: true, from: 'X repository', valued: 't virtual p root', unsigned: /^--allow-untrusted$/ },
  brew: { many: true, verbs: /^(?:install|reinstall|tap)$/ },
  helm: {
    many: true,
    verbs: /^(?:install|upgrade)$/,
    from: 'repo',
    valued: 'n namespace f values set version',
  },
  msiexec: { many: true },
  'add-apt-repository': { many: true },
};

/** `npm config set registry URL`, `pip config set global.index-url URL` and their like. */
const SETS_SOURCE =
  /^(?:config )?set (?:.{0,200} )?(?:\S{0,200}registry|\S{0,200}npmRegistryServer|(?:global|install|user|site)\.(?:extra-)?index-url|global\.find-links)[ =](\S+)/i;

/** Certificates that nobody looks at any more. */
const UNCHECKED = /^(?:config )?set (?:.* )?(?:strict-ssl[ =]false|(?:global|install)\.trusted-host[ =]\S)/i;

/** Finds packages that come from where nobody who publishes them puts them, or that nobody has signed. */
export function noteSources(call: Invocation): void {
  const { name, reader, args } = call;
  const installer = Object.hasOwn(INSTALLERS, name) ? INSTALLERS[name] : undefined;
  if (installer === undefined) return;
  const { from = '', valued = '', verbs, unsigned, many = false } = installer;
  if (unsigned !== undefined && args.some(({ text }) => unsigned.test(text))) {
    foundDenying(reader.effects, 'shell.download_and_run', 'installs what nobody has signed');
  }
  const line = args
    .slice(0, 6)
    .map(({ text }) => text)
    .join(' ');
  if (UNCHECKED.test(line))
    foundDenying(reader.effects, 'shell.evasion', 'turns the check of certificates off');
  const options = readOptions(args, { valued: `${from} ${valued}`.trim() });
  if (installer === NPM) runScripts(call);
  const set = SETS_SOURCE.exec(line)?.[1];
  if (set !== undefined && isForeign(set)) foreign(call);
  const words = name === 'rpm' ? args : options.operands;
  if (verbs !== undefined && !words.slice(0, 3).some(({ text }) => verbs.test(text))) return;
  const sources = from === '' ? [] : valuesFor(options, ...from.split(' '));
  const runs = options.operands.findIndex(({ text }) => /^(?:run|exec|x|dlx)$/.test(text));
  // What comes behind the package that is run is its own.
  const packages = runs === -1 ? options.operands : options.operands.slice(runs + 1, runs + 2);
  for (const source of [...sources, ...packages]) {
    if (!(many ? isInsecure(source.text) : isForeign(source.text))) continue;
    foreign(call);
    readUrlOf(withoutTool(source), call.scope, reader);
  }
}

/** Reads the scripts of a `package.json` that the line itself has written. */
function runScripts({ scope, reader }: Invocation): void {
  const text = contentOf('package.json', scope)?.text;
  if (text === undefined || !isKnown(text)) return;
  for (const [, script = ''] of text.matchAll(/"[\w:-]{1,40}"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,2000})"/g)) {
    if (/\s/.test(script)) reader.code(script.replace(/\\(.)/g, '$1'), childScope(scope), undefined);
  }
}

function foreign({ reader }: Invocation): void {
  foundDenying(reader.effects, 'shell.download_and_run', 'installs code from a place of somebody else');
}

/** `git+https://host/x`: what is fetched is behind the plus. */
function withoutTool(source: Field): Field {
  return { ...source, text: source.text.replace(/^(?:[^@/]*@ ?)?(?:git|hg|svn|bzr|sparse|deb)[+ ]/, '') };
}

function isForeign(text: string): boolean {
  const url = /^(?:[\w.-]+ ?@ ?)?(?:git\+|hg\+|svn\+|sparse\+|deb )?((?:https?|ftp):\/\/\S+)/i.exec(
    text,
  )?.[1];
  return url !== undefined && isKnown(url) && !isUsualSource(url);
}

/** Without encryption, or from an address that has no name: whoever is on the way may change it. */
function isInsecure(text: string): boolean {
  return (
    isForeign(text) &&
    /(?:^|[+ @])(?:(?:http|ftp):\/\/|https:\/\/(?:[^/@]*@)?(?:\d+\.){3}\d+(?:[:/]|$))/i.test(text)
  );
}
