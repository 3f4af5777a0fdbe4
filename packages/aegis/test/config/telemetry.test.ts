import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';

function read(text: string) {
  return readConfiguration('/srv/aegis.toml', text);
}

function messages(text: string): string[] {
  return read(text).diagnostics.map(({ message }) => message);
}

describe('telemetry in the configuration', () => {
  it('is off unless it is asked for', () => {
    expect(read('').configuration?.telemetry).toEqual({ metrics: 'off', followers: [], alerts: [] });
  });

  it('has followers into files and to addresses, and alerts', () => {
    const { configuration, diagnostics } = read(`
[telemetry]
metrics = "token"

[[telemetry.followers]]
name = "siem"
format = "cef"
file = "log/aegis.cef"
tenant = "acme"

[[telemetry.followers]]
name = "traces"
format = "otlp"
url = "http://localhost:4318/v1/traces"

[[alerts]]
name = "attacks"
types = ["TOOL_CALL_DENIED"]
codes = ["GUARD_SQL"]
rate = { count = 5, window_ms = 60000 }
url = "https://hooks.example.org/aegis"
secret = { env = "HOOK" }
attempts = 3
`);
    expect(diagnostics).toEqual([]);
    expect(configuration?.telemetry).toEqual({
      metrics: 'token',
      followers: [
        {
          name: 'siem',
          format: 'cef',
          payloads: false,
          tenant: 'acme',
          to: { kind: 'file', file: '/srv/log/aegis.cef' },
        },
        {
          name: 'traces',
          format: 'otlp',
          payloads: false,
          to: {
            kind: 'url',
            url: 'http://localhost:4318/v1/traces',
            headers: {},
            attempts: 10,
            deadLetters: '/srv/.aegis/telemetry/traces.dead.jsonl',
          },
        },
      ],
      alerts: [
        {
          rule: {
            name: 'attacks',
            types: ['TOOL_CALL_DENIED'],
            codes: ['GUARD_SQL'],
            rate: { count: 5, windowMs: 60_000 },
          },
          to: {
            kind: 'url',
            url: 'https://hooks.example.org/aegis',
            headers: {},
            attempts: 3,
            deadLetters: '/srv/.aegis/telemetry/attacks.dead.jsonl',
            secret: { env: 'HOOK' },
          },
        },
      ],
    });
  });

  it('has every mistake reported', () => {
    expect(
      messages(`
[[telemetry.followers]]
name = "a"
format = "cef"

[[telemetry.followers]]
name = "b"
format = "ndjson"
url = "http://siem.example.org/"

[[telemetry.followers]]
name = "c"
format = "ocsf"
file = "x"
attempts = 3

[[telemetry.followers]]
name = "d"
format = "cef"
file = "y"
with_payloads = true

[[alerts]]
name = "a"
file = "z"
`),
    ).toEqual([
      '`a` needs one of `file`, `url`, `syslog` and, for an alert, `desktop`',
      'a webhook is signed, and needs a `secret`',
      'events are posted to an https address',
      '`attempts` means nothing beside `file`',
      '`with_payloads` means nothing for `cef`',
      'an alert for every event',
      '`a` is already the name of another entry',
    ]);
  });

  it('has collectors of syslog, and alerts on the desktop', () => {
    const { configuration, diagnostics } = read(`
[[telemetry.followers]]
name = "siem"
format = "syslog"
syslog = "tls://siem.example.org:6514"
ca = "siem.pem"

[[alerts]]
name = "seen"
types = ["TOOL_CALL_DENIED"]
desktop = true

[[alerts]]
name = "sent"
types = ["TOOL_CALL_DENIED"]
syslog = "udp://[::1]:514"
`);
    expect(diagnostics).toEqual([]);
    expect(configuration?.telemetry.followers[0]?.to).toEqual({
      kind: 'syslog',
      transport: 'tls',
      host: 'siem.example.org',
      port: 6514,
      ca: '/srv/siem.pem',
      attempts: 10,
      deadLetters: '/srv/.aegis/telemetry/siem.dead.jsonl',
    });
    expect(configuration?.telemetry.alerts.map(({ to }) => to)).toEqual([
      { kind: 'desktop' },
      expect.objectContaining({ kind: 'syslog', transport: 'udp', host: '::1', port: 514 }),
    ]);
  });

  it('sends nothing over a network as it is, unless that is said', () => {
    const follower = (more: string) => `[[telemetry.followers]]\nname = "a"\nformat = "syslog"\n${more}\n`;
    expect(messages(follower('syslog = "udp://10.0.0.9:514"'))).toEqual([
      'messages would cross a network as they are',
    ]);
    expect(messages(follower('syslog = "tcp://10.0.0.9:514"\nplaintext = true'))).toEqual([]);
    expect(messages(follower('syslog = "tls://10.0.0.9:6514"\nplaintext = true'))).toEqual([
      '`plaintext` means nothing for `tls`',
    ]);
    expect(messages(follower('syslog = "tcp://127.0.0.1:0"'))).toEqual(['`0` is no port']);
    expect(messages(follower('syslog = "tcp://127.0.0.1:514"').replace('"syslog"\n', '"cef"\n'))).toEqual([
      '`a` sends to a collector',
    ]);
  });

  it('takes no file for two followers, which would mix their lines', () => {
    const follower = (name: string) =>
      `[[telemetry.followers]]\nname = "${name}"\nformat = "cef"\nfile = "x"\n`;
    expect(messages(follower('a') + follower('b'))).toEqual(['`a` writes to this file']);
  });
});
