import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type BundleManifest,
  formatCheckpoint,
  formatInstallationProof,
  formatManifest,
  formatNote,
  formatVerifierKey,
  growTree,
  leafHash,
  rootOf,
  tilePath,
  verifierKey,
} from '@aegis/core';
import { digest, sha256, utf8 } from '../../src/platform.ts';

/** Somebody who has a bundle, knows the format, and does not have the key. */
export class Forger {
  readonly folder: string;

  /** Works on a copy. */
  constructor(bundle: string, folder: string) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(bundle, folder, { recursive: true });
    this.folder = folder;
  }

  get manifest(): BundleManifest {
    return JSON.parse(this.text('bundle.json')) as BundleManifest;
  }

  /** Every file, by its path in the bundle. */
  files(): string[] {
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(this.folder, path)).isFile())
      .toSorted();
  }

  bytes(path: string): Buffer {
    return readFileSync(join(this.folder, path));
  }

  text(path: string): string {
    return this.bytes(path).toString('utf8');
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true });
  }

  lines(path: string): string[] {
    return this.text(path).split('\n').slice(0, -1);
  }

  writeLines(path: string, lines: readonly string[]): void {
    this.write(path, lines.map((line) => `${line}\n`).join(''));
  }

  /** Changes the lines of a file, and makes bundle.json agree with it. */
  edit(path: string, change: (lines: string[]) => readonly string[]): this {
    this.writeLines(path, change(this.lines(path)));
    return this.agree();
  }

  /** Makes bundle.json name the hashes of the files as they are. */
  agree(members: Partial<BundleManifest> = {}): this {
    const files: Record<string, string> = {};
    for (const path of this.files()) {
      if (!['bundle.json', 'checkpoint', 'checkpoint.installation'].includes(path))
        files[path] = sha256(this.bytes(path));
    }
    const events = this.lines('events.jsonl').length;
    this.write('bundle.json', formatManifest({ ...this.manifest, events, files, ...members }));
    return this;
  }

  /** Changes one event, and seals what follows in its session on it, as somebody who covers the traces does. */
  rewriteEvent(line: number, change: (event: Record<string, unknown>) => void): this {
    return this.edit('events.jsonl', (lines) => {
      const changed = JSON.parse(lines[line] ?? '') as Record<string, unknown>;
      change(changed);
      lines[line] = canonical(changed);
      let head = hashOf(lines[line]);
      for (let at = line + 1; at < lines.length; at++) {
        const event = JSON.parse(lines[at] ?? '') as Record<string, unknown>;
        if (event['session_id'] !== changed['session_id']) continue;
        lines[at] = canonical({ ...event, prev_hash: head });
        head = hashOf(lines[at] ?? '');
      }
      return lines;
    });
  }

  /** Builds the whole tree anew over the events as they are, and signs it with a key of one's own. */
  rewriteLog(): this {
    const bodies = this.lines('events.jsonl');
    this.writeLines(
      'leaves',
      bodies.map((_, leaf) => String(leaf)),
    );
    const leaves = bodies.map((body) => leafHash(new Uint8Array(Buffer.from(hashOf(body), 'hex')), digest));
    const { size, edge, full } = growTree(0, [], leaves, digest);
    this.remove('tile');
    for (const { level, n, hashes } of full) this.write(tilePath(level, n), hashes);
    for (const [level, hashes] of edge.entries()) {
      const n = Math.floor(size / 256 ** (level + 1));
      if (hashes.length > 0) this.write(tilePath(level, n, hashes.length / 32), hashes);
    }
    const root = rootOf(size, edge, digest);
    const { origin } = this.manifest;
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
    const signed = (name: string, text: string): string => {
      const key = verifierKey(name, 'ed25519', raw, digest);
      return formatNote(text, [{ name, keyId: key.keyId, bytes: sign(null, utf8(text), privateKey) }]);
    };
    const text = formatCheckpoint({ origin, size, root });
    const whole = origin.slice(0, origin.indexOf('/'));
    const only = leafHash(digest(utf8(text)), digest);
    this.write('checkpoint', signed(origin, text));
    this.write(
      'checkpoint.installation',
      signed(whole, formatCheckpoint({ origin: whole, size: 1, root: only })),
    );
    this.write('installation.json', formatInstallationProof({ leaf: 0, size: 1, proof: [] }));
    this.write('keys', `${formatVerifierKey(verifierKey(origin, 'ed25519', raw, digest))}\n`);
    return this.agree({ size, root: Buffer.from(root).toString('hex') });
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }
}

/** Canonical enough for events, whose keys are all of one script and whose numbers are integers. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
