import { expect, it } from 'vitest';
import { openWorkspace } from './workspace.ts';

// A gateway.toml as its format has it: rules with `match`, `action`, `when` and `log`, and routes by prefix.
const GATEWAY = `
[[policies]]
name   = "no-writes-to-settings"
match  = "tools/call"
action = "deny"
when   = { tool_name = "disk_write", path = "/etc/*" }

[[policies]]
name   = "no-writes-to-programs"
match  = "tools/call"
action = "deny"
when   = { tool_name = "disk_write", path = "/usr/*" }

[[policies]]
name   = "watch-the-notebook"
match  = "tools/call"
action = "audit"
when   = { tool_name = "note_*" }
log    = true

[[policies]]
name   = "the-rest"
match  = "tools/call"
action = "allow"
when   = { tool_name = ["disk_*", "mix_*"] }

# One prefix to each of two servers, and one to both.
[[routes]]
prefix   = "note_*"
upstream = "http://notebook:8080"

[[routes]]
prefix   = "disk_*"
upstream = "http://disk:8081"

[[routes]]
prefix   = "mix_*"
upstream = ["http://notebook:8080", "http://disk:8081"]
`;

it('a gateway.toml of policies and routes is a configuration as it stands', async () => {
  const { configuration } = await openWorkspace('gateway.toml', { 'gateway.toml': GATEWAY });
  expect(configuration.servers.map(({ name }) => name)).toEqual(['notebook-8080', 'disk-8081']);
  expect(configuration.routes).toEqual([
    {
      match: { kind: 'prefix', prefix: 'note_' },
      servers: ['notebook-8080'],
      order: 'all',
      failure: 'partial',
    },
    { match: { kind: 'prefix', prefix: 'disk_' }, servers: ['disk-8081'], order: 'all', failure: 'partial' },
    {
      match: { kind: 'prefix', prefix: 'mix_' },
      servers: ['notebook-8080', 'disk-8081'],
      order: 'all',
      failure: 'partial',
    },
  ]);
});

it.each([
  ['disk_write', { path: '/etc/passwd' }, 'deny', 'no-writes-to-settings', false],
  ['disk_write', { target: '/srv/../etc/passwd' }, 'deny', 'no-writes-to-settings', false],
  ['disk_write', { path: 'file:///usr/bin/env' }, 'deny', 'no-writes-to-programs', false],
  ['disk_write', { path: '/srv/a' }, 'allow', 'the-rest', false],
  ['disk_read', { path: '/etc/hosts' }, 'allow', 'the-rest', false],
  ['note_add', { text: 'x' }, 'allow', 'watch-the-notebook', true],
  ['plan_make', {}, 'deny', undefined, false],
] as const)('in a gateway.toml %s with %j is decided: %s by %s', async (tool, args, effect, rule, audit) => {
  const { decide } = await openWorkspace('gateway.toml', { 'gateway.toml': GATEWAY });
  const decision = decide('disk-8081', tool, args);
  expect([decision.effect, decision.rule, decision.audit]).toEqual([effect, rule, audit]);
});
