import { describe, expect, test } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { ServerManifest } from '../../src/manifest/manifest.ts';
import { CLIENT_REQUESTS } from '../../src/model/method.ts';
import type { Resource } from '../../src/model/request.ts';
import { ALLOW_ALL, call, manifest, policyOf } from '../policy/call.ts';

function asked(method: string, resource: Resource, server?: ServerManifest): DecisionInput {
  const input = call({});
  return { ...input, server, request: { ...input.request, action: { method, door: 'mcp-http' }, resource } };
}

const ofServer: Resource = { kind: 'server', server: 'files', name: 'client' };
const document: Resource = { kind: 'resource', server: 'files', name: 'file:///notes/a.md' };
const prompt: Resource = { kind: 'prompt', server: 'files', name: 'summary' };

describe('what a server asks of the client', () => {
  const declaring = manifest([], { clientRequests: new Set(['sampling/createMessage']) });

  test.each(CLIENT_REQUESTS)('%s is denied without a manifest, whatever the rules allow', (method) => {
    const decision = decide(policyOf([ALLOW_ALL]), asked(method, ofServer));
    expect(decision).toMatchObject({ effect: 'deny', reasons: [{ code: 'PERMISSION_UNDECLARED' }] });
  });

  test('is denied when the manifest declares something else', () => {
    const decision = decide(policyOf([ALLOW_ALL]), asked('roots/list', ofServer, declaring));
    expect(decision).toMatchObject({ effect: 'deny', reasons: [{ code: 'PERMISSION_UNDECLARED' }] });
  });

  test('is allowed by the declaration alone', () => {
    const decision = decide(policyOf([]), asked('sampling/createMessage', ofServer, declaring));
    expect(decision).toMatchObject({ effect: 'allow', reasons: [{ code: 'POLICY_ALLOW' }] });
  });

  test('is denied by a rule although it is declared', () => {
    const policy = policyOf([{ name: 'no-sampling', match: 'sampling/*', action: 'deny' }]);
    const decision = decide(policy, asked('sampling/createMessage', ofServer, declaring));
    expect(decision).toMatchObject({ effect: 'deny', rule: 'no-sampling' });
  });

  test('is held to invariants', () => {
    const policy = policyOf([
      { name: 'ask-first', match: 'sampling/*', action: 'require_approval', invariant: true },
    ]);
    const decision = decide(policy, asked('sampling/createMessage', ofServer, declaring));
    expect(decision).toMatchObject({ effect: 'require_approval', rule: 'ask-first' });
  });
});

describe('methods that share a permission', () => {
  const reading = policyOf([{ name: 'read', match: 'resources/read', action: 'allow' }]);
  const prompting = policyOf([{ name: 'prompt', match: 'prompts/get', action: 'allow' }]);

  test.each(['resources/subscribe', 'resources/unsubscribe', 'completion/complete'])(
    '%s of a resource is allowed to whoever may read it',
    (method) => {
      expect(decide(reading, asked(method, document)).effect).toBe('allow');
      expect(decide(prompting, asked(method, document)).effect).toBe('deny');
    },
  );

  test('completion for a prompt is allowed to whoever may get it', () => {
    expect(decide(prompting, asked('completion/complete', prompt)).effect).toBe('allow');
    expect(decide(reading, asked('completion/complete', prompt)).effect).toBe('deny');
  });

  test('a rule can still speak of the method itself', () => {
    const policy = policyOf([
      { name: 'no-following', match: 'resources/subscribe', action: 'deny' },
      { name: 'read', match: 'resources/read', action: 'allow' },
    ]);
    expect(decide(policy, asked('resources/subscribe', document)).effect).toBe('deny');
    expect(decide(policy, asked('resources/read', document)).effect).toBe('allow');
  });
});
