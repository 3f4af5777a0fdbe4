import { describe, expect, test } from 'vitest';
import { editKillFile, parseKillTarget, readKillFile } from '../../src/kill/kill-file.ts';

describe('the file of switches', () => {
  test('says one target a line, with remarks', () => {
    expect(readKillFile('# since Monday\nagent coder  # loops\n\ntenant   acme\r\nall\n')).toEqual([
      { scope: 'agent', name: 'coder' },
      { scope: 'tenant', name: 'acme' },
      { scope: 'all' },
    ]);
    expect(readKillFile('# nothing\n')).toEqual([]);
  });

  test('stops everything with a line that cannot be read', () => {
    for (const line of ['agnet coder', 'agent', 'agent a b', 'all agents', 'agent "coder"', '\u0000']) {
      expect(readKillFile(line)).toEqual([{ scope: 'all' }]);
    }
  });

  test('is edited without losing what else stands in it', () => {
    const before = '# since Monday\nagent coder  # loops\n';
    const more = editKillFile(before, { scope: 'all' }, true);
    expect(more).toBe('# since Monday\nagent coder  # loops\nall\n');
    expect(editKillFile(more, { scope: 'all' }, true)).toBe(more);
    expect(editKillFile(more, { scope: 'agent', name: 'coder' }, false)).toBe('# since Monday\nall\n');
    expect(editKillFile('', { scope: 'all' }, false)).toBe('');
  });

  test('has no target that could be two lines', () => {
    expect(parseKillTarget(['agent', 'a\nall'])).toBeUndefined();
    expect(parseKillTarget([])).toBeUndefined();
  });
});
