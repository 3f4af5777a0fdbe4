import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';
import { settingsOf } from '../../src/config/settings.ts';

const CONFIGURATION = `
[limits]
max_steps = 7

[[servers]]
name = "crm"
command = ["crm"]
env = { PLAIN = "hunter2", KEPT = { env = "CRM_KEY" } }

[[servers]]
name = "far"
url = "https://far.example.org/mcp"
headers = { Authorization = "Bearer hunter2" }

[telemetry]

[[telemetry.followers]]
name = "siem"
format = "cef"
url = "https://siem.example.org/"
secret = { env = "SIEM" }
headers = { Authorization = "Splunk hunter2", "X-Key" = { file = "siem-key" } }
`;

describe('the settings in force', () => {
  const { configuration, diagnostics } = readConfiguration('/srv/aegis.toml', CONFIGURATION);
  const settings = configuration === undefined ? [] : settingsOf(configuration);
  const find = (key: string) => settings.find((setting) => setting.key === key);

  it('name credentials and show none, wherever one was written out', () => {
    expect(diagnostics).toEqual([]);
    expect(JSON.stringify(settings)).not.toContain('hunter2');
    expect(find('servers[0].env.PLAIN')?.value).toBe('[not shown]');
    expect(find('servers[0].env.KEPT.env')?.value).toBe('CRM_KEY');
    expect(find('telemetry.followers[0].headers.Authorization')?.value).toBe('[not shown]');
    expect(find('telemetry.followers[0].headers.X-Key.file')?.value).toBe('siem-key');
  });

  it('say where they come from', () => {
    expect(find('limits.max_steps')).toEqual({
      key: 'limits.max_steps',
      value: 7,
      origin: '/srv/aegis.toml:3',
    });
    expect(find('limits.max_tool_calls')?.origin).toBe('default');
  });
});
