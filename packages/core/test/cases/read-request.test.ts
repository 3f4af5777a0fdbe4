import { describe, expect, it } from 'vitest';
import { readDecisionRequest } from '../../src/cases/read-request.ts';
import { readDocument } from '../../src/source/document.ts';

const read = (value: unknown) =>
  readDecisionRequest(readDocument({ text: JSON.stringify(value, null, 1), file: 'request.json' }));

const EVALUATION = {
  subject: { type: 'agent', id: 'coder', properties: { tenant: 'acme' } },
  action: { name: 'tools/call' },
  resource: { type: 'tool', id: 'read_file', properties: { server: 'files' } },
  context: { args: { path: 'a.txt' }, session: { steps: 2 }, at: '2026-11-24T03:00:00+01:00' },
};

describe('a request for a decision', () => {
  it('is read as AuthZEN writes it', () => {
    expect(read(EVALUATION).request).toEqual({
      call: {
        server: 'files',
        kind: 'tool',
        name: 'read_file',
        method: 'tools/call',
        agent: 'coder',
        tenant: 'acme',
        args: { path: 'a.txt' },
      },
      session: { steps: 2, toolCalls: 0, denied: 0, identicalCalls: 0, ageMs: 0 },
      atMs: Date.parse('2026-11-24T02:00:00Z'),
    });
  });

  it('is read as cases have it, and says the same', () => {
    const { session, at, args } = EVALUATION.context;
    const call = { server: 'files', tool: 'read_file', agent: 'coder', tenant: 'acme', args };
    expect(read({ call, session, at })).toEqual(read(EVALUATION));
  });

  it('of a resource has its URI among the arguments', () => {
    const resource = { type: 'resource', id: 'file:///a', properties: { server: 'files' } };
    expect(
      read({ ...EVALUATION, action: { name: 'resources/read' }, resource, context: {} }).request?.call,
    ).toMatchObject({
      kind: 'resource',
      args: { uri: 'file:///a' },
    });
  });

  it.each([
    [{ ...EVALUATION, subject: undefined }, 'a request needs `subject`'],
    [{ ...EVALUATION, resource: { type: 'tool', id: 'x' } }, '`resource.properties.server`'],
    [{ ...EVALUATION, resource: { ...EVALUATION.resource, type: 'door' } }, 'unknown type `door`'],
    [{ ...EVALUATION, context: { now: 1 } }, 'unknown key `now`'],
    [{ ...EVALUATION, context: { at: 'noon' } }, '`noon` is not a time'],
    [{ call: { tool: 'x' } }, 'a call needs `server`'],
    [[], 'must be a table'],
  ])('%j is refused in its place', (value, words) => {
    const { request, diagnostics } = read(value);
    expect(request).toBeUndefined();
    expect(diagnostics.map(({ message }) => message).join('\n')).toContain(words);
  });
});
