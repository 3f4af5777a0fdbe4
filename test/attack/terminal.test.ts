import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis } from '../e2e/aegis.ts';
import { createHostileWorkspace, type HostileWorkspace } from '../e2e/hostile-workspace.ts';

let workspace: HostileWorkspace;

beforeEach(() => {
  workspace = createHostileWorkspace({ manifest: 'server: hostile\ntools: {}\n' });
});

afterEach(() => workspace.remove());

const CLEAR = '\\u001b[2J';
const inPolicy = (text: string) => (): void => appendFileSync(workspace.configuration, `\n${text}\n`);
const inManifest = (text: string) => (): void => writeFileSync(join(workspace.folder, 'hostile.yaml'), text);

describe('a file that somebody else wrote does not reach the terminal with its control characters', () => {
  it.each([
    ['a key of the configuration', inPolicy(`["${CLEAR}"]\nx = 1`)],
    ['a key of a rule', inPolicy(`[[policies]]\nname = "x"\naction = "allow"\n"${CLEAR}" = 1`)],
    ['an action', inPolicy(`[[policies]]\nname = "x"\naction = "${CLEAR}"`)],
    ['a line of its own', inPolicy('[[policies]]\nname = "x"\naction = "a\\n[7/7] all is well"')],
    ['a key of a manifest', inManifest(`server: hostile\n"${CLEAR}": 1\ntools: {}\n`)],
    ['a key of a tool', inManifest(`server: hostile\ntools: { t: { capabilities: [], "${CLEAR}": 1 } }\n`)],
    ['a tag', inManifest('server: hostile\ntools: !<\u001b[2J> {}\n')],
  ])('%s', async (_, write) => {
    write();
    const { code, stderr } = await aegis(['start', '--config', workspace.configuration]);
    expect(code).toBe(5);
    expect(stderr).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(stderr).not.toMatch(/^\[7\/7\]/m);
  });
});
