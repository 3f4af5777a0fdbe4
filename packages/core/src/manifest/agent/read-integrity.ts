import type { JsonValue } from '../../model/json.ts';
import {
  fault,
  type Report,
  readLine,
  readTable,
  refuseUnknownKeys,
  type SourcePath,
} from '../../source/report.ts';
import type { AgentIntegrity, AgentSignature } from './manifest.ts';

const SHA256 = /^[0-9a-f]{64}$/;
const MAX_FILES = 10_000;
const MAX_PATH = 1024;
/** Raw Ed25519 key and signature in base64 (RFC 4648, section 4). */
const KEY = /^[A-Za-z0-9+/]{43}=$/;
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

/** Reads `integrity`: digests of files, of all of them together, and a signature over the manifest. */
export function readIntegrity(report: Report, value: JsonValue | undefined): AgentIntegrity {
  const table = value === undefined ? undefined : readTable(report, ['integrity'], value);
  if (table === undefined) return { files: new Map() };
  refuseUnknownKeys(report, ['integrity'], table, ['files', 'tree_sha256', 'signature']);
  const { files: listed, tree_sha256, signature: signed } = table;
  const files = readFiles(report, ['integrity', 'files'], listed);
  const treeSha256 =
    tree_sha256 === undefined ? undefined : readSha256(report, ['integrity', 'tree_sha256'], tree_sha256);
  const signature =
    signed === undefined ? undefined : readSignature(report, ['integrity', 'signature'], signed);
  if (treeSha256 !== undefined && files.size === 0) {
    fault(
      report,
      ['integrity', 'tree_sha256'],
      'no-effect',
      '`tree_sha256` is over `files`, and there are none',
    );
  }
  return {
    files,
    ...(treeSha256 === undefined ? {} : { treeSha256 }),
    ...(signature === undefined ? {} : { signature }),
  };
}

function readFiles(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const table = value === undefined ? undefined : readTable(report, path, value);
  if (table === undefined) return files;
  const entries = Object.entries(table);
  if (entries.length > MAX_FILES) fault(report, path, 'out-of-range', `at most ${MAX_FILES} files`);
  for (const [name, digest] of entries.slice(0, MAX_FILES)) {
    const read = readSha256(report, [...path, name], digest);
    if (!isInside(name)) {
      fault(report, [...path, name], 'bad-path', `\`${name}\` is not a path inside the manifest's folder`, {
        what: 'key',
        help: 'write it from that folder on, like `scripts/run.py`',
      });
    } else if (read !== undefined) files.set(name, read);
  }
  return files;
}

/** SECURITY: a file elsewhere is none that came with the manifest. */
function isInside(name: string): boolean {
  if (name === '' || name.length > MAX_PATH || /[\\\p{Cc}]/u.test(name)) return false;
  return name.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
}

function readSha256(report: Report, path: SourcePath, value: JsonValue): string | undefined {
  const text = readLine(report, path, value, 128);
  if (text === undefined || SHA256.test(text)) return text;
  return fault(report, path, 'bad-text', 'not a SHA-256 digest in lower-case hex');
}

function readSignature(report: Report, path: SourcePath, value: JsonValue): AgentSignature | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  const sigstore = table['algorithm'] === 'sigstore';
  refuseUnknownKeys(report, path, table, ['algorithm', ...(sigstore ? ['bundle'] : ['public_key', 'value'])]);
  if (sigstore) return readBundle(report, path, table['bundle']);
  const field = (key: string, pattern: RegExp, what: string): string | undefined => {
    const written = table[key];
    if (written === undefined) return fault(report, path, 'missing-key', `a signature needs \`${key}\``);
    const text = readLine(report, [...path, key], written, 128);
    return text === undefined || pattern.test(text)
      ? text
      : fault(report, [...path, key], 'bad-text', `\`${key}\` must be ${what}`);
  };
  field('algorithm', /^ed25519$/, '`ed25519` or `sigstore`');
  const publicKey = field('public_key', KEY, 'an Ed25519 public key: 32 bytes in base64');
  const signature = field('value', SIGNATURE, 'an Ed25519 signature: 64 bytes in base64');
  return publicKey === undefined || signature === undefined
    ? undefined
    : { kind: 'ed25519', publicKey, value: signature };
}

function readBundle(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
): AgentSignature | undefined {
  if (value === undefined) return fault(report, path, 'missing-key', 'a signature needs `bundle`');
  const bundle = readLine(report, [...path, 'bundle'], value, MAX_PATH);
  if (bundle === undefined) return undefined;
  if (isInside(bundle)) return { kind: 'sigstore', bundle };
  return fault(
    report,
    [...path, 'bundle'],
    'bad-path',
    `\`${bundle}\` is not a path inside the manifest's folder`,
    { help: 'write it from that folder on, like `coder.sigstore.json`' },
  );
}
