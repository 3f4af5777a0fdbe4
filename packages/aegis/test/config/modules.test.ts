import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';

const read = (text: string) => readConfiguration('/etc/aegis/aegis.toml', text);

const faults = (text: string) =>
  read(text).diagnostics.map(({ at, message }) => `${at.line}:${at.column} ${message}`);

describe('`[cedar]` of a configuration', () => {
  it('names files by where it stands', () => {
    const { configuration, diagnostics } = read(
      '[cedar]\npolicies = ["a.cedar", "/b.cedar"]\nentities = "e.json"\nschema = "s.cedarschema"\n',
    );
    expect(diagnostics).toEqual([]);
    expect(configuration?.cedar).toMatchObject({
      policies: ['/etc/aegis/a.cedar', '/b.cedar'],
      entities: '/etc/aegis/e.json',
      schema: '/etc/aegis/s.cedarschema',
    });
  });

  it('is refused with what it does not know and without policies', () => {
    expect(faults('[cedar]\npolicies = []\nfoo = 1\n')).toEqual([
      expect.stringContaining('`cedar.policies`: must be at least 1'),
      expect.stringContaining('unknown key `cedar.foo`'),
    ]);
  });
});

describe('`[opa]` of a configuration', () => {
  it('is a bundle or a service, with what is usual filled in', () => {
    expect(
      read('[opa]\nbundle = "p.wasm"\nentrypoint = "a/b"\ndata = "d.json"\n').configuration?.opa,
    ).toMatchObject({
      kind: 'bundle',
      file: '/etc/aegis/p.wasm',
      data: '/etc/aegis/d.json',
      entrypoint: 'a/b',
      deadlineMs: 1000,
      memoryMb: 64,
      reads: [[]],
    });
    const remote =
      '[opa]\nurl = "https://opa.example.org/base"\ntoken = { secret = "OPA" }\nca = "ca.pem"\nentrypoint = "a"\ndeadline_ms = 50\ninput = ["request.args.amount", "now_ns", "manifest.name"]\n';
    expect(read(remote).configuration?.opa).toMatchObject({
      kind: 'remote',
      url: 'https://opa.example.org/base',
      deadlineMs: 50,
      reads: [['request', 'args', 'amount'], ['now_ns'], ['manifest', 'name']],
    });
    for (const host of ['127.0.0.1:8181', 'localhost:8181', '[::1]:8181']) {
      expect(faults(`[opa]\nurl = "http://${host}"\nentrypoint = "a"\n`)).toEqual([]);
    }
  });

  it.each<[string, string]>([
    ['entrypoint = "a"', '1:1 `opa` needs either `bundle` or `url`'],
    [
      'entrypoint = "a"\nbundle = "p.wasm"\ntoken = { env = "T" }',
      '4:9 `token` means nothing beside `bundle`',
    ],
    [
      'entrypoint = "a"\nurl = "http://127.0.0.1:8181"\nca = "ca.pem"',
      '4:6 `ca` means nothing without https',
    ],
    [
      'entrypoint = "a"\nurl = "http://127.0.0.1"\nbundle = "p.wasm"',
      '1:1 `opa` needs either `bundle` or `url`',
    ],
    ['entrypoint = "a"\nurl = "http://10.0.0.1:8181"', '3:7 `10.0.0.1` is asked without TLS'],
    [
      'entrypoint = "a"\nurl = "https://u:p@opa.example.org"',
      '3:7 the address of OPA has no user, query or fragment',
    ],
    [
      'entrypoint = "a"\nurl = "https://opa.example.org?x=1"',
      '3:7 the address of OPA has no user, query or fragment',
    ],
    [
      'entrypoint = "a"\nurl = "https://opa.example.org"\nmemory_mb = 8',
      '4:13 `memory_mb` means nothing beside `url`',
    ],
    [
      'entrypoint = "a"\nbundle = "p.wasm"\ninput = ["request.tol"]',
      '4:10 `request.tol` is no part of the input',
    ],
    ['entrypoint = "a"\nbundle = "p.wasm"\ninput = ["now_ns.x"]', '4:10 `now_ns.x` is no part of the input'],
    [
      'entrypoint = "a"\nbundle = "p.wasm"\ninput = ["constructor"]',
      '4:10 `constructor` is no part of the input',
    ],
    [
      'entrypoint = "../a"\nbundle = "p.wasm"',
      '2:14 `opa.entrypoint`: an entrypoint is a path like `aegis/decision`',
    ],
    ['entrypoint = "a"\nbundle = "p.wasm"\ndeadline_ms = 0', '4:15 `opa.deadline_ms`: must be at least 1'],
  ])('is refused: %j', (text, fault) => {
    expect(faults(`[opa]\n${text}\n`)).toEqual([fault]);
  });
});
