import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DesktopNotifier } from '../../src/desktop/notifier.ts';
import { DesktopSink } from '../../src/telemetry/sinks/desktop.ts';
import { folder } from './ground.ts';

const never = new AbortController().signal;

/** A program in the place of the desktop's own, which writes down what it is given. */
function desktop(name: 'notify-send' | 'osascript') {
  const path = folder();
  const file = join(path, 'shown');
  const script = `#!/bin/sh\nfor word in "$@"; do printf '%s\\n' "$word"; done >> "${file}"\nenv >> "${file}.env"\n`;
  writeFileSync(join(path, name), script);
  chmodSync(join(path, name), 0o755);
  return {
    environment: { PATH: `relative:${path}:/usr/bin:/bin`, HOME: path, SECRET_TOKEN: 'hunter2' },
    shown: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []),
    given: () => readFileSync(`${file}.env`, 'utf8'),
    path,
  };
}

function sinkOn(environment: Readonly<Record<string, string>>, platform: NodeJS.Platform): DesktopSink {
  const notifier = new DesktopNotifier(environment, platform);
  return new DesktopSink((title, text, signal) => notifier.show(title, text, signal));
}

const alert = (name: string): string =>
  JSON.stringify({ alert: 'attacks', type: 'TOOL_CALL_DENIED', code: 'GUARD_SHELL', agent: 'coder', name });

const deliver = (lines: readonly string[]) => ({ lines, first: 1, last: lines.length });

describe('an alert on the desktop', () => {
  it('is shown with its rule and what it is about, by a program that gets no secret', async () => {
    const { environment, shown, given } = desktop('notify-send');
    await sinkOn(environment, 'linux').write(deliver([alert('run')]), never);
    expect(shown()).toEqual([
      '--app-name=Aegis',
      '--urgency=critical',
      '--',
      'Aegis: attacks',
      'TOOL_CALL_DENIED GUARD_SHELL coder run',
    ]);
    expect(given()).not.toContain('hunter2');
  });

  it('never runs, marks up or takes for an option what an agent called its tool', async () => {
    const { environment, shown, path } = desktop('notify-send');
    const evil = `--help; touch ${path}/owned $(touch ${path}/owned) <b onload="x">\u001b[2J\n--icon=/etc/passwd`;
    await sinkOn(environment, 'linux').write(deliver([alert(evil)]), never);
    expect(shown()).toHaveLength(5);
    expect(shown()[4]).toContain('$(touch');
    expect(shown()[4]).toContain('&lt;b');
    expect(shown().join('')).not.toContain('\u001b');
    expect(existsSync(join(path, 'owned'))).toBe(false);
  });

  it('is an argument and no script on macOS', async () => {
    const { environment, shown } = desktop('osascript');
    await sinkOn(environment, 'darwin').write(deliver([alert('" & do shell script "id')]), never);
    expect(shown().slice(-3)).toEqual([
      '--',
      'Aegis: attacks',
      'TOOL_CALL_DENIED GUARD_SHELL coder " & do shell script "id',
    ]);
  });

  it('of many at once is a few, and how many more there are', async () => {
    const { environment, shown } = desktop('notify-send');
    await sinkOn(environment, 'linux').write(deliver(Array.from({ length: 40 }, () => alert('run'))), never);
    expect(shown().filter((line) => line === 'Aegis: attacks')).toHaveLength(3);
    expect(shown().at(-1)).toBe('and 37 more alerts');
  });

  it('is refused at the start where no program can show it', () => {
    expect(() => sinkOn({ PATH: '.:relative' }, 'linux')).toThrow('there is no `notify-send`');
  });
});
