import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';

const read = (text: string) => readConfiguration('/srv/aegis.toml', `[approvals]\n${text}\n`);

describe('[approvals]', () => {
  it('has defaults under which whoever has an account can approve', () => {
    expect(readConfiguration('/srv/aegis.toml', '').configuration?.approvals).toEqual({
      waitMs: 30_000,
      expiresMs: 900_000,
      quorum: 1,
      elicitation: 'url',
      approvers: [],
      channels: [],
    });
  });

  it('names approvers by their accounts, and channels', () => {
    const { configuration } = read(`approvers = [{ name = "ann", roles = ["lead"], key = { env = "K" } }]
channels = [{ kind = "slack", url = { env = "U" }, person = "ann" }]`);
    expect(configuration?.approvals.approvers).toEqual([
      { name: 'ann', account: 'ann', roles: ['lead'], key: { env: 'K' } },
    ]);
    expect(configuration?.approvals.channels).toEqual([{ kind: 'slack', url: { env: 'U' }, person: 'ann' }]);
  });

  it.each([
    ['quorum = 2\napprovers = [{ name = "ann" }]', 'out-of-range'],
    ['quorum = 17', 'out-of-range'],
    ['approvers = [{ name = "ann" }, { name = "Ann", account = "other" }]', 'duplicate-name'],
    ['approvers = [{ name = "ann" }, { name = "bob", account = "ann" }]', 'duplicate-name'],
    ['approvers = [{ name = "ann", key = "in the file" }]', 'bad-value'],
    ['elicitation = "form"\napprovers = [{ name = "ann" }]', 'no-effect'],
    ['channels = [{ kind = "slack", url = "http://hooks.example/x" }]', 'bad-value'],
    ['channels = [{ kind = "webhook", url = "https://hooks.example/x" }]', 'bad-value'],
    ['channels = [{ kind = "slack", url = "https://x.example", secret = { env = "S" } }]', 'bad-value'],
    ['channels = [{ kind = "slack", url = "https://x.example", person = "ann" }]', 'unknown-value'],
    ['channels = [{ kind = "slack" }]', 'missing-key'],
    ['channels = [{ kind = "desktop", url = "https://x.example" }]', 'no-effect'],
    ['channels = [{ kind = "mail", url = "https://x.example" }]', 'unknown-value'],
    ['expires_ms = 999', 'out-of-range'],
    ['timeout_ms = 5', 'unknown-key'],
  ])('refuses %j', (text, code) => {
    expect(read(text).diagnostics.map((one) => one.code)).toEqual([code]);
  });

  it('lets questions be posted to this machine without TLS', () => {
    expect(read('channels = [{ kind = "slack", url = "http://127.0.0.1:9/x" }]').diagnostics).toEqual([]);
    expect(read('channels = [{ kind = "slack", url = "http://[::1]:9/x" }]').diagnostics).toEqual([]);
  });
});
