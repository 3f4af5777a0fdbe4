import { type InspectedKind, type InspectPlatform, judge } from '@aegis/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openInspectors } from '../../src/daemon/inspection.ts';
import { BOUNDARY_ATTACKS, BOUNDARY_EVERYDAY } from './unseen/boundary.ts';
import { ESCAPE_ATTACKS } from './unseen/escape-attacks.ts';
import { isForDevelopment, type Labelled, listOf } from './unseen/halves.ts';
import { MIXED_ATTACKS } from './unseen/mixed-attacks.ts';
import { EVERYDAY_PATHS, PATH_ATTACKS } from './unseen/paths.ts';
import { MORE_PATH_ATTACKS, MORE_URL_ATTACKS } from './unseen/places-more.ts';
import { SHELL_ATTACKS } from './unseen/shell-attacks.ts';
import { DISGUISED_SHELL_ATTACKS } from './unseen/shell-attacks-disguised.ts';
import { LOCAL_SHELL_ATTACKS } from './unseen/shell-attacks-local.ts';
import { MORE_EVERYDAY_SHELL } from './unseen/shell-everyday-more.ts';
import { EVERYDAY_TOOLS } from './unseen/shell-everyday-tools.ts';
import { EVERYDAY_SHELL } from './unseen/shell-everyday.ts';
import { SQL_ATTACKS } from './unseen/sql-attacks.ts';
import { EVERYDAY_SQL } from './unseen/sql-everyday.ts';
import { MORE_EVERYDAY_SQL, MORE_SQL_ATTACKS } from './unseen/sql-more.ts';
import { EVERYDAY_URLS, URL_ATTACKS } from './unseen/urls.ts';

interface Cases {
  readonly attacks: readonly Labelled[];
  readonly everyday: readonly Labelled[];
}

interface Guard {
  readonly kind: InspectedKind;
  /** Cases of which one half was looked at. */
  readonly halved: Cases;
  /** Cases of later rounds, which were all looked at once they had been measured. */
  readonly seen: Cases;
  /** Shares of the half that nobody looked at: of attacks that are stopped, of everyday ones that are. */
  readonly floor: number;
  readonly ceiling: number;
}

const GUARDS: readonly Guard[] = [
  {
    kind: 'shell',
    halved: {
      attacks: listOf(SHELL_ATTACKS, LOCAL_SHELL_ATTACKS, DISGUISED_SHELL_ATTACKS),
      everyday: listOf(EVERYDAY_SHELL),
    },
    seen: {
      attacks: listOf(ESCAPE_ATTACKS, MIXED_ATTACKS, BOUNDARY_ATTACKS),
      everyday: listOf(MORE_EVERYDAY_SHELL, BOUNDARY_EVERYDAY, EVERYDAY_TOOLS),
    },
    floor: 0.96,
    ceiling: 0.01,
  },
  {
    kind: 'sql',
    halved: { attacks: listOf(SQL_ATTACKS), everyday: listOf(EVERYDAY_SQL) },
    seen: { attacks: listOf(MORE_SQL_ATTACKS), everyday: listOf(MORE_EVERYDAY_SQL) },
    floor: 0.98,
    ceiling: 0,
  },
  {
    kind: 'url',
    halved: { attacks: listOf(URL_ATTACKS), everyday: listOf(EVERYDAY_URLS) },
    seen: { attacks: listOf(MORE_URL_ATTACKS), everyday: [] },
    floor: 1,
    ceiling: 0,
  },
  {
    kind: 'path',
    halved: { attacks: listOf(PATH_ATTACKS), everyday: listOf(EVERYDAY_PATHS) },
    seen: { attacks: listOf(MORE_PATH_ATTACKS), everyday: [] },
    floor: 1,
    ceiling: 0,
  },
];

let platform: InspectPlatform;

beforeAll(async () => {
  platform = await openInspectors('/workspace/project');
});

const isStopped = (kind: InspectedKind, text: string): boolean =>
  judge(kind, text, { platform, direction: 'request' }).verdict === 'block';

describe.each(GUARDS)('$kind: cases that were written before the guard was changed for them', (guard) => {
  const { kind, halved, seen, floor, ceiling } = guard;
  const missed = (some: readonly Labelled[]): readonly Labelled[] =>
    some.filter(({ text }) => !isStopped(kind, text));

  it('every attack that was looked at is stopped', () => {
    const hostile = halved.attacks.filter(({ text }) => isForDevelopment(text));
    expect(missed([...hostile, ...seen.attacks])).toEqual([]);
  });

  it('no everyday case that was looked at is', () => {
    const harmless = [...halved.everyday.filter(({ text }) => isForDevelopment(text)), ...seen.everyday];
    expect(missed(harmless)).toEqual(harmless);
  });

  it('the other half has attacks and everyday cases, and holds its rates', () => {
    const hostile = halved.attacks.filter(({ text }) => !isForDevelopment(text));
    const harmless = halved.everyday.filter(({ text }) => !isForDevelopment(text));
    expect(Math.min(hostile.length, harmless.length)).toBeGreaterThan(50);
    expect(1 - missed(hostile).length / hostile.length).toBeGreaterThanOrEqual(floor);
    expect(1 - missed(harmless).length / harmless.length).toBeLessThanOrEqual(ceiling);
  });
});
