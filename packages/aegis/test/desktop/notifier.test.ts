import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DesktopNotifier } from '../../src/desktop/notifier.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-desktop-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a notification on Linux', () => {
  const notifierOf = (program: string): DesktopNotifier => {
    writeFileSync(join(folder, 'notify-send'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    return new DesktopNotifier({ PATH: `${folder}:/usr/bin:/bin` }, 'linux');
  };

  it('is shown in any language, by a daemon that has none', async () => {
    const file = join(folder, 'shown');
    const notifier = notifierOf(`printf '%s' "$LC_ALL $*" > "${file}"`);
    await notifier.show('-t', 'zahlen für <b>Müller</b>', new AbortController().signal);
    expect(readFileSync(file, 'utf8')).toBe(
      'C.UTF-8 --app-name=Aegis --urgency=critical -- -t zahlen für &lt;b&gt;Müller&lt;/b&gt;',
    );
  });

  it('leaves no program behind that does not end when it is told to', async () => {
    const file = join(folder, 'pid');
    const stop = new AbortController();
    const shown = notifierOf(`trap '' TERM; echo $$ > "${file}"; exec sleep 60`).show('a', 'b', stop.signal);
    const pid = () => Number(existsSync(file) && readFileSync(file, 'utf8'));
    await expect.poll(pid).toBeGreaterThan(0);
    stop.abort();
    await expect(shown).rejects.toThrow();
    await expect.poll(() => existsSync(`/proc/${pid()}/fd`)).toBe(false);
  });
});

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
