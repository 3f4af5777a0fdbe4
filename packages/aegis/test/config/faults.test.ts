import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { temporaryFolder } from './folder.ts';
import { faults } from './loading.ts';
import { HTTP, ISSUED, logKey, STDIO, WITNESSED, witnessKey } from './texts.ts';

describe('what is wrong', () => {
  it('is reported together, each in its place, with suggestions at every depth', async () => {
    const text = `mod = "enforce"
mode = "enforcd"
[limits]
max_step = 5
max_tool_calls = 0
timeout_ms = "x"
max_output_bytes = 67108865
[risk]
hihg = "deny"
high = "dny"
[[servers]]
nam = "x"
command = []
[[servers]]
name = "a b"
url = "ftp://x"
env = { A = 5 }
[[agents]]
name = "x"
tokn = { env = "T" }
`;
    expect(await faults(text)).toEqual([
      '1:1 unknown-key: unknown key `mod` / did you mean `mode`?',
      '2:8 unknown-value: `mode`: expected one of `enforce`, `shadow`',
      '4:1 unknown-key: unknown key `limits.max_step` / did you mean `max_steps`?',
      '5:18 out-of-range: `limits.max_tool_calls`: must be at least 1',
      '6:14 wrong-type: `limits.timeout_ms`: expected number',
      '7:20 out-of-range: `limits.max_output_bytes`: must be at most 67108864',
      '9:1 unknown-key: unknown key `risk.hihg` / did you mean `high`?',
      '10:8 unknown-value: `risk.high`: expected one of `allow`, `require_approval`, `deny`',
      '11:1 missing-key: `servers.0.name` is missing',
      '12:1 unknown-key: unknown key `servers.0.nam` / did you mean `name`?',
      '13:11 out-of-range: `servers.0.command`: must be at least 1 long',
      '15:8 bad-value: `servers.1.name`: use letters, digits, `-` and `_`, at most 63',
      '16:7 bad-value: `servers.1.url`: invalid URL',
      '17:13 bad-value: `servers.1.env.A`: a value is a text, `{ secret = "NAME" }` of the vault, `{ env = "NAME" }` or `{ file = "path" }`',
      '20:1 unknown-key: unknown key `agents.0.tokn` / did you mean `token`?',
    ]);
  });

  it.each([
    [
      '[daemon]\naddr = "0.0.0.0:8080"',
      '2:8 public-bind: `0.0.0.0` is not a loopback address: TLS is needed (`cert` and `key` under [daemon.tls]), it has no name (`hosts` under [daemon]), nobody could sign in ([[agents]], [[people]]) / give what is missing, or use 127.0.0.1',
    ],
    [
      '[daemon]\naddr = "[::]:8080"\nanonymous = "guest"\nhosts = ["a.test"]\n[daemon.tls]\ncert = "c"\nkey = { env = "K" }\n[[agents]]\nname = "b"\ntoken = { env = "B" }',
      '2:8 public-bind: `::` is not a loopback address: nobody may be anonymous there / give what is missing, or use 127.0.0.1',
    ],
    [
      '[[agents]]\nname = "a"',
      '1:1 bad-agent: `a` has nothing to show / give `token`, `subject` or `certificate`',
    ],
    [
      '[[agents]]\nname = "a"\nsubject = "a"',
      '3:11 bad-agent: nobody issues tokens for `a` / say who does under [oauth]',
    ],
    [
      ISSUED.replace('https://id.test/jwks', 'http://id.test/jwks'),
      '4:8 bad-value: `http://id.test/jwks` can be changed on its way / use https',
    ],
    [
      '[[agents]]\nname = "a"\ncertificate = { dns = "a.test" }',
      '3:15 bad-agent: nobody vouches for the certificate of `a` / give `client_ca` under [daemon.tls]',
    ],
    ['[daemon]\naddr = "8080"', '2:8 bad-value: `8080` is not host:port / for example 127.0.0.1:8080'],
    [
      '[rego]\nfiles = ["a.rego"]\nentrypoint = "aegis.decision"',
      '3:14 bad-value: `rego.entrypoint`: an entrypoint is a rule, like `data.aegis.decision`',
    ],
    ['[rego]\nfiles = []\nentrypoint = "data.a"', '2:9 out-of-range: `rego.files`: must be at least 1 long'],
    ['[rego]\nfiles = ["a.rego"]', '1:1 missing-key: `rego.entrypoint` is missing'],
    [
      '[daemon]\naddr = "localhost:70000"',
      '2:8 bad-value: `localhost:70000` is not host:port / for example 127.0.0.1:8080',
    ],
    [
      '[store]\ndsn = "mysql://u:pw@x/y"',
      '2:7 bad-value: `mysql://u:...@x/y` is not a store / for example file:.aegis/aegis.db or postgres://user@host:5432/database',
    ],
    [
      '[store]\ndsn = "postgres://u:hunter2@x/y"',
      '2:7 secret-in-file: the password stands in `dsn` / write `password = { env = "NAME" }` or `{ file = "path" }` beside it',
    ],
    [
      '[store]\ndsn = "postgres://x/y"\npassword = { env = "PG" }',
      '3:12 bad-value: `password` needs a user in `dsn` / for example postgres://user@host:5432/database',
    ],
    ['[store]\npassword = { env = "PG" }', '2:12 bad-value: `password` means nothing for a file'],
    [
      '[ledger]\nanchor = "http://anchor.example.org/"',
      '2:10 bad-value: an anchor is the path of a file or an https address',
    ],
    [`${WITNESSED}quorum = 3`, '6:10 out-of-range: there are only 2 witnesses'],
    [
      `[ledger]\nwitnesses = [{ url = "https://w", key = "w+01020304+AA==" }]`,
      '2:41 bad-value: not the key of a witness: no known algorithm: 0 / a witness shows its key when it starts: `name+1a2b3c4d+B...`',
    ],
    [
      `[ledger]\nwitnesses = [{ url = "https://w", key = "${logKey()}" }]`,
      '2:41 bad-value: not the key of a witness: it is the key of a log / a witness shows its key when it starts: `name+1a2b3c4d+B...`',
    ],
    [
      WITNESSED.replaceAll(witnessKey('w2', 2), witnessKey('w1', 1)),
      '4:44 duplicate-name: another witness has the same key',
    ],
    ['[[servers]]\nname = "s"', '1:1 bad-server: server `s` needs either `command` or `url`'],
    [`${STDIO}url = "http://x"`, '1:1 bad-server: server `s` needs either `command` or `url`'],
    [`${STDIO}headers = {}`, '4:11 bad-server: `headers` means nothing for a stdio server'],
    [`${STDIO}max_concurrency = 1`, '4:19 bad-server: `max_concurrency` means nothing for a stdio server'],
    [`${HTTP}cwd = "x"`, '4:7 bad-server: `cwd` means nothing for an HTTP server'],
    [`${HTTP}env = {}`, '4:7 bad-server: `env` means nothing for an HTTP server'],
    [`${HTTP}idle_ms = 1000`, '4:11 bad-server: `idle_ms` means nothing for an HTTP server'],
    [`${HTTP}max_lifetime_ms = 1000`, '4:19 bad-server: `max_lifetime_ms` means nothing for an HTTP server'],
    [`${STDIO}${STDIO}`, '5:8 duplicate-name: `s` is already the name of another entry'],
    [
      '[[agents]]\nname = "a"\ntoken = { env = "A" }\n[[agents]]\nname = "a"\ntoken = { env = "B" }',
      '5:8 duplicate-name: `a` is already the name of another entry',
    ],
    [
      '[daemon]\nanonymous = "a"\n[[agents]]\nname = "a"\ntoken = { env = "A" }',
      '2:13 anonymous-agent: `a` is an agent with a credential',
    ],
    ['mode = ', '1:8 syntax: '],
  ])('%j', async (text, want) => {
    const [first, ...rest] = await faults(text);
    expect(first).toMatch(want.endsWith(': ') ? new RegExp(`^${want}`) : want);
    expect(rest).toEqual([]);
  });

  it('a file that cannot be read is an error of its own', async () => {
    await expect(loadConfiguration(join(temporaryFolder(), 'none.toml'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });

  it.each(['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0', tmpdir()])(
    'what has no folder of its own is no configuration: %s',
    async (file) => {
      await expect(loadConfiguration(file)).rejects.toMatchObject({
        code: 'FILE_UNREADABLE',
        message: `\`${file}\` is no regular file`,
      });
    },
  );
});
