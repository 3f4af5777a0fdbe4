import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DesktopNotifier } from '../../src/desktop/notifier.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-desktop-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a notification on Windows', () => {
  it('is given to the script in variables, and is no part of it', async () => {
    const file = join(folder, 'shown');
    const program = `#!/bin/sh\nprintf '%s' "$*" > "${file}"\nprintf '%s|%s|%s' "$AEGIS_TITLE" "$AEGIS_TEXT" "$A_SECRET" > "${file}.env"\n`;
    writeFileSync(join(folder, 'powershell.exe'), program, { mode: 0o755 });
    const notifier = new DesktopNotifier({ PATH: `${folder}:/usr/bin:/bin`, A_SECRET: 'hunter2' }, 'win32');
    const evil = `'; Start-Process calc; $(calc)\u001b[2J`;
    await notifier.show('Aegis', evil, new AbortController().signal);
    expect(readFileSync(file, 'utf8')).not.toContain('calc');
    expect(readFileSync(`${file}.env`, 'utf8')).toBe(`Aegis|${evil.replace('\u001b', '\ufffd')}|`);
  });
});
