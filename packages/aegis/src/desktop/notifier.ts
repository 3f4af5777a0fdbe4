import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { AegisError, printable } from '@aegis/core';

/** How long a notification may take to be shown, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Most characters of a notification. */
const MAX_TEXT = 200;

/** What a program needs to reach the desktop of whoever runs Aegis; nothing else of the environment is given to it. */
const SURROUNDINGS = [
  'PATH',
  'HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'XAUTHORITY',
  'SystemRoot',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'TEMP',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** A program that shows notifications, and how it is told what to show. */
interface Program {
  readonly name: string;
  readonly argumentsFor: (title: string, text: string) => readonly string[];
  /** What it reads from its environment beside what all of them do. */
  readonly environmentFor?: (title: string, text: string) => Environment;
}

/** Shows notifications through the program that the system has for it: `notify-send`, `osascript`, or a toast by `powershell`. */
export class DesktopNotifier {
  readonly #file: string;
  readonly #program: Program;
  readonly #environment: Environment;

  /** Fails with `CONFIG_INVALID` where there is no such program. */
  constructor(environment: Environment, platform: NodeJS.Platform = process.platform) {
    const program = platform === 'darwin' ? OSASCRIPT : platform === 'win32' ? POWERSHELL : NOTIFY_SEND;
    const { name } = program;
    const file = findProgram(name, environment['PATH'] ?? environment['Path']);
    if (file === undefined) {
      throw new AegisError('CONFIG_INVALID', `there is no \`${name}\` to show anything on the desktop with`, {
        help: 'install it, or name another receiver',
      });
    }
    this.#file = file;
    this.#program = program;
    this.#environment = Object.fromEntries(
      SURROUNDINGS.flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]])),
    );
  }

  /**
   * Rejects when it was not shown.
   *
   * SECURITY: no shell stands between, and what an agent said is an argument or a variable of its own, never an option
   * or a script.
   */
  async show(title: string, text: string, signal: AbortSignal): Promise<void> {
    const words = [shown(title), shown(text)] as const;
    const { argumentsFor, environmentFor } = this.#program;
    signal.throwIfAborted();
    const showing = promisify(execFile)(this.#file, [...argumentsFor(...words)], {
      env: { ...this.#environment, ...environmentFor?.(...words) },
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    // Given to `execFile`, it would ask the program to end and wait no more.
    const kill = (): void => void showing.child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    try {
      await showing;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }
}

const NOTIFY_SEND: Program = {
  name: 'notify-send',
  argumentsFor: (title, text) => [
    '--app-name=Aegis',
    '--urgency=critical',
    '--',
    title,
    // Desktops read a subset of HTML in the body (Desktop Notifications Specification, "Markup").
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ],
  // SECURITY: in the locale of a daemon it refuses what is not ASCII, and an agent could choose not to be shown.
  environmentFor: () => ({ LC_ALL: 'C.UTF-8' }),
};

const OSASCRIPT: Program = {
  name: 'osascript',
  argumentsFor(title, text) {
    const script = [
      'on run argv',
      'display notification (item 2 of argv) with title (item 1 of argv)',
      'end run',
    ];
    return [...script.flatMap((line) => ['-e', line]), '--', title, text];
  },
};

const TOAST = `$ErrorActionPreference = 'Stop'
$manager = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$xml = $manager::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $xml.GetElementsByTagName('text')
[void]$texts.Item(0).AppendChild($xml.CreateTextNode($env:AEGIS_TITLE))
[void]$texts.Item(1).AppendChild($xml.CreateTextNode($env:AEGIS_TEXT))
$toast = [Windows.UI.Notifications.ToastNotification, Windows.UI.Notifications, ContentType = WindowsRuntime]::new($xml)
$manager::CreateToastNotifier('Aegis').Show($toast)`;

const POWERSHELL: Program = {
  name: 'powershell.exe',
  argumentsFor: () => ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', TOAST],
  environmentFor: (title, text) => ({ AEGIS_TITLE: title, AEGIS_TEXT: text }),
};

/** The first file of that name that can be run, in the absolute folders of a search path. */
function findProgram(name: string, path = ''): string | undefined {
  for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // It is not in this folder.
    }
  }
  return undefined;
}

function shown(text: string): string {
  return printable(text).slice(0, MAX_TEXT).toWellFormed();
}
