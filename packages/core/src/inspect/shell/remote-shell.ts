/** Whether a command that programs are told to reach other machines with is one that does. */
export function isRemoteShell(command: string): boolean {
  const program = command.trim().split(/\s+/, 1)[0] ?? '';
  return /(?:^|\/)(?:\w*ssh|rsh|mosh|sshpass|plink)(?:\.exe)?$/.test(program.replace(/["']/g, ''));
}
