import { describe, expect, it } from 'vitest';
import { repeatsSingular } from '../../src/gateway/front/http/singular-headers.ts';

describe('headers of which there may be one only', () => {
  it.each(['Host', 'authorization', 'ORIGIN', 'Mcp-Session-Id'])(
    '%s is seen twice, in any spelling',
    (name) => {
      const once = [name, 'a', 'Accept', 'x', 'Content-Type', 'y'];
      expect(repeatsSingular(once)).toBe(false);
      expect(repeatsSingular([...once, name, 'a'])).toBe(true);
      expect(repeatsSingular([...once, name.toLowerCase(), 'b'])).toBe(true);
    },
  );

  it('may stand beside others that are repeated, and values are no names', () => {
    const names = ['Host', 'a', 'Accept', 'x', 'accept', 'y', 'X-Forwarded-For', 'host', 'Via', 'host'];
    expect(repeatsSingular(names)).toBe(false);
    expect(repeatsSingular([...names, 'Authorization', 'a', 'Mcp-Session-Id', 'b', 'Origin', 'c'])).toBe(
      false,
    );
    expect(repeatsSingular([])).toBe(false);
  });
});
