import { untried } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { FOLDERS, filesOf, filesThere, tryFolder } from './policies.ts';

const JOBS = [
  'browser',
  'coding-agent',
  'crm',
  'data-pipeline',
  'devops',
  'e-commerce',
  'finance',
  'health',
  'research',
  'support',
];

describe.each(FOLDERS)('policies/%s', (folder) => {
  it('decides every case as the case says', async () => {
    const { tried } = await tryFolder(folder);
    const wrong = tried
      .filter(({ differences }) => differences.length > 0)
      .map(({ policyCase: { name }, differences, explanation }) => ({
        name,
        differences,
        why: explanation.decision.reasons[0].message,
      }));
    expect(wrong).toEqual([]);
  });

  it('has a case for every rule', async () => {
    const { policy, tried } = await tryFolder(folder);
    expect(untried(policy, tried)).toEqual([]);
  });

  it('allows, denies and asks (where it can) in at least fifteen cases', async () => {
    const { tried } = await tryFolder(folder);
    expect(tried.length).toBeGreaterThanOrEqual(15);
    const effects = new Set(tried.map(({ explanation }) => explanation.decision.effect));
    // Lists have no word for a person.
    const asked = folder.startsWith('lists/') ? [] : ['require_approval'];
    expect([...effects].toSorted()).toEqual(['allow', 'deny', ...asked]);
  });
});

describe('the folder of policies', () => {
  it('has one for each of ten jobs', () => {
    expect(FOLDERS.filter((folder) => !folder.includes('/'))).toEqual(JOBS);
  });

  it('has no file that nothing loads', async () => {
    const loaded = new Set(['README.md']);
    for (const folder of FOLDERS) {
      const { configuration } = await tryFolder(folder);
      for (const file of filesOf(configuration)) loaded.add(file);
    }
    expect(filesThere()).toEqual([...loaded].toSorted());
  });
});
