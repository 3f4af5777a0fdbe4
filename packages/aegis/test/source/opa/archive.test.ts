import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Diagnostic, formatDiagnostic, readDocument } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/platform.ts';
import { readArchive } from '../../../src/source/opa/archive.ts';
import { loadOpa } from '../../../src/source/opa/load.ts';
import { readDisk } from '../../../src/source/texts.ts';

const WASM = readFileSync(fileURLToPath(new URL('policy.wasm', import.meta.url)));
const MANIFEST =
  '{"revision":"","roots":[""],"wasm":[{"entrypoint":"aegis/decision","module":"/policy.wasm"}]}';

interface Member {
  readonly name: string;
  readonly content: Buffer | string;
  readonly type?: string;
}

/** A tar archive as POSIX has it. */
function tar(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ name, content, type = '0' }) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000600\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\0', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const packed = (...members: Member[]) => gzipSync(tar(members));
const wasm: Member = { name: '/policy.wasm', content: WASM };
const manifest: Member = { name: '/.manifest', content: MANIFEST };

describe('an archive of OPA', () => {
  it('gives its module and the data of all its folders', () => {
    const read = readArchive(
      packed(
        { name: '/data.json', content: '{"a":{"x":1},"top":true}' },
        { name: '/a/b/', content: '', type: '5' },
        { name: '/a/b/data.json', content: '{"y":2}' },
        { name: '/orders.rego', content: 'package aegis' },
        wasm,
        manifest,
      ),
    );
    if (typeof read === 'string') throw new Error(read);
    expect(JSON.parse(JSON.stringify(read.data))).toEqual({ a: { x: 1, b: { y: 2 } }, top: true });
    expect(Buffer.from(read.module).equals(WASM)).toBe(true);
  });

  it.each<readonly [string, Buffer, string]>([
    ['not packed', tar([wasm]), 'it is not packed with gzip'],
    ['no archive', gzipSync('x'.repeat(2000)), 'it is not a tar archive, or a damaged one'],
    ['cut off', gzipSync(tar([wasm]).subarray(0, 4096)), 'it is cut off'],
    ['without an end', gzipSync(tar([wasm]).subarray(0, -1024)), 'it is cut off'],
    [
      'larger than can be kept',
      gzipSync(Buffer.alloc(65 * 1024 * 1024)),
      'it is larger than 67108864 bytes when it is unpacked',
    ],
    ['without a module', packed(manifest), 'there is no `policy.wasm` in it'],
    [
      'signed',
      packed(wasm, manifest, { name: '/.signatures.json', content: '{"signatures":["x"]}' }),
      'it is signed, and signatures of OPA are not verified: build it without, and sign the policy of Aegis',
    ],
    [
      'with a file twice',
      packed(wasm, { name: 'policy.wasm', content: 'x' }),
      '`policy.wasm` is in it twice',
    ],
    [
      'with a link',
      packed(wasm, { name: 'data.json', content: '', type: '2' }),
      '`data.json` is neither a file nor a folder',
    ],
    [
      'with another module',
      packed(wasm, { name: '.manifest', content: '{"wasm":[{"entrypoint":"a","module":"/b.wasm"}]}' }),
      'its manifest names a module beside `policy.wasm`',
    ],
    ['with data in YAML', packed(wasm, { name: 'data.yaml', content: 'a: 1' }), '`data.yaml` is not JSON'],
    [
      'with data of no object',
      packed(wasm, { name: 'data.json', content: '[1]' }),
      '`data.json` is not an object',
    ],
    [
      'with a key twice',
      packed(wasm, { name: 'data.json', content: '{"a":1,"a":2}' }),
      '`data.json` is not an object of JSON',
    ],
    [
      'that says something twice',
      packed(
        wasm,
        { name: 'a/data.json', content: '{"x":1}' },
        { name: 'data.json', content: '{"a":{"x":2}}' },
      ),
      '`a/data.json` says again what another file says',
    ],
    [
      'that reaches for a prototype',
      packed(wasm, { name: '__proto__/data.json', content: '{"x":1}' }),
      '`__proto__/data.json` says again what another file says',
    ],
  ])('that is %s is refused', (_what, bytes, why) => {
    expect(readArchive(bytes)).toBe(why);
  });

  it('is found damaged at whichever byte of a header was changed', () => {
    const archive = tar([wasm, manifest]);
    for (let at = 0; at < 148; at += 7) {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(readArchive(gzipSync(changed)), `byte ${at}`).toBe('it is not a tar archive, or a damaged one');
    }
  });
});

describe('a bundle as OPA builds it', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aegis-archive-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function load(bytes: Buffer, data?: string) {
    const file = join(folder, 'bundle.tar.gz');
    writeFileSync(file, bytes);
    const diagnostics: Diagnostic[] = [];
    const loaded = await loadOpa(
      {
        kind: 'bundle',
        file,
        entrypoint: 'aegis/decision',
        entrypointAt: { file: 'aegis.toml', line: 3, column: 14 },
        deadlineMs: 5000,
        memoryMb: 16,
        reads: [[]],
        ...(data === undefined ? {} : { data }),
      },
      {
        read: (name) => Promise.resolve(readDocument({ text: '{}', file: name })),
        readText: readDisk,
        sha256,
        diagnostics,
      },
    );
    return { loaded, faults: diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${folder}/`, '')) };
  }

  it('decides with its own data', async () => {
    const limits = (amount: number): Member => ({
      name: '/data.json',
      content: JSON.stringify({ limits: { amount } }),
    });
    const { loaded, faults } = await load(packed(limits(1000), wasm, manifest));
    expect(faults).toEqual([]);
    const ask = (amount: number) => loaded?.source.ask({ request: { tool: 'order', args: { amount } } });
    expect(await ask(1)).toMatchObject({ value: { outcome: 'allow' } });
    expect(await ask(1001)).toMatchObject({ value: { outcome: 'require_approval' } });
    await loaded?.source.close();
    const other = await load(packed(limits(5), wasm, manifest));
    expect(other.loaded?.module.digest).not.toBe(loaded?.module.digest);
    await other.loaded?.source.close();
  });

  it('is refused with data beside it, and when it is signed', async () => {
    expect((await load(packed(wasm, manifest), 'data.json')).faults).toEqual([
      'aegis.toml:3:14: an archive has data of its own: `data` means nothing beside it',
    ]);
    const signed = await load(packed(wasm, { name: '.signatures.json', content: '{}' }));
    expect([signed.loaded, signed.faults[0]]).toEqual([
      undefined,
      'bundle.tar.gz:1:1: the bundle cannot be used: it is signed, and signatures of OPA are not verified: build it without, and sign the policy of Aegis',
    ]);
  });
});
