import { execFile, type ExecFileException } from 'node:child_process';
import { vaultFault } from '../document.ts';
import { type KeyPlace, rawKey } from './raw-key.ts';
import type { WrappingKey } from './wrapping-key.ts';

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT = 64 * 1024;

/** What a program of the desktop needs to find the session that it belongs to. */
const SURROUNDINGS = [
  'PATH',
  'HOME',
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
];

/** The program that reaches the keyring of this system. */
interface KeyringProgram {
  readonly program: string;
  readonly lookUp: (service: string) => readonly string[];
  /** Whether a search that found nothing says so, and did not fail on the way. */
  readonly isAbsent: (run: Run) => boolean;
  /** A second search, which finds what is locked, too, and says nothing when there is nothing. */
  readonly searchLocked?: (service: string) => readonly string[];
  /** The arguments and the input that keep a value; the value is in the input alone. */
  readonly keep: (
    service: string,
    value: string,
  ) => { readonly args: readonly string[]; readonly input: string };
}

const SECRET_SERVICE: KeyringProgram = {
  program: 'secret-tool',
  lookUp: (service) => ['lookup', 'service', service, 'account', 'vault-key'],
  // It ends with 1 for faults, too, but then in words.
  isAbsent: ({ code, stdout, stderr }) => code === 1 && stdout === '' && stderr === '',
  // A person who does not unlock it is answered as if there were nothing.
  searchLocked: (service) => ['search', 'service', service, 'account', 'vault-key'],
  keep: (service, value) => ({
    args: ['store', `--label=${service} vault key`, 'service', service, 'account', 'vault-key'],
    input: value,
  }),
};

const MAC_KEYCHAIN: KeyringProgram = {
  program: 'security',
  lookUp: (service) => ['find-generic-password', '-s', service, '-a', 'vault-key', '-w'],
  // errSecItemNotFound, as far as it fits into an exit code.
  isAbsent: ({ code }) => code === 44,
  // As a line of its interactive mode: what stands in arguments can be read by every process.
  keep: (service, value) => ({
    args: ['-i'],
    input: `add-generic-password -s ${service} -a vault-key -w ${value}\n`,
  }),
};

/** A key in the keyring of the operating system, under the name of a service: letters, digits, `.`, `_`, `-`, and no `-` first. */
export function keyringKey(
  service: string,
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): WrappingKey {
  const { program, lookUp, isAbsent, searchLocked, keep } =
    platform === 'darwin' ? MAC_KEYCHAIN : SECRET_SERVICE;
  const name = `the keyring of this account (${program}, service ${service})`;
  const run = async (args: readonly string[], input = ''): Promise<Run> => {
    const ended = await runProgram(program, args, input, environment);
    if (ended.missing) {
      const help =
        platform === 'darwin' ? 'it belongs to macOS' : 'install `libsecret-tools`, or use another `key`';
      throw vaultFault(name, `there is no program \`${program}\` on PATH`, help);
    }
    return ended;
  };
  const place: KeyPlace = {
    name,
    missing: {
      why: 'it holds no such key: the vault was made by another account or on another machine',
      help: 'put the key back, or begin a new vault and add the secrets again',
    },
    async read() {
      const ended = await run(lookUp(service));
      if (ended.code === 0 && ended.stdout.trim() !== '') return ended.stdout;
      const hidden = isAbsent(ended) && searchLocked ? await run(searchLocked(service)) : undefined;
      if (isAbsent(ended) && !(hidden?.stdout || hidden?.stderr)) return undefined;
      // SECURITY: a keyring that is locked is none without a key: a new one would take the place of the one in it.
      throw vaultFault(name, 'it does not give the key out', 'unlock it, and run the command again');
    },
    async make(text) {
      const { args, input } = keep(service, text.trim());
      const { code } = await run(args, input);
      if (code !== 0)
        throw vaultFault(name, 'it does not take the key', 'unlock it, and run the command again');
    },
  };
  return rawKey(place);
}

interface Run {
  /** Undefined for one that did not end by itself. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly missing: boolean;
}

/** SECURITY: no shell, no more of the environment than is needed, and what it writes on standard error is not shown. */
function runProgram(
  program: string,
  args: readonly string[],
  input: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Run> {
  const env = Object.fromEntries(
    SURROUNDINGS.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
  return new Promise((done) => {
    const ended = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
      done({ code, stdout, stderr, missing: error?.code === 'ENOENT' });
    };
    const options = { env, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT, encoding: 'utf8' } as const;
    const child = execFile(program, [...args], options, ended);
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
