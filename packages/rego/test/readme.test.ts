import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUILTIN_NAMES } from '../src/builtins/all.ts';
import { BUILTIN_REFUSALS } from '../src/builtins/refused.ts';
import { compile } from '../src/compile.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function namesBetween(start: string, end: string): readonly string[] {
  const part = readme.slice(readme.indexOf(start), readme.indexOf(end));
  const rows = part.split('\n').filter((line) => line.startsWith('| '));
  return rows.flatMap((row) => [...row.matchAll(/`([a-z0-9_.*]+)`/g)].map(([, name = '']) => name));
}

describe('the README', () => {
  it('shows an example that answers what it says', () => {
    const text = readme.split('text: `')[1]?.split('`,')[0] ?? '';
    const compiled = compile([{ file: 'decide.rego', text }]);
    if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.diagnostics));
    const result = compiled.evaluate('data.aegis.decision', {
      input: { tool: { name: 'fs_read' }, principal: { roles: ['reader'] } },
      data: { readable: ['fs_read'] },
    });
    const shown = /\/\/ (\{ kind: 'value'.*\})/.exec(readme)?.[1] ?? '';
    const said = shown.replaceAll("'", '"').replace(/(\w+):/g, '"$1":');
    expect(result).toEqual(JSON.parse(said));
  });

  it('lists exactly the built-ins that there are', () => {
    const listed = namesBetween('| built-ins | |', '## What is refused');
    expect([...listed].sort()).toEqual([...BUILTIN_NAMES]);
  });

  it('names every built-in that is refused', () => {
    const listed = namesBetween('## What is refused', 'Annotations (');
    const isNamed = (name: string): boolean =>
      listed.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : entry === name));
    expect([...BUILTIN_REFUSALS.keys()].filter((name) => !isNamed(name))).toEqual([]);
  });
});
