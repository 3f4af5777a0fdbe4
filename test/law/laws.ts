import { type Import, importsOf, type Sources } from './imports.ts';

/** One rule of the house: whom it binds, and which imports it refuses. */
interface Law {
  readonly rule: string;
  readonly binds: (path: string) => boolean;
  readonly refuses: (imported: Import) => boolean;
}

const CORE = 'packages/core/src/';
const AEGIS = 'packages/aegis/src/';
const CORE_LIBRARIES = new Set([
  'zod',
  'yaml',
  'toml-eslint-parser',
  're2js',
  'ipaddr.js',
  '@marcbachmann/cel-js',
]);

/** Folders that only meet in the composition root. Those that are doors may also call the kernel. */
const DOORS = ['gateway', 'proxy', 'sandbox', 'api'];
const SIBLINGS = [
  'enforce',
  'store',
  'evidence',
  'bundle',
  'vault',
  'approvals',
  'desktop',
  'identity',
  'source',
  'scanner',
  'inspect',
  'config',
  'telemetry',
  'doctor',
];

function folderOf(path: string): string | undefined {
  const [folder, file] = path.startsWith(AEGIS) ? path.slice(AEGIS.length).split('/') : [];
  return file === undefined ? undefined : folder;
}

function isIn(folders: readonly string[]): (path: string) => boolean {
  return (path) => folders.includes(folderOf(path) ?? '');
}

/** `node:http` and `node:https`, as every file that opens sockets has them. */
const HTTP = `${AEGIS}http.ts`;

/** What every part may know: the ports, the platform's primitives, files of the owner, the product's version; whoever may open sockets, those, too. */
const COMMON_FILES = new Set([
  `${AEGIS}ports.ts`,
  `${AEGIS}ledger-ports.ts`,
  `${AEGIS}platform.ts`,
  `${AEGIS}version.ts`,
  HTTP,
]);

function isCommon(path: string): boolean {
  return COMMON_FILES.has(path) || folderOf(path) === 'disk';
}

export const LAWS: readonly Law[] = [
  {
    rule: 'core imports itself and pure libraries only',
    binds: (path) => path.startsWith(CORE),
    refuses: ({ specifier, target }) =>
      target === undefined ? !CORE_LIBRARIES.has(packageOf(specifier)) : !target.startsWith(CORE),
  },
  {
    rule: 'inside a package the file is imported, not the door',
    binds: () => true,
    refuses: ({ target, specifier }) =>
      target?.endsWith('/index.ts') === true ||
      (specifier.startsWith('@aegis/') && specifier.split('/').length > 2),
  },
  {
    rule: 'files of the owner know nothing of what is in them',
    binds: isIn(['disk']),
    refuses: ({ from, target }) => target !== undefined && folderOf(target) !== folderOf(from),
  },
  {
    rule: 'parts of the product meet in daemon/, never each other',
    binds: isIn(SIBLINGS),
    refuses: ({ from, target }) =>
      target !== undefined && !isCommon(target) && folderOf(target) !== folderOf(from),
  },
  {
    rule: 'a door reaches the kernel and the ports, and no other part',
    binds: isIn(DOORS),
    refuses: ({ from, target }) =>
      target !== undefined &&
      !isCommon(target) &&
      folderOf(target) !== folderOf(from) &&
      folderOf(target) !== 'enforce',
  },
  {
    rule: 'the command line reaches the product through daemon/, keeper, config and clients',
    binds: isIn(['cli']),
    refuses: ({ target }) =>
      target !== undefined &&
      !isCommon(target) &&
      !['cli', 'daemon', 'keeper', 'config', 'clients'].includes(folderOf(target) ?? ''),
  },
  {
    rule: "other programs' files are texts to clients, which knows the configuration alone",
    binds: isIn(['clients']),
    refuses: ({ target, specifier }) =>
      bare(specifier).startsWith('fs') ||
      (target !== undefined && !isCommon(target) && !['clients', 'config'].includes(folderOf(target) ?? '')),
  },
  {
    rule: 'child processes are started by the sandbox and the stdio upstream alone',
    binds: (path) =>
      path.startsWith('packages/') &&
      folderOf(path) !== 'sandbox' &&
      !path.startsWith(`${AEGIS}gateway/upstream/`) &&
      // The keyring of the operating system is reached through a program of its own.
      path !== `${AEGIS}vault/wrapping/keyring.ts` &&
      // The desktop is, too.
      path !== `${AEGIS}desktop/notifier.ts`,
    refuses: ({ specifier }) => bare(specifier) === 'child_process',
  },
  {
    // Witnesses and anchors are where the evidence leaves this machine: by configuration, and nothing but checkpoints.
    // Where an OAuth issuer has its keys the configuration says; they are read with `fetch`.
    // Channels tell people what they are asked, a remote OPA is asked about calls, and telemetry goes to its receivers:
    // by configuration, too.
    rule: 'sockets are opened by the gateway, the proxy, the API, witnesses, anchors, channels, telemetry, a remote OPA and a classifier alone',
    binds: (path) =>
      path.startsWith('packages/') &&
      !isIn(['gateway', 'proxy', 'api'])(path) &&
      !path.startsWith(`${AEGIS}evidence/witness/`) &&
      !path.startsWith(`${AEGIS}evidence/anchor/`) &&
      !path.startsWith(`${AEGIS}approvals/channels/`) &&
      path !== `${AEGIS}telemetry/sinks/http.ts` &&
      !path.startsWith(`${AEGIS}telemetry/sinks/syslog/`) &&
      path !== `${AEGIS}source/opa/remote.ts` &&
      path !== `${AEGIS}inspect/classifier/endpoint.ts` &&
      path !== HTTP,
    refuses: ({ specifier, target }) =>
      target === HTTP ||
      ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'undici'].includes(packageOf(bare(specifier))),
  },
];

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function bare(specifier: string): string {
  return specifier.replace(/^node:/, '');
}

/** Every import that breaks a law, as `file:line: specifier: rule`. */
export function violations(sources: Sources): string[] {
  const broken: string[] = [];
  for (const [path, text] of sources) {
    for (const imported of importsOf(path, text)) {
      for (const law of LAWS) {
        if (law.binds(path) && law.refuses(imported)) {
          broken.push(`${path}:${imported.line}: \`${imported.specifier}\`: ${law.rule}`);
        }
      }
    }
    if (path.startsWith(AEGIS) && folderOf(path) !== 'config' && /\bprocess\.env\b/.test(text)) {
      broken.push(`${path}: \`process.env\`: the environment is read in config alone`);
    }
  }
  return broken;
}
