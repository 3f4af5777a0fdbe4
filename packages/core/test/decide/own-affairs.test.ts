import { describe, expect, it } from 'vitest';
import { CLIENT_REQUESTS, needsNoRule } from '../../src/model/method.ts';

describe('a method', () => {
  it.each([
    ...CLIENT_REQUESTS,
    'logging/setLevel',
    'tasks/get',
    'tasks/result',
    'tasks/list',
    'tasks/cancel',
  ])('needs no rule where a manifest permits it, or it is an affair of the session alone: %s', (method) => {
    expect(needsNoRule(method)).toBe(true);
  });

  it.each(['tools/call', 'tasks/update', 'tasks/', 'TASKS/GET', 'resources/read', 'toString', ''])(
    'needs a rule else: %j',
    (method) => {
      expect(needsNoRule(method)).toBe(false);
    },
  );
});
