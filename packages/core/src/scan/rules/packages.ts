import { readShell } from '../../inspect/shell/read-shell.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { readDocument } from '../../source/document.ts';
import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { imitated } from './imitation.ts';

const INSTALL_SCRIPTS = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
] as const;
/** Scripts that run where the package is made, and not where it is installed from a registry. */
const OWN = new Set(['preprepare', 'prepare', 'postprepare']);
const HARMLESS =
  /^(?:node-gyp(?:-build)?(?: rebuild)?|husky(?: install)?|patch-package|prebuild-install(?: \|\| node-gyp rebuild)?|tsc(?: -[\w-]+(?: [\w./]+)?)*|npm run (?:build|compile)|exit 0|true|echo [^;&|`$]{0,200})$/;

export const installScript: ScanRule = {
  id: 'supply.install_script',
  severity: 'medium',
  title: 'a script that runs at installation',
  why: 'It runs with the rights of the user before anybody has looked at the package. Install with `--ignore-scripts`.',
  find: (source) => {
    const scripts = packageOf(source)?.['scripts'];
    if (!isJsonObject(scripts)) return [];
    return INSTALL_SCRIPTS.flatMap((name): readonly Hit[] => {
      const command = scripts[name];
      if (typeof command !== 'string' || HARMLESS.test(command.trim())) return [];
      const { findings } = readShell(command, source.parseShell);
      const severe = findings.some(({ severity }) => severity === 'critical');
      const fetches = /\b(?:curl|wget|powershell|node -e|python3? -c|eval)\b/.test(command);
      const severity = severe || fetches ? 'high' : OWN.has(name) ? 'low' : 'medium';
      const message =
        severe || fetches ? `\`${name}\` fetches or runs hidden code` : `\`${name}\` runs a command`;
      return [{ ...placeOf(source, `"${name}"`), message, severity, capability: 'exec' }];
    });
  },
};

export const setupHook: ScanRule = {
  id: 'supply.setup_hook',
  severity: 'medium',
  title: 'code that runs at installation',
  why: 'A package of Python that has commands of its own for `install` runs them before anybody has looked at it; a `.pth` file with code runs at every start of Python.',
  find: ({ file, text, code }) => {
    if (code?.language !== 'python') return [];
    if (file.endsWith('.pth')) {
      const at = text.search(/^import[ \t]/m);
      return at < 0
        ? []
        : [{ start: at, end: text.length, message: 'runs at every start of Python', severity: 'high' }];
    }
    if (!/(?:^|\/)setup\.py$/.test(file)) return [];
    return code.calls.flatMap(({ name, named, start, end }): readonly Hit[] =>
      /(?:^|\.)setup$/.test(name) && named.has('cmdclass')
        ? [{ start, end, message: '`cmdclass` has commands of its own', capability: 'exec' }]
        : [],
    );
  },
};

export const unpinnedSource: ScanRule = {
  id: 'supply.unpinned_source',
  severity: 'medium',
  title: 'a dependency that no registry keeps',
  why: 'What a branch or an address holds can be another thing tomorrow. Depend on a version from a registry, or on a commit.',
  find: (source) =>
    dependenciesOf(source).flatMap(({ name, version }): readonly Hit[] => {
      const remote = /^(?:git[+:]|https?:|github:|[\w.-]+\/[\w.-]+(?:#|$))|@ (?:git\+|https?:)/.test(version);
      if (!remote || /#[0-9a-f]{40}$|@[0-9a-f]{40}(?:#|$)/.test(version)) return [];
      return [{ ...placeOf(source, name), message: `\`${name}\` comes from an address that can change` }];
    }),
};

export const imitatedName: ScanRule = {
  id: 'supply.imitated_name',
  severity: 'high',
  title: 'a dependency with a name almost like a known one',
  why: 'A letter more, less or elsewhere than in the name of a package that everybody uses: that is how a hostile package waits for a mistake.',
  find: (source) => {
    const registry = source.file.endsWith('package.json') ? 'npm' : 'pypi';
    return dependenciesOf(source).flatMap(({ name }): readonly Hit[] => {
      const known = imitated(name, registry);
      if (known === undefined) return [];
      const severity = name.length >= 6 ? 'high' : 'medium';
      return [{ ...placeOf(source, name), message: `\`${name}\` is almost \`${known}\``, severity }];
    });
  },
};

interface Dependency {
  readonly name: string;
  readonly version: string;
}

/** Most dependencies of one file. */
const MOST = 2000;

function dependenciesOf(source: Source): readonly Dependency[] {
  const { file, text } = source;
  if (/(?:^|\/)requirements[^/]*\.txt$/.test(file)) {
    return text.split('\n', MOST).flatMap((line) => requirement(line.replace(/(?:^|\s)#.*$/, '')));
  }
  if (/(?:^|\/)pyproject\.toml$/.test(file)) return pythonDependencies(readDocument({ text, file }).value);
  const manifest = packageOf(source);
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((key) => {
    const table = manifest?.[key];
    if (!isJsonObject(table)) return [];
    return Object.entries(table)
      .slice(0, MOST)
      .flatMap(([name, version]) => (typeof version === 'string' ? [{ name, version }] : []));
  });
}

function pythonDependencies(value: JsonValue | undefined): readonly Dependency[] {
  const project = isJsonObject(value) ? value['project'] : undefined;
  const listed = isJsonObject(project) ? project['dependencies'] : undefined;
  return Array.isArray(listed)
    ? listed.slice(0, MOST).flatMap((line) => (typeof line === 'string' ? requirement(line) : []))
    : [];
}

function requirement(line: string): readonly Dependency[] {
  const [, name, version = ''] =
    /^\s*([A-Za-z0-9][\w.-]{0,127})(?:\[[^\]]{0,200}\])?\s*(.{0,500})$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, version }];
}

function packageOf({ file, language, text }: Source): JsonObject | undefined {
  if (language !== 'json' || !/(?:^|\/)package\.json$/.test(file)) return undefined;
  const { value } = readDocument({ text, file });
  return isJsonObject(value) ? value : undefined;
}

function placeOf({ text }: Source, words: string): { readonly start: number; readonly end: number } {
  const at = text.indexOf(words);
  return at < 0 ? { start: 0, end: 0 } : { start: at, end: at + words.length };
}
