import { THREATS } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { threatsList } from '../../src/cli/commands/threats/list.ts';
import { threatsShow } from '../../src/cli/commands/threats/show.ts';
import { threatsTest } from '../../src/cli/commands/threats/test.ts';
import { createHome, run, type RunOptions } from './terminal.ts';

function given(options: RunOptions['options'] = {}, ...positionals: readonly string[]): RunOptions {
  const { home, project } = createHome();
  return { home, cwd: project, options, positionals };
}

describe('aegis threats', () => {
  it('lists all of them, or those of one family', async () => {
    const all = await run(threatsList, given());
    expect(all.code).toBe(0);
    for (const { id, title } of THREATS) expect(all.stdout).toMatch(new RegExp(`^${id} +${title}$`, 'm'));
    const some = await run(threatsList, given({ family: 'evasion', json: true }));
    const { version, threats } = JSON.parse(some.stdout);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(threats).toHaveLength(THREATS.filter(({ family }) => family === 'evasion').length);
    expect(await run(threatsList, given({ family: 'nothing' }))).toMatchObject({ code: 2 });
  });

  it('shows one of them, with nothing hidden in its examples', async () => {
    const shown = await run(threatsShow, given({}, 'evasion.tag-characters'));
    expect(shown.stdout).toContain('finding     text.tag_characters, 75 % of a score');
    expect(shown.stdout).toContain('\\u{e0069}');
    expect(shown.stdout).not.toMatch(/[\u{e0000}-\u{e007f}]/u);
    const json = await run(threatsShow, given({ json: true }, 'credential-read.shadow'));
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'credential-read.shadow', kind: 'shell' });
  });

  it('says what is near an id that there is not', async () => {
    const near = await run(threatsShow, given({}, 'credential-read.shadw'));
    expect(near).toMatchObject({ code: 2 });
    expect(near.stderr).toContain('did you mean `credential-read.shadow`?');
    expect(await run(threatsShow, given())).toMatchObject({ code: 2 });
  });

  it('holds every one against its examples, or a single one', async () => {
    const all = await run(threatsTest, given());
    expect(all.stdout).toContain(`${THREATS.length} of ${THREATS.length} threats are found in what they are`);
    expect(all.code).toBe(0);
    expect((await run(threatsTest, given({}, 'mcp.fake-turn'))).stdout).toContain('1 of 1 threats');
  });
});
