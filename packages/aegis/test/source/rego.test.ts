import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Diagnostic, formatDiagnostic, type JsonObject, readDocument } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/platform.ts';
import { loadRego } from '../../src/source/rego.ts';
import { readDisk } from '../../src/source/texts.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-rego-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const NOW = 1_800_000_000_123;

/** Loads texts as `0.rego`, `1.rego`, ... and `data.json`. */
async function load(texts: readonly (string | undefined)[], entrypoint = 'data.x.deny', data?: string) {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.rego`);
    if (text !== undefined) writeFileSync(file, text);
    return file;
  });
  const diagnostics: Diagnostic[] = [];
  const module = await loadRego(
    {
      files,
      entrypoint,
      entrypointAt: { file: join(folder, 'aegis.toml'), line: 3, column: 14 },
      ...(data === undefined ? {} : { data: join(folder, 'data.json') }),
    },
    {
      read: (file) => Promise.resolve(readDocument({ text: data ?? '', file })),
      readText: readDisk,
      sha256,
      diagnostics,
    },
  );
  return { module, faults: diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${folder}/`, '')) };
}

async function ask(text: string, input: JsonObject = {}, data?: string, entrypoint?: string) {
  const { module, faults } = await load([text], entrypoint, data);
  expect(faults).toEqual([]);
  return module?.evaluate?.(input, NOW);
}

const DENY = (body: string): string => `package x\n\ndeny contains msg if {\n\t${body}\n}\n`;

describe('Rego of an installation', () => {
  it('gives the documents that its files define together', async () => {
    const { module, faults } = await load([
      'package x\n\nimport data.lists\n\ndeny contains "no" if input.tool in lists.refused\n',
      'package lists\n\nrefused := {"rm"}\n',
    ]);
    expect(faults).toEqual([]);
    expect(module?.rule).toBe('rego:data.x.deny');
    expect(module?.reads).toEqual([['tool']]);
    expect(module?.evaluate?.({ tool: 'rm' }, NOW)).toEqual({ kind: 'value', value: ['no'] });
    expect(module?.evaluate?.({ tool: 'ls' }, NOW)).toEqual({ kind: 'value', value: [] });
  });

  it('finds data beside the rules', async () => {
    const text = DENY('input.n > data.limits.n\n\tmsg := "too many"');
    const data = '{ "limits": { "n": 2 } }';
    expect(await ask(text, { n: 3 }, data)).toEqual({ kind: 'value', value: ['too many'] });
    expect(await ask(text, { n: 2 }, data)).toEqual({ kind: 'value', value: [] });
  });

  it('is told the time to the nanosecond', async () => {
    const text = 'package x\n\ndeny contains sprintf("%d", [time.now_ns()])\n';
    expect(await ask(text)).toEqual({ kind: 'value', value: ['1800000000123000000'] });
  });

  it('has the hash functions of the machine', async () => {
    const text =
      'package x\n\ndeny contains crypto.sha256("abc")\n\ndeny contains crypto.hmac.sha1("abc", "key")\n';
    expect(await ask(text)).toEqual({
      kind: 'value',
      value: [
        '4fd0b215276ef12f2b3e4c8ecac2811498b656fc',
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      ],
    });
  });

  it('sees own members of arguments and nothing that JavaScript adds', async () => {
    const text = DENY(
      'some key in ["constructor", "toString", "__proto__"]\n\tinput.args[key]\n\tmsg := key',
    );
    expect(await ask(text, { args: {} })).toEqual({ kind: 'value', value: [] });
    const args = JSON.parse('{ "__proto__": 1 }') as JsonObject;
    expect(await ask(text, { args })).toEqual({ kind: 'value', value: ['__proto__'] });
  });

  it('says of an undefined result that it is one', async () => {
    expect(await ask('package x\n\ndeny := "a" if input.a\n')).toEqual({ kind: 'undefined' });
  });

  it('says what failed, and where, without the folder', async () => {
    const conflict = 'package x\n\ndeny := 1 if input.a\n\ndeny := 2 if input.b\n';
    const fault = await ask(conflict, { a: true, b: true });
    expect(fault).toMatchObject({ kind: 'fault', message: expect.stringMatching(/ \(0\.rego:\d+:\d+\)$/) });
    expect(JSON.stringify(fault)).not.toContain(folder);
  });

  it('fails where OPA would go on without an answer', async () => {
    expect(await ask(DENY('to_number(input.n) > 3\n\tmsg := "more than three"'), { n: 'x' })).toMatchObject({
      kind: 'fault',
    });
  });

  it.each<[string, string]>([
    ['steps', 'count([1 | some a in numbers.range(1, 400); some b in numbers.range(1, 400); a < b]) > 0'],
    ['size', 'count(numbers.range(1, 10000000)) > 0'],
  ])('stops when it needs too many %s', async (_what, body) => {
    expect(await ask(DENY(`${body}\n\tmsg := "a"`))).toMatchObject({
      kind: 'fault',
      message: expect.stringContaining(`more than`),
    });
  });

  it('has another digest for another text, entrypoint or data', async () => {
    const one = 'package x\n\ndeny contains "a" if input.a\n';
    const digests = [
      await load([one]),
      await load([`${one}# more\n`]),
      await load([`${one}\nallow := true\n`], 'data.x.allow'),
      await load([`${one}\nallow := true\n`]),
      await load([one], 'data.x.deny', '{ "a": 1 }'),
      await load([one], 'data.x.deny', '{ "a": 2 }'),
      await load([one, 'package y\n\nz := 1\n']),
    ].map(({ module }) => module?.digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect((await load([one], 'data.x.deny', '{}')).module?.digest).toBe(digests[0]);
  });
});

describe('Rego that cannot work', () => {
  it('is refused with all that is wrong in all files', async () => {
    const { module, faults } = await load([
      'package x\n\ndeny contains msg if {\n\tmsg := http.send({})\n}\n',
      'package y\n\nz := foo(1)\n',
    ]);
    expect(module).toBeUndefined();
    expect(faults).toEqual([
      expect.stringMatching(/^0\.rego:4:9: .*`http\.send`.*\n {2}help: /),
      expect.stringMatching(/^1\.rego:3:6: .*`foo`/),
    ]);
  });

  it('is refused when a file is missing, without what only its absence makes wrong', async () => {
    const { module, faults } = await load(['package x\n\ndeny contains "a" if data.y.f(1)\n', undefined]);
    expect(module).toBeUndefined();
    expect(faults).toEqual(['1.rego:1:1: cannot read `1.rego`: ENOENT']);
  });

  it('is asked for a rule that there is', async () => {
    const { faults } = await load(['package x\n\ndeny contains "a" if input.a\n'], 'data.x.denny');
    expect(faults).toEqual(['aegis.toml:3:14: no rule `data.x.denny`\n  help: did you mean `data.x.deny`?']);
    const whole = await load(['package x\n\ndeny contains "a" if input.a\n'], 'data.x');
    expect(whole.faults[0]).toContain('no rule `data.x`');
    const call = await load(['package x\n\nf(a) := a\n'], 'data.x.f');
    expect(call.faults).toEqual(['aegis.toml:3:14: no rule `data.x.f`']);
  });

  it('has data that no rule hides, and that is an object', async () => {
    const text = 'package x\n\ndeny contains "a" if input.a\n';
    expect((await load([text], 'data.x.deny', '{ "x": { "deny": [] } }')).faults).toEqual([
      'data.json:1:10: `data.x.deny` is where the rule `data.x.deny` is\n  help: rename one of them: data and rules share one tree',
    ]);
    expect((await load([text], 'data.x.deny', '{ "x": 1 }')).faults[0]).toContain(
      '`data.x` is where the rule',
    );
    expect((await load([text], 'data.x.deny', '{ "x": { "y": 1 } }')).faults).toEqual([]);
    expect((await load([text], 'data.x.deny', '[]')).faults).toEqual([
      'data.json:1:1: the data of Rego must be an object',
    ]);
    expect((await load([text], 'data.x.deny', '{')).faults).toHaveLength(1);
  });
});
