import { describe, expect, it } from 'vitest';
import type { AgentGrant, AgentManifest } from '../../src/manifest/agent/manifest.ts';
import { readAgentManifest } from '../../src/manifest/agent/read.ts';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import { readDocument } from '../../src/source/document.ts';
import { manifestDraft } from '../../src/suggest/manifest-draft.ts';
import { ALLOW_ALL, type CallSketch, call, manifest, policyOf } from '../policy/call.ts';

const AGENT = {
  schema: 'aegis.dev/manifest/v0.1',
  name: 'ada',
  version: '1',
  publisher: 'acme',
  permissions: {
    tools: ['files.read_file'],
    net: { domains: ['a.org'] },
    fs: { read_roots: ['/data'], write_roots: [] },
  },
};

function agent(): AgentManifest {
  const read = readAgentManifest(readDocument({ text: JSON.stringify(AGENT), file: 'm.json' }), {
    resolve: (path) => path,
  });
  if (read.manifest === undefined) throw new Error(JSON.stringify(read.diagnostics));
  return read.manifest;
}

/** What the policy that allows everything denies by manifest, and what is drafted for it. */
function drafted(sketch: CallSketch, grant?: AgentGrant) {
  const input: DecisionInput = { ...call(sketch), ...(grant === undefined ? {} : { agent: grant }) };
  const [{ code, phase }] = decide(policyOf([ALLOW_ALL]), input).reasons;
  return [phase, code, manifestDraft(code, [input])];
}

describe('what a manifest would have to declare', () => {
  const server = manifest([{ name: 'read_file', capabilities: ['fs.read'] }], {
    fs: { readRoots: ['/data'], writeRoots: [] },
    net: { domains: ['a.org'] },
  });

  it.each<[string, CallSketch, string, unknown]>([
    [
      'a capability',
      { capabilities: ['fs.read', 'exec'] },
      'PERMISSION_UNDECLARED',
      { tools: { read_file: { capabilities: ['fs.read', 'exec'] } } },
    ],
    ['a folder to read', { paths: ['/srv/in/a.csv'] }, 'FS_DENY', { fs: { read_roots: ['/srv/in'] } }],
    ['a host', { hosts: ['b.org'] }, 'EGRESS_DENY', { net: { domains: ['b.org'] } }],
    [
      'what a server asks of the client',
      { method: 'sampling/createMessage', kind: 'server' },
      'PERMISSION_UNDECLARED',
      { client_requests: ['sampling/createMessage'] },
    ],
  ])('of a server: %s', (_, sketch, code, declare) => {
    expect(drafted({ ...sketch, manifest: server })).toEqual([
      'manifest',
      code,
      { of: 'server', name: 'files', declare },
    ]);
  });

  it.each<[string, CallSketch, string, unknown]>([
    ['a tool', { tool: 'write_file' }, 'PERMISSION_UNDECLARED', { tools: ['files.write_file'] }],
    [
      'a folder to write',
      { paths: ['/data/a'], capabilities: ['fs.write'] },
      'FS_DENY',
      { fs: { write_roots: ['/data'] } },
    ],
    ['a host', { hosts: ['b.org'] }, 'EGRESS_DENY', { net: { domains: ['b.org'] } }],
  ])('of an agent: %s', (_, sketch, code, permissions) => {
    expect(drafted(sketch, agent())).toEqual([
      'manifest',
      code,
      { of: 'agent', name: 'ada', declare: { permissions } },
    ]);
  });

  it('of an agent without one where every agent needs one: the tool', () => {
    const [, , draft] = drafted({}, 'nothing');
    expect(draft).toMatchObject({ of: 'agent', declare: { permissions: { tools: ['files.read_file'] } } });
  });

  it('is nothing where a definition was not accepted', () => {
    expect(manifestDraft('TOOL_CHANGED', [{ ...call(), server }])).toBeUndefined();
  });
});
