import { describe, expect, it } from 'vitest';
import { THREATS } from '../../src/threat/library.ts';
import { THREAT_FAMILIES } from '../../src/threat/threat.ts';
import { threatsIn } from '../../src/threat/threats-in.ts';

describe('the threat library', () => {
  it('has an id, a title and a reference for every threat, and each id once', () => {
    const ids = THREATS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(147);
    for (const { id, family, title, references } of THREATS) {
      expect(id).toMatch(/^[a-z-]+\.[a-z0-9-]+$/);
      expect(id.startsWith(`${family}.`)).toBe(true);
      expect(title).toMatch(/^[a-z].{8,90}[^.]$/);
      expect(references.length).toBeGreaterThan(0);
      for (const reference of references)
        expect(reference).toMatch(/^(?:T\d{4}(?:\.\d{3})?|ASI\d\d|MCP\d\d|CWE-\d+)$/);
    }
  });

  it('has threats in each of its ten families', () => {
    expect(THREAT_FAMILIES).toHaveLength(10);
    for (const family of THREAT_FAMILIES) {
      expect(THREATS.filter((threat) => threat.family === family).length).toBeGreaterThanOrEqual(10);
    }
  });

  it('names nothing where nothing was found, and nothing of another inspector', () => {
    expect(threatsIn('shell', [], 'cat ~/.ssh/id_rsa')).toEqual([]);
    expect(threatsIn('sql', [{ id: 'shell.credential_read' }], 'cat ~/.ssh/id_rsa')).toEqual([]);
    const [named] = threatsIn('shell', [{ id: 'shell.credential_read' }], 'cat ~/.ssh/id_rsa');
    expect(named?.id).toBe('credential-read.ssh-key');
  });

  it.each(THREATS.filter(({ about }) => about !== undefined))('tells $id apart in linear time', (threat) => {
    const { about = /x/, matching } = threat;
    const text = typeof matching === 'string' ? matching : JSON.stringify(matching);
    const hostile = [text, text.slice(0, 8), 'rm ', 'sudo ', '/', ' ', '| '].map((unit) =>
      unit.repeat(Math.ceil(100_000 / unit.length)),
    );
    for (const long of hostile) expect(about.test(`${long}\u0000`)).toBeTypeOf('boolean');
  });
});
