// What every command promises, tried on each line of the table.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '@aegis/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { OPTION_VALUES, POSITIONAL_VALUES } from '../../src/cli/completion/kinds.ts';
import { commandLine, DOCUMENTS, jsonLines } from './table.ts';

const names = COMMANDS.map(({ name }) => name);
const isDocument = (name: string): boolean => DOCUMENTS.some((known) => known === name);

/** What a file loads with itself; types are erased, and what `import()` names is loaded later. */
const LOADED = /^(?:import|export) (?!type\b)[^;]*?from '([^']+)';/gm;

const TABLE = /^cli\/commands(?:\.ts|\/(?:[\w-]+\/)?(?:[\w-]+-)?entries\.ts)$/;

/** Options whose values nobody can know. */
const FREE_TEXT = [
  'name',
  'url',
  'env',
  'header',
  'at',
  'calls',
  'since',
  'args',
  'why',
  'because',
  'grant',
  'tool',
  'listen',
  'log',
  'last',
  'after',
  'from',
  'to',
  'day',
  'event',
  'user',
  'key',
  'witness',
  'before',
  'overlap',
  'addr',
  'mcp-addr',
  'dsn',
  'rate-limit',
  'description',
  'service',
  'label',
  'value',
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-table-'));
  writeFileSync(join(folder, 'broken.toml'), 'mode = "enforced"\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const errorOf = (stdout: string): { code: keyof typeof ERRORS; message: string; help: string } => {
  const last = jsonLines(stdout).at(-1) as { error: ReturnType<typeof errorOf> };
  return last.error;
};

describe('the table of commands', () => {
  it('has each name once, and a summary that begins with a small letter and has no end', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { name, summary } of COMMANDS) expect(summary, name).toMatch(/^[a-z].*[^.]$/);
  });

  it('takes `--json` everywhere but where the output is a document of its own', async () => {
    const without: string[] = [];
    for (const entry of COMMANDS) {
      if ((await entry.load()).options['json'] === undefined) without.push(entry.name);
    }
    expect(without.toSorted()).toEqual([...DOCUMENTS].toSorted());
  });

  it('is all that a help text loads: no library, and no part of the product but names', () => {
    const source = fileURLToPath(new URL('../../src/', import.meta.url));
    const loaded = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(LOADED)) {
        if (from.startsWith('.')) load(join(dirname(file), from));
        else expect(from, file).toMatch(/^node:/);
      }
    };
    load(join(source, 'cli/main.ts'));
    const others = [...loaded].map((file) => file.slice(source.length)).filter((file) => !TABLE.test(file));
    expect(others.toSorted()).toEqual(['cli/exit.ts', 'cli/main.ts', 'config/environment.ts']);
    expect(loaded.size).toBeGreaterThan(10);
  });

  it('knows what completes every argument and every option', async () => {
    const unknown: string[] = [];
    for (const entry of COMMANDS) {
      const { name } = entry;
      const { options, positionals } = await entry.load();
      if (positionals > 0 && POSITIONAL_VALUES[name] === undefined) unknown.push(name);
      for (const [option, { type }] of Object.entries(options)) {
        const isKnown = `${name} ${option}` in OPTION_VALUES || option in OPTION_VALUES;
        if (type === 'string' && !isKnown && !FREE_TEXT.includes(option)) unknown.push(`${name} --${option}`);
      }
    }
    expect(unknown).toEqual([]);
    expect(Object.keys(POSITIONAL_VALUES).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe.each([...COMMANDS])('aegis $name', (entry) => {
  const { name } = entry;
  const words = name.split(' ');

  it('has a help of at most 110 columns that names every option, and no colour', async () => {
    const { code, stdout, stderr } = await commandLine([...words, '--help'], folder);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^usage: aegis/);
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
    const { options } = await entry.load();
    for (const option of Object.keys(options)) expect(stdout).toContain(`--${option}`);
  });

  it('refuses an option that it does not know as a wrong call, for people and for programs', async () => {
    const { code, stdout, stderr } = await commandLine([...words, '--no-such-option', '--json'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: unknown option .--[\w-]+.\n {2}where: .+\n {2}why: .+\n {2}help: .+\n$/);
    expect(errorOf(stdout)).toMatchObject({
      code: 'USAGE',
      help: expect.stringMatching(/^(run|did you mean) `/),
    });
  });

  it('says in one error, of one form, that there is no configuration or that it is wrong', async () => {
    const { options, positionals } = await entry.load();
    if (options['config'] === undefined || name === 'doctor') return;
    const json = isDocument(name) ? [] : ['--json'];
    const some = positionals > 0 && name !== 'mcp wrap' ? ['x'] : [];
    for (const file of ['nowhere.toml', 'broken.toml']) {
      const told = await commandLine([...words, ...some, '--config', join(folder, file), ...json], folder);
      expect([2, 3, 5], told.stderr).toContain(told.code);
      expect(told.stderr).toMatch(/^error: .[\s\S]*\n {2}help: .+\n$/m);
      expect(told.stderr).not.toContain('internal');
      if (isDocument(name)) continue;
      const error = errorOf(told.stdout);
      expect(ERRORS[error.code].exit).toBe(told.code);
      expect(told.stderr).toContain(`error: ${error.message}\n`);
    }
  });
});

describe('a word that is no command', () => {
  it.each([
    [['polcy'], 'did you mean `aegis policy`?'],
    [['policy', 'chek'], 'did you mean `aegis policy check`?'],
    [['verfy-ledger'], 'did you mean `aegis verify-ledger`?'],
    [['zzz'], 'run `aegis --help`'],
    [['policy', 'zzz'], 'run `aegis policy --help`'],
    [['events', '--jsn'], 'did you mean `--json`?'],
  ])('%j is answered with %s', async (argv, help) => {
    const { code, stderr } = await commandLine(argv, folder);
    expect(code).toBe(2);
    expect(stderr).toContain(`  help: ${help}\n`);
  });

  it('that is a noun shows its verbs', async () => {
    const asked = await commandLine(['ledger', '--help'], folder);
    expect(asked.code).toBe(0);
    expect(asked.stdout).toContain('ledger verify');
    expect(asked.stdout).not.toContain('policy check');
    expect((await commandLine(['ledger'], folder)).code).toBe(2);
  });

  it('is printed without what a terminal would obey', async () => {
    expect((await commandLine(['\u001b[31mred'], folder)).stderr).not.toContain('\u001b');
  });
});
