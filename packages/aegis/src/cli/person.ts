import { userInfo } from 'node:os';

/** Who runs the command, as far as the operating system knows. */
export function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the user database, as in a container.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
