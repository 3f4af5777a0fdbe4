import { judge, THREATS, THREATS_VERSION } from '@aegis/core';
import { openInspectors } from '../../../daemon/inspection.ts';
import type { Command } from '../../command.ts';
import { EXIT } from '../../exit.ts';
import { namedThreat } from '../../threats/named-threat.ts';

export const threatsTest: Command = {
  options: {},
  positionals: 1,
  async run({ positionals }, { stdout, cwd }) {
    const [id] = positionals;
    const tested = id === undefined ? THREATS : [namedThreat(id)];
    const platform = await openInspectors(cwd);
    const found = (kind: (typeof THREATS)[number]['kind'], input: (typeof THREATS)[number]['matching']) =>
      judge(kind, input, { platform, direction: 'result' }).threats;
    let failed = 0;
    for (const threat of tested) {
      const missed = !found(threat.kind, threat.matching).includes(threat.id);
      const alarmed = found(threat.kind, threat.other).includes(threat.id);
      if (!missed && !alarmed) continue;
      failed++;
      if (missed) stdout.write(`${threat.id}: not found in what it is\n`);
      if (alarmed) stdout.write(`${threat.id}: found in what it is not\n`);
    }
    stdout.write(
      `${tested.length - failed} of ${tested.length} threats are found in what they are and not in what they are not, version ${THREATS_VERSION}\n`,
    );
    return failed === 0 ? EXIT.ok : EXIT.failure;
  },
};
