import { type Check, ok, warning } from './check.ts';

/** Whether clients on this machine reach servers that Aegis does not govern. */
export function clients(ungoverned: () => Promise<readonly string[]>): Check {
  return {
    name: 'clients',
    async run() {
      const found = await ungoverned();
      if (found.length === 0) return ok('none reaches a server beside Aegis');
      return warning(
        `${found.join(', ')} reach${found.length === 1 ? 'es' : ''} servers that Aegis does not govern`,
        'aegis mcp wrap <client>',
      );
    },
  };
}
