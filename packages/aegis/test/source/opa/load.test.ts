import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Diagnostic,
  formatDiagnostic,
  type JsonObject,
  type ModuleInput,
  readDocument,
} from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../../src/platform.ts';
import { type LoadedOpa, loadOpa, type OpaSources } from '../../../src/source/opa/load.ts';
import { readDisk } from '../../../src/source/texts.ts';

const WASM = fileURLToPath(new URL('policy.wasm', import.meta.url));
const LIMITS = '{ "limits": { "amount": 1000 } }';

let folder: string;
const opened: LoadedOpa[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-opa-'));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ source }) => source.close()));
  rmSync(folder, { recursive: true, force: true });
});

type BundleSources = Extract<OpaSources, { kind: 'bundle' }>;

async function load(more: Partial<BundleSources> = {}, data = LIMITS) {
  const diagnostics: Diagnostic[] = [];
  const loaded = await loadOpa(
    {
      kind: 'bundle',
      file: WASM,
      entrypoint: 'aegis/decision',
      entrypointAt: { file: 'aegis.toml', line: 3, column: 14 },
      deadlineMs: 5000,
      memoryMb: 16,
      reads: [[]],
      data: join(folder, 'data.json'),
      ...more,
    },
    {
      read: (file) => Promise.resolve(readDocument({ text: data, file })),
      readText: readDisk,
      sha256,
      diagnostics,
    },
  );
  if (loaded !== undefined) opened.push(loaded);
  return { loaded, faults: diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${folder}/`, '')) };
}

async function open(more: Partial<BundleSources> = {}): Promise<LoadedOpa> {
  const { loaded, faults } = await load(more);
  if (loaded === undefined) throw new Error(faults.join('\n'));
  return loaded;
}

const call = (tool: string, args: JsonObject = {}, toolCalls = 0): ModuleInput => ({
  request: { tool, args },
  session: { tool_calls: toolCalls },
  now_ns: 1_800_000_000_123_000_000n,
});

describe('a bundle of OPA', () => {
  it('answers what its policies say', async () => {
    const { module, source } = await open();
    expect(module.rule).toBe('opa:aegis/decision');
    expect(await source.ask(call('order', { amount: 1 }))).toEqual({
      kind: 'value',
      value: { outcome: 'allow' },
    });
    expect(await source.ask(call('order', { amount: 1001 }))).toMatchObject({
      value: { outcome: 'require_approval' },
    });
    expect(await source.ask(call('order', {}, 3))).toMatchObject({ value: { code: 'BUDGET_EXCEEDED' } });
    expect(await source.ask(call('report'))).toMatchObject({ value: { constraints: { mask: ['email'] } } });
  });

  it('gives a set of messages as a list, and says of an undefined result that it is one', async () => {
    const deny = await open({ entrypoint: 'aegis/deny' });
    expect(await deny.source.ask(call('rm'))).toEqual({ kind: 'value', value: ['rm is not for agents'] });
    expect(await deny.source.ask(call('ls'))).toEqual({ kind: 'value', value: [] });
    const order = await open({ entrypoint: 'aegis/order' });
    expect(await order.source.ask(call('ls'))).toEqual({ kind: 'undefined' });
  });

  it('answers many at once, each for itself', async () => {
    const { source } = await open({ entrypoint: 'aegis/deny' });
    const tools = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 'rm' : 'format'));
    const answers = await Promise.all(tools.map((tool) => source.ask(call(tool))));
    expect(answers).toEqual(tools.map((tool) => ({ kind: 'value', value: [`${tool} is not for agents`] })));
  });

  it('that takes too long is ended, and the next call is answered by another thread', async () => {
    const { source } = await open({ entrypoint: 'aegis/slow', deadlineMs: 300, memoryMb: 1024 });
    expect(await source.ask(call('x', { n: 3000 }))).toEqual({
      kind: 'fault',
      message: 'there was no answer within 300 ms',
    });
    await vi.waitFor(
      async () => expect(await source.ask(call('x', { n: 1 }))).toEqual({ kind: 'value', value: 0 }),
      { timeout: 10_000 },
    );
  });

  it('has no more memory than it may, and recovers', async () => {
    const { source } = await open({ entrypoint: 'aegis/large', memoryMb: 4 });
    const text = 'x'.repeat(10_000);
    expect(await source.ask(call('x', { text, n: 10_000 }))).toMatchObject({ kind: 'fault' });
    expect(await source.ask(call('x', { text: 'ab', n: 2 }))).toEqual({ kind: 'value', value: 'abab' });
    expect(await source.ask(call('x', { text: 'x'.repeat(8_000_000), n: 1 }))).toMatchObject({
      kind: 'fault',
    });
    expect(await source.ask(call('x', { text: 'ab', n: 2 }))).toEqual({ kind: 'value', value: 'abab' });
  });

  it('fails on arguments that are nested without end, and on nothing after them', async () => {
    const { source } = await open({ entrypoint: 'aegis/deny' });
    let deep: JsonObject = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    expect(await source.ask(call('x', deep))).toMatchObject({ kind: 'fault' });
    expect(await source.ask(call('rm'))).toMatchObject({ kind: 'value' });
  });

  it('refuses more than can wait', async () => {
    const { source } = await open({ entrypoint: 'aegis/slow', deadlineMs: 500 });
    const first = source.ask(call('x', { n: 100_000 }));
    const answers = await Promise.all(Array.from({ length: 300 }, () => source.ask(call('x', { n: 1 }))));
    await first;
    expect(
      answers.filter((one) => one.kind === 'fault' && one.message === 'too many calls wait for it'),
    ).toHaveLength(44);
  });

  it('answers what began before it was closed', async () => {
    const { source } = await open({ entrypoint: 'aegis/deny' });
    const under = source.ask(call('rm'));
    await source.close();
    expect(await under).toMatchObject({ kind: 'value' });
    expect(await source.ask(call('rm'))).toMatchObject({ kind: 'value' });
    await source.close();
  });

  it('has another digest for another module, data, entrypoint or input', async () => {
    const digests = [
      await load(),
      await load({ entrypoint: 'aegis/deny' }),
      await load({ reads: [['request']] }),
      await load({}, '{}'),
    ].map(({ loaded }) => loaded?.module.digest);
    expect(new Set(digests).size).toBe(4);
    expect((await load({ deadlineMs: 1 })).loaded?.module.digest).toBe(digests[0]);
  });
});

describe('a bundle of OPA that cannot work', () => {
  it('is refused when it is none, or not there', async () => {
    writeFileSync(join(folder, 'no.wasm'), 'package aegis');
    expect((await load({ file: join(folder, 'no.wasm') })).faults).toEqual([
      expect.stringMatching(/^no\.wasm:1:1: the module cannot be used: .*\n {2}help: it is `policy\.wasm`/),
    ]);
    expect((await load({ file: join(folder, 'gone.wasm') })).faults).toEqual([
      'gone.wasm:1:1: cannot read `gone.wasm`: ENOENT',
    ]);
  });

  it('is asked for an entrypoint that there is', async () => {
    expect((await load({ entrypoint: 'aegis/decison' })).faults).toEqual([
      'aegis.toml:3:14: no entrypoint `aegis/decison`\n  help: did you mean `aegis/decision`?',
    ]);
  });

  it('is refused when it does not fit into its memory, and with data that is no object', async () => {
    expect((await load({ memoryMb: 0 })).faults).toEqual([
      expect.stringContaining('the module cannot be used'),
    ]);
    expect((await load({}, '[]')).faults).toEqual(['data.json:1:1: the data of OPA must be an object']);
  });
});
