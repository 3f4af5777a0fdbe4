import { canonicalJson, type JsonValue } from '@aegis/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJsonSection } from '../../src/clients/json-section.ts';
import type { ServerSection } from '../../src/clients/section.ts';
import { openTomlSection } from '../../src/clients/toml-section.ts';

function json(text: string): ServerSection {
  const section = openJsonSection(text, 'mcp.json', ['mcpServers']);
  if (section === undefined) throw new Error('no section');
  return section;
}

const NEW = { name: 'new', value: { command: 'n' } };

describe('servers in JSON', () => {
  it.each([
    // [text, removed, the text after]
    ['{"mcpServers":{"a":{},"b":{}}}', ['a', 'b'], '{"mcpServers":{"new": {"command":"n"}}}'],
    ['{"mcpServers":{"a":{},"b":{}}}', ['b'], '{"mcpServers":{"a":{},"new": {"command":"n"}}}'],
    [
      '{ "mcpServers": { "a": {}, "b": {}, "c": {} } }',
      ['a', 'c'],
      '{ "mcpServers": { "new": {"command":"n"}, "b": {} } }',
    ],
    [
      '{\n  "mcpServers": {\n    "a": {}, // one\n    "b": {}\n  }\n}',
      ['b'],
      '{\n  "mcpServers": {\n    "a": {}, // one\n    "new": {\n      "command": "n"\n    }\n  }\n}',
    ],
    [
      '{\n  "mcpServers": {\n    "a": {},\n    "b": {}, // two\n    "c": {},\n  }\n}',
      ['a', 'b', 'c'],
      '{\n  "mcpServers": {\n    "new": {\n      "command": "n"\n    },\n    // two\n  }\n}',
    ],
    [
      '{\n  "mcpServers": {\n    "a": {}\n    , "b": {}\n  }\n}',
      ['a', 'b'],
      '{\n  "mcpServers": {\n    "new": {\n      "command": "n"\n    }\n     \n  }\n}',
    ],
    ['{ "mcpServers": {} }', [], '{ "mcpServers": {\n  "new": {\n    "command": "n"\n  }\n} }'],
    [
      '{\n  "mcpServers": {\n    "a": {}\n  }\n}',
      [],
      '{\n  "mcpServers": {\n    "a": {},\n    "new": {\n      "command": "n"\n    }\n  }\n}',
    ],
    [
      '{\n  "mcpServers": {\n    "a": {},\n  }\n}',
      [],
      '{\n  "mcpServers": {\n    "a": {},\n    "new": {\n      "command": "n"\n    },\n  }\n}',
    ],
  ])('%j without %j', (text, remove, after) => {
    expect(json(text).replace(remove, [NEW])).toBe(after);
  });

  it('are not there where the path leads nowhere', () => {
    expect(openJsonSection('{ "mcpServers": [] }', 'f', ['mcpServers'])).toBeUndefined();
    expect(openJsonSection('[]', 'f', ['mcpServers'])).toBeUndefined();
  });

  it('a file that is not valid is refused, with the place', () => {
    expect(() => openJsonSection('{\n  "a": 1,\n  b\n}', '/x/mcp.json', [])).toThrow(
      '/x/mcp.json:3:3: expected a key in double quotes',
    );
  });

  it('whatever stands in the file, only the servers change', () => {
    // The one that is added stands in no file.
    const name = fc.stringMatching(/^[a-z]{1,4}$/).filter((one) => one !== 'new');
    const layout = fc.constantFrom(undefined, 2, 4, '\t');
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.jsonValue(), { minKeys: 1 }),
        fc.jsonValue(),
        layout,
        fc.boolean(),
        fc.nat(),
        (servers, other, indent, crlf, pick) => {
          const plain = JSON.stringify({ first: other, mcpServers: servers, last: other }, null, indent);
          const text = crlf ? plain.replaceAll('\n', '\r\n') : plain;
          const names = Object.keys(servers);
          const remove = names.filter((_, at) => ((pick >> at) & 1) === 1);
          const after = JSON.parse(json(text).replace(remove, [NEW])) as JsonValue;
          const kept = Object.fromEntries(Object.entries(servers).filter(([one]) => !remove.includes(one)));
          const expected = JSON.parse(
            JSON.stringify({ first: other, mcpServers: { ...kept, new: NEW.value }, last: other }),
          );
          expect(canonicalJson(after)).toBe(canonicalJson(expected));
        },
      ),
    );
  });
});

const toml = (text: string) => openTomlSection(text, 'config.toml', 'mcp_servers');

describe('servers in TOML', () => {
  it('are tables of their own', () => {
    const text = '[mcp_servers.a]\ncommand = "a"\n\n[mcp_servers.a.env]\nX = "1"\n\n[other]\ny = 1\n';
    expect(toml(text)?.replace(['a'], [NEW])).toBe('[mcp_servers.new]\ncommand = "n"\n\n[other]\ny = 1\n');
  });

  it('in another form have no text that could be taken out', () => {
    const section = toml(
      '[mcp_servers]\na = { command = "a" }\nb.command = "b"\n\n[mcp_servers.c]\ncommand = "c"\n',
    );
    expect([...(section?.servers.keys() ?? [])]).toEqual(['a', 'b', 'c']);
    expect(['a', 'b', 'c'].map((name) => section?.rawOf(name) !== undefined)).toEqual([false, false, true]);
  });

  it('a text that looks like a header is not one', () => {
    const text = '[mcp_servers.a]\nargs = [\n  """\n[mcp_servers.b]\n""", \'[x]\', # [y]\n]\n\n[z]\n';
    expect(toml(text)?.replace(['a'], [NEW])).toBe('[mcp_servers.new]\ncommand = "n"\n\n[z]\n');
  });

  it('a file that is not valid is refused, with the place', () => {
    expect(() => toml('a = 1\n[mcp_servers\n')).toThrow(/^config\.toml:3:1: /);
  });
});
