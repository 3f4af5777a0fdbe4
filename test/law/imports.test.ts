import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findCycle, importsOf } from './imports.ts';
import { violations } from './laws.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function sources(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const path of glob('packages/*/src/**/*.ts', { cwd: root })) {
    files.set(path.replaceAll('\\', '/'), readFileSync(root + path, 'utf8'));
  }
  return files;
}

describe('the law of imports', () => {
  it('sees the files that it judges', async () => {
    const seen = await sources();
    expect(seen.size).toBeGreaterThan(60);
    for (const path of [
      'packages/core/src/decide.ts',
      'packages/aegis/src/enforce/pipeline.ts',
      'packages/aegis/src/daemon/gateway.ts',
      'packages/aegis/src/gateway/upstream/stdio/process.ts',
    ]) {
      expect([...seen.keys()]).toContain(path);
    }
    const imports = [...seen].flatMap(([path, text]) => importsOf(path, text));
    expect(imports.length).toBeGreaterThan(200);
  });

  it('is kept by every file', async () => {
    expect(violations(await sources())).toEqual([]);
  });

  it('finds no cycle', async () => {
    expect(findCycle(await sources())).toBeUndefined();
  });
});

describe('the checker of the law', () => {
  const planted: readonly (readonly [path: string, text: string, rule: string])[] = [
    ['packages/core/src/decide.ts', "import { readFileSync } from 'node:fs';", 'core imports itself'],
    ['packages/core/src/decide.ts', "import x from '../../aegis/src/ports.ts';", 'core imports itself'],
    ['packages/core/src/a/b.ts', "export { x } from '../index.ts';", 'not the door'],
    ['packages/aegis/src/store/sqlite.ts', "import { s } from '../vault/secrets.ts';", 'never each other'],
    [
      'packages/aegis/src/enforce/pipeline.ts',
      "const m = await import('../gateway/catalogue.ts');",
      'never each other',
    ],
    [
      'packages/aegis/src/gateway/front/http.ts',
      "import { s } from '../../store/sqlite.ts';",
      'a door reaches',
    ],
    [
      'packages/aegis/src/cli/commands/start.ts',
      "import { s } from '../../store/sqlite.ts';",
      'the command line',
    ],
    [
      'packages/aegis/src/enforce/steps/execute.ts',
      "import { spawn } from 'child_process';",
      'child processes',
    ],
    [
      'packages/aegis/src/gateway/front/stdio.ts',
      "import { spawn } from 'node:child_process';",
      'child processes',
    ],
    ['packages/aegis/src/clients/wrap.ts', "import { readFileSync } from 'node:fs';", 'are texts to clients'],
    ['packages/aegis/src/clients/wrap.ts', "import { s } from '../cli/diff.ts';", 'are texts to clients'],
    ['packages/aegis/src/vault/secrets.ts', "import { request } from 'node:https';", 'sockets'],
    ['packages/aegis/src/evidence/sequencer.ts', "import { request } from 'undici';", 'sockets'],
    ['packages/aegis/src/evidence/sequencer.ts', "import { http } from '../http.ts';", 'sockets'],
    ['packages/aegis/src/store/sqlite.ts', "process.getBuiltinModule('node:http').get('/');", 'sockets'],
    [
      'packages/aegis/src/store/sqlite.ts',
      "createRequire(import.meta.url)('undici/lib/dispatcher/pool.js');",
      'sockets',
    ],
    [
      'packages/aegis/src/evidence/epoch.ts',
      "import { OwnSession } from '../enforce/own-session.ts';",
      'never each other',
    ],
    ['packages/aegis/src/vault/secrets.ts', 'const home = process.env.HOME;', 'environment'],
  ];

  it.each(planted)('sees what is planted in %s: %s', (path, text, rule) => {
    expect(violations(new Map([[path, text]])).join('\n')).toContain(rule);
  });

  it('lets lawful imports pass', () => {
    const lawful = new Map([
      [
        'packages/core/src/decide.ts',
        "import type { Decision } from './model/decision.ts';\nimport { z } from 'zod';",
      ],
      [
        'packages/aegis/src/store/sqlite.ts',
        "import { DatabaseSync } from 'node:sqlite';\nimport type { EventStore } from '../ports.ts';",
      ],
      ['packages/aegis/src/gateway/upstream/stdio/process.ts', "import { spawn } from 'node:child_process';"],
      ['packages/aegis/src/evidence/witness/client.ts', "import { request } from 'undici';"],
    ]);
    expect(violations(lawful)).toEqual([]);
  });

  it('finds a cycle of three files', () => {
    const files = new Map([
      ['a/x.ts', "import './y.ts';"],
      ['a/y.ts', "export * from '../b/z.ts';"],
      ['b/z.ts', "const x = import('../a/x.ts');"],
    ]);
    expect(findCycle(files)).toEqual(['a/x.ts', 'a/y.ts', 'b/z.ts', 'a/x.ts']);
  });
});
