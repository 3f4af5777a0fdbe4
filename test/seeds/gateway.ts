import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openWorkspace } from '../policies/workspace.ts';
import { root } from '../e2e/aegis.ts';
import type { PrintedDocument } from './document.ts';
import { adapted, hasCommand, hasFile, openFolder, SET_UP, scripts, serve, shell } from './ground.ts';

const known = 'aegis verify-ledger Cryptographically verify';

/** A workspace as `aegis init` writes it, at a port that is free. */
async function initialised(line: string): Promise<string> {
  const folder = openFolder();
  const { code, stderr } = await shell(adapted(line, {}), folder);
  expect([code, stderr]).toEqual([0, '']);
  const file = join(folder, 'aegis.toml');
  const text = readFileSync(file, 'utf8').replace('127.0.0.1:8080', '127.0.0.1:0');
  // The server is the one that is installed here, and not fetched anew.
  const files = `${root}node_modules/@modelcontextprotocol/server-filesystem/dist/index.js`;
  writeFileSync(
    file,
    text.replace(/^command = \["npx".*$/m, `command = ["${process.execPath}", "${files}", "."]`),
  );
  return folder;
}

const AEGIS = 'npm run aegis --';

function command(what: string, found: RegExp, requirement: string, name: string) {
  const isThere = (): boolean => hasCommand(name);
  return { what, found, requirement, becomes: { kind: 'missing' as const, isThere } };
}

function policy(what: string, found: RegExp, requirement: string) {
  return {
    what,
    found,
    requirement,
    becomes: {
      kind: 'missing' as const,
      isThere: async (printed: string) => {
        const files = { 'aegis.toml': 'policy = ["policy.yaml"]\n', 'policy.yaml': printed };
        const refused = (error: unknown): string => String(error);
        const loaded = await openWorkspace('aegis.toml', files).then(() => 'loaded', refused);
        if (loaded !== 'loaded') expect(loaded).toContain('cannot be kept in this version');
        return loaded === 'loaded';
      },
    },
  };
}

// Servers that do what the scenarios speak of, and lists that hold for them.
const SCENARIOS = {
  'aegis.toml': `policy = ["policy.yaml"]
[[servers]]
name = "fs"
command = ["fs"]
cwd = "workspace"
manifest = "fs.yaml"
[[servers]]
name = "net"
command = ["net"]
manifest = "net.yaml"
[[servers]]
name = "shell"
command = ["shell"]
cwd = "workspace"
manifest = "shell.yaml"
`,
  'policy.yaml': `allowedDomains: [api.openai.com]
allowedMethods: [POST]
filesystem: { sandboxRoot: ./workspace, denyPatterns: ["**/.env"] }
`,
  'fs.yaml': 'server: fs\ntools: { readFile: { capabilities: [fs.read], args: { path: path } } }\n',
  'net.yaml':
    'server: net\ntools: { send: { capabilities: [net.egress], args: { url: url, method: id, body: text } } }\n',
  'shell.yaml':
    'server: shell\ntools: { run: { capabilities: [exec, fs.read, fs.delete], args: { command: shell } } }\n',
  'workspace/notes.md': 'notes\n',
};

function scenario(number: number, server: string, tool: string, args: Record<string, string>) {
  return {
    what: `scenario ${number}`,
    found: new RegExp(`^\\| ${number} \\|.*(Allowed|Blocked) \\|$`, 'm'),
    requirement: 'C-02, C-03, C-04',
    becomes: {
      kind: 'runs' as const,
      run: async (printed: string) => {
        const { decide } = await openWorkspace('aegis.toml', SCENARIOS);
        expect(decide(server, tool, args).effect).toBe(printed.includes('Allowed') ? 'allow' : 'deny');
      },
    },
  };
}

export const gateway: PrintedDocument = {
  name: 'a security gateway',
  known,
  printed: [
    {
      what: 'npm install',
      found: /^npm install$/m,
      requirement: 'D-01',
      becomes: {
        kind: 'differs',
        why: '`npm start` does it as well',
        run: async () => expect(scripts()).toMatchObject(SET_UP),
      },
    },
    {
      what: 'a workspace is initialised',
      found: /^npm run aegis -- init$/m,
      requirement: 'U-01',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          const folder = await initialised(printed);
          const { code } = await shell(adapted(`${AEGIS} policy check`, {}), folder);
          expect(code).toBe(0);
        },
      },
    },
    {
      what: 'the ledger is verified',
      found: /^npm run aegis -- verify-ledger$/m,
      requirement: 'U-01, E-05',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          const folder = await initialised(`${AEGIS} init`);
          await serve(adapted(`${AEGIS} start`, {}), folder);
          const { code, stderr } = await shell(adapted(printed, {}), folder);
          expect([code, stderr]).toEqual([0, '']);
        },
      },
    },
    {
      what: 'it starts in seven steps',
      found: /^aegis start\nRuns the full 7-step startup sequence:$/m,
      requirement: 'U-01',
      becomes: {
        kind: 'runs',
        run: async () => {
          const folder = await initialised(`${AEGIS} init`);
          const { url, said } = await serve(adapted(`${AEGIS} start`, {}), folder);
          await expect.poll(said).toContain('Ctrl-C stops');
          for (let step = 1; step <= 7; step++)
            expect(said()).toMatch(new RegExp(`^\\[${step}/7\\] .* ok`, 'm'));
          expect((await fetch(`${url}/healthz`)).status).toBe(200);
        },
      },
    },
    {
      what: 'aegis:start',
      found: /^npm run aegis:start$/m,
      requirement: 'U-01',
      becomes: {
        kind: 'missing',
        isThere: () => 'aegis:start' in scripts(),
      },
    },
    command('a credential is added', /^npm run aegis -- add-secret --key .*$/m, 'I-01', 'add-secret'),
    command('services are listed', /^aegis list-services List .*$/m, 'G-19', 'list-services'),
    {
      what: 'settings in the environment',
      found: /^cp \.env\.example \.env$[\s\S]*?^POLICY_FILE=.*$/m,
      requirement: 'D-03',
      becomes: { kind: 'missing', isThere: () => hasFile('.env.example') },
    },
    {
      what: 'the dashboard',
      found: /^cd src\/dashboard\/ui\nnpm run dev$/m,
      requirement: 'U-06',
      becomes: {
        kind: 'missing',
        isThere: () => hasFile('packages/dashboard', 'packages/aegis/src/dashboard'),
      },
    },
    policy(
      'the strict policy',
      /^allowedDomains:\n- api\.openai\.com\nallowedMethods:[\s\S]*?^blockJailbreaks: true$/m,
      'S-04, C-05',
    ),
    policy(
      'the development policy',
      /^allowedDomains:\n- api\.openai\.com\n- api\.anthropic[\s\S]*?^enabled: false$/m,
      'S-04',
    ),
    policy(
      'the policy for finance',
      /^allowedDomains:\n- api\.openai\.com\n- api\.stripe[\s\S]*?^requestsPerMinute: 30$/m,
      'S-04, C-06',
    ),
    scenario(1, 'fs', 'readFile', { path: 'notes.md' }),
    scenario(2, 'fs', 'readFile', { path: '.env' }),
    scenario(3, 'fs', 'readFile', { path: '~/.ssh/id_rsa' }),
    scenario(4, 'net', 'send', { url: 'https://evil-hacker.com/', method: 'POST' }),
    scenario(5, 'shell', 'run', { command: 'rm -rf workspace' }),
    scenario(6, 'net', 'send', { url: 'http://169.254.169.254/latest/meta-data', method: 'POST' }),
    {
      what: 'the scenarios as a demonstration',
      found: /tab with 6 pre-built attack simulations:$/m,
      requirement: 'U-07',
      becomes: { kind: 'missing', isThere: () => hasCommand('demo') },
    },
  ],
};
