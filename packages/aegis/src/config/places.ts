import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export function homeFolder(environment: Environment): string {
  return environment['HOME'] || environment['USERPROFILE'] || homedir();
}

/**
 * Where a user's own configuration lies, for what belongs to no project: `$XDG_CONFIG_HOME/aegis`,
 * `~/.config/aegis`, on Windows `%APPDATA%\aegis`. Its ledger is under `.aegis` there.
 */
export function userFolder(environment: Environment, platform: NodeJS.Platform = process.platform): string {
  const home = homeFolder(environment);
  if (platform === 'win32') return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'aegis');
  const configured = environment['XDG_CONFIG_HOME'];
  // XDG Base Directory Specification: a relative path is invalid and ignored.
  const base = configured !== undefined && isAbsolute(configured) ? configured : join(home, '.config');
  return join(base, 'aegis');
}
