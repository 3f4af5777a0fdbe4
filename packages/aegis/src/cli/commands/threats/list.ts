import { AegisError, THREAT_FAMILIES, THREATS, THREATS_VERSION } from '@aegis/core';
import type { Command } from '../../command.ts';
import { EXIT } from '../../exit.ts';

export const threatsList: Command = {
  options: { family: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 0,
  async run({ options }, { stdout }) {
    const family = THREAT_FAMILIES.find((known) => known === options['family']);
    if (options['family'] !== undefined && family === undefined) {
      throw new AegisError('USAGE', `--family is one of ${THREAT_FAMILIES.join(', ')}`, {
        help: 'aegis threats list --help',
      });
    }
    const listed = THREATS.filter((threat) => family === undefined || threat.family === family);
    if (options['json'] === true) {
      const threats = listed.map(({ id, family: of, title, kind, finding, weight, references }) => ({
        id,
        family: of,
        title,
        kind,
        finding,
        weight,
        references,
      }));
      stdout.write(`${JSON.stringify({ version: THREATS_VERSION, threats })}\n`);
      return EXIT.ok;
    }
    const width = Math.max(...listed.map(({ id }) => id.length));
    const lines = listed.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`);
    const families = new Set(listed.map((threat) => threat.family)).size;
    stdout.write(
      `${lines.join('')}\n${listed.length} threats of ${families} ${families === 1 ? 'family' : 'families'}, version ${THREATS_VERSION}\n`,
    );
    return EXIT.ok;
  },
};
