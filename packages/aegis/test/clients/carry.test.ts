import { describe, expect, it } from 'vitest';
import { carry } from '../../src/clients/carry.ts';
import { CLIENTS } from '../../src/clients/client.ts';

function carrying(value: object, id = 'claude-code') {
  const client = CLIENTS.find((one) => one.id === id);
  if (client === undefined) throw new Error(id);
  return carry(value as never, {
    client,
    place: { file: '/p/x', section: [], project: '/p' },
    home: '/h',
    directory: '/p',
    name: 's',
    secretFile: (key) => `secrets/${key}`,
  });
}

describe('what stays with the client', () => {
  it.each([
    [{ command: 'a', url: 'http://x' }, 'needs either `command` or `url`'],
    [{}, 'needs either `command` or `url`'],
    [{ type: 'ws', url: 'http://x' }, 'has the type `ws`'],
    [{ command: 'a', disabled: true }, 'is disabled'],
    [{ command: 'a', surprise: 1 }, 'has `surprise`, which Aegis has no counterpart for'],
    [{ command: 'a', headers: {} }, 'has `headers`, which Aegis has no counterpart for'],
    [{ command: 'a', args: 'b' }, '`args` is not a list of texts'],
    [{ command: 'a', cwd: 5 }, '`cwd` is not a text'],
    [{ command: 'a', env: ['X=1'] }, '`env` is not a table of texts'],
    [{ command: 'a', env: { X: null } }, '`X` under `env` is not a text'],
    [
      { command: 'a', env_vars: [{ name: 'X', source: 'remote' }] },
      '`env_vars` names variables of another machine',
    ],
    [{ command: '${RUN}' }, 'only the client can fill in its command line'],
    [{ command: 'a', cwd: '${DIR}' }, 'only the client can fill in its `cwd`'],
    [{ url: 'https://${HOST}/mcp' }, 'only the client can fill in its URL'],
    [{ url: 'unix:///run/x.sock' }, 'its URL is not http or https'],
    [{ url: 'https://x.example/mcp?api_key=abc' }, 'its URL seems to hold a credential: move it to a header'],
    [
      { command: 'db', args: ['postgres://u:p@h/d'] },
      'argument 1 of its command line seems to hold a credential: move it to `env`',
    ],
    [{ command: 'aegis', args: ['mcp'] }, 'runs behind Aegis already'],
  ])('%j: %s', (value, why) => {
    expect(carrying(value)).toEqual({ kind: 'left', why });
  });
});

describe('what is carried', () => {
  it('has the home folder, as the clients give it, and no other variable of its own', () => {
    expect(carrying({ command: 'a' })).toMatchObject({ server: { env: { HOME: '/h' } } });
    expect(carrying({ command: 'a', env: { HOME: '/other' } })).toMatchObject({
      server: { env: { HOME: '/other' } },
    });
  });

  it('runs where the client ran it', () => {
    expect(carrying({ command: 'a' })).not.toHaveProperty('server.cwd');
    expect(carrying({ command: 'a', cwd: 'sub' })).toMatchObject({ server: { cwd: 'sub' } });
    expect(carrying({ command: 'a', cwd: '/elsewhere' })).toMatchObject({ server: { cwd: '../elsewhere' } });
  });

  it('asks the client for what only the client knows', () => {
    const found = carrying({ url: 'https://x.example/mcp', headers: { Authorization: 'Bearer ${TOKEN}' } });
    expect(found).toMatchObject({
      server: { headers: { Authorization: { env: 'AEGIS_S_AUTHORIZATION' } } },
      forwards: { AEGIS_S_AUTHORIZATION: 'Bearer ${TOKEN}' },
      secrets: [],
    });
  });

  it('takes `${...}` as it stands where the client fills nothing in', () => {
    expect(carrying({ command: 'a', args: ['${X}'] }, 'claude-desktop')).toMatchObject({
      server: { command: ['a', '${X}'] },
    });
  });

  it('a credential is moved whatever its form', () => {
    const env = {
      PASSWORD: 'hunter2',
      N: 12,
      FLAG: true,
      BLOB: 'q8Zk3VnW0xYt7LmPqRsT',
      KEY: '-----BEGIN\nx',
    };
    const found = carrying({ command: 'a', env });
    expect(found).toMatchObject({ server: { env: { N: '12', FLAG: 'true' } } });
    if (found.kind !== 'carried') throw new Error(found.why);
    expect(found.secrets.map(({ file }) => file)).toEqual([
      'secrets/PASSWORD',
      'secrets/BLOB',
      'secrets/KEY',
    ]);
  });
});
