import { expect, it } from 'vitest';
import { openWorkspace } from './workspace.ts';

const FILES = {
  'aegis.toml': `policy = ["policy.yaml"]
[[servers]]
name = "fs"
command = ["fs-server"]
cwd = "workspace"
manifest = "fs.yaml"
[[servers]]
name = "http"
command = ["http-server"]
manifest = "http.yaml"
[[servers]]
name = "shell"
command = ["shell-server"]
cwd = "workspace"
manifest = "shell.yaml"
`,
  'policy.yaml': `allowedDomains: [api.model.example]
allowedMethods: [POST]
blockedPaths: [/]
filesystem:
  sandboxRoot: ./workspace
  denyPatterns: ["**/*", "**/.env"]
`,
  'fs.yaml': 'server: fs\ntools: { readFile: { capabilities: [fs.read], args: { path: path } } }\n',
  'http.yaml':
    'server: http\ntools: { send: { capabilities: [net.egress], args: { url: url, method: id, body: text } } }\n',
  'shell.yaml':
    'server: shell\ntools: { run: { capabilities: [exec, fs.read, fs.delete], args: { command: shell } } }\n',
  'workspace/notes.md': 'notes\n',
};

it.each([
  ['an everyday question for a document', 'fs', 'readFile', { path: 'notes.md' }, 'allow sandboxRoot'],
  ['the settings with the credentials', 'fs', 'readFile', { path: '.env' }, 'deny denyPatterns'],
  ['a private key', 'fs', 'readFile', { path: '~/.ssh/id_rsa' }, 'deny not in sandboxRoot'],
  [
    'a key carried to a stranger',
    'http',
    'send',
    { url: 'https://drop.example', method: 'POST' },
    'deny not in allowedDomains',
  ],
  ['a deletion of everything', 'shell', 'run', { command: 'rm -rf .' }, 'deny GUARD_SHELL'],
  [
    'a question to the metadata service',
    'http',
    'send',
    { url: 'http://169.254.169.254/', method: 'POST' },
    'deny GUARD_SSRF',
  ],
  [
    'an answer to the model',
    'http',
    'send',
    { url: 'https://api.model.example/v1', method: 'POST' },
    'allow allowedDomains',
  ],
  ['an unknown tool', 'fs', 'wipe', {}, 'deny DEFAULT_DENY'],
] as const)('a policy of lists decides %s', async (_, server, tool, args, expected) => {
  const { decide } = await openWorkspace('aegis.toml', FILES);
  const { effect, rule, reasons } = decide(server, tool, args);
  expect(`${effect} ${rule ?? reasons[0].code}`).toBe(expected);
});
