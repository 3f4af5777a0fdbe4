import { AegisError, type JsonValue } from '@aegis/core';
import type { Command } from '../../command.ts';
import { EXIT } from '../../exit.ts';
import { namedThreat } from '../../threats/named-threat.ts';
import { visible } from '../../tools/visible.ts';

export const threatsShow: Command = {
  options: { json: { type: 'boolean' } },
  positionals: 1,
  async run({ options, positionals }, { stdout }) {
    const [id] = positionals;
    if (id === undefined) throw new AegisError('USAGE', 'say which one', { help: 'aegis threats list' });
    const { about, ...threat } = namedThreat(id);
    if (options['json'] === true) {
      stdout.write(`${JSON.stringify({ ...threat, about: about?.source ?? null })}\n`);
      return EXIT.ok;
    }
    const { family, title, kind, finding, weight, references, matching, other } = threat;
    stdout.write(
      [
        `${id}: ${title}`,
        '',
        `family      ${family}`,
        `inspector   ${kind}`,
        `finding     ${finding}, ${Math.round(100 * weight)} % of a score`,
        ...(about === undefined ? [] : [`about       ${about.source}`]),
        `references  ${references.join(', ')}`,
        '',
        'it is:',
        shown(matching),
        'it is not:',
        shown(other),
        '',
      ].join('\n'),
    );
    return EXIT.ok;
  },
};

/** SECURITY: an example of hidden text must not be hidden from whoever looks at it. */
function shown(example: JsonValue): string {
  const text = typeof example === 'string' ? example : JSON.stringify(example, undefined, 2);
  return text
    .split('\n')
    .map((line) => `  ${visible(line)}`)
    .join('\n');
}
