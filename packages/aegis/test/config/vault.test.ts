import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';
import { secretsNamedIn } from '../../src/daemon/secrets.ts';

const read = (text: string) => readConfiguration('/srv/aegis.toml', text);
const wrongWith = (text: string): readonly string[] => read(text).diagnostics.map(({ message }) => message);

describe('[vault]', () => {
  it.each([['key = { file = ".aegis/vault" }'], ['file = "v"\nold_key = { file = "./a/../v" }']])(
    'whose key would be written over is refused: %j',
    (lines) => {
      expect(wrongWith(`[vault]\n${lines}\n`)).toEqual(['the key stands in a file of its own']);
    },
  );

  it.each([
    ['https://ada:hunter2@vault.test'],
    ['https://vault.test/?token=hunter2'],
    ['https://vault.test/#hunter2'],
  ])('that would show a credential in each message is refused: %s', (url) => {
    const wrong = wrongWith(
      `[vault]\nkey = { transit = { url = "${url}", key = "k", token = { env = "T" } } }\n`,
    );
    expect(wrong).toEqual(['the address has a credential or a query']);
  });
});

it('a variable or a header that is called `secret` names no secret of the vault', () => {
  const { configuration } = read(`
[[servers]]
name = "a"
command = ["a"]
env = { secret = "a text" }
[[servers]]
name = "b"
url = "https://b.test/mcp"
headers = { secret = { secret = "REAL" } }
`);
  expect(configuration && secretsNamedIn(configuration)).toEqual([
    { name: 'REAL', at: 'servers[1].headers.secret' },
  ]);
});
