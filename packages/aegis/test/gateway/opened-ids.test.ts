import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/enforce/door.ts';
import { OpenedIds } from '../../src/gateway/front/http/opened-ids.ts';
import { sealedText } from '../../src/gateway/front/http/session-seal.ts';

const ADA: Caller = { tenant: 'acme', agent: 'ada', user: 'ada', door: 'mcp-http' };

describe('a session id that was opened before', () => {
  const ids = new OpenedIds();
  const id = ids.seal(sealedText({ name: 'ses_1' }), ADA, 'mcp');

  it('opens again for its caller at its endpoint, and for nobody else', () => {
    for (const _ of [1, 2]) {
      expect(ids.read(id, ADA, 'mcp')).toEqual({ name: 'ses_1' });
      expect(ids.read(id, { ...ADA, tenant: 'other' }, 'mcp')).toBeUndefined();
      expect(ids.read(id, { ...ADA, agent: 'bob' }, 'mcp')).toBeUndefined();
      expect(ids.read(id, { ...ADA, user: 'bob' }, 'mcp')).toBeUndefined();
      expect(ids.read(id, ADA, 'mcp/s/files')).toBeUndefined();
      expect(ids.read(`${id}A`, ADA, 'mcp')).toBeUndefined();
    }
  });

  it('is good for nobody else on the connection either that it came by', () => {
    const connection = {};
    for (const _ of [1, 2]) {
      expect(ids.read(id, ADA, 'mcp', connection)).toEqual({ name: 'ses_1' });
      expect(ids.read(id, { ...ADA, agent: 'bob' }, 'mcp', connection)).toBeUndefined();
      expect(ids.read(id, { ...ADA, tenant: 'other' }, 'mcp', connection)).toBeUndefined();
      expect(ids.read(id, ADA, 'mcp/s/files', connection)).toBeUndefined();
      expect(ids.read(`${id}A`, ADA, 'mcp', connection)).toBeUndefined();
    }
    const other = ids.seal(sealedText({ name: 'ses_2' }), ADA, 'mcp');
    expect(ids.read(other, ADA, 'mcp', connection)).toEqual({ name: 'ses_2' });
    expect(ids.read(id, ADA, 'mcp', connection)).toEqual({ name: 'ses_1' });
  });

  it('opens also after more others than are remembered', () => {
    for (let i = 0; i < 4_200; i++) {
      const other = ids.seal(sealedText({ name: `ses_${i}` }), ADA, 'mcp');
      expect(ids.read(other, ADA, 'mcp')).toEqual({ name: `ses_${i}` });
    }
    expect(ids.read(id, ADA, 'mcp')).toEqual({ name: 'ses_1' });
  });
});
