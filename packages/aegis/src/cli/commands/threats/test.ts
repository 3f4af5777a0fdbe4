import { judge, THREATS, THREATS_VERSION } from '@aegis/core';
import { openInspectors } from '../../../daemon/inspection.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { EXIT } from '../../exit.ts';
import { namedThreat } from '../../threats/named-threat.ts';

export const threatsTest: Command = {
  options: JSON_OPTION,
  positionals: 1,
  async run(args, terminal) {
    const { stdout } = answering(args, terminal).terminal;
    const [id] = args.positionals;
    const tested = id === undefined ? THREATS : [namedThreat(id)];
    const platform = await openInspectors(terminal.cwd);
    const found = (kind: (typeof THREATS)[number]['kind'], input: (typeof THREATS)[number]['matching']) =>
      judge(kind, input, { platform, direction: 'result' }).threats;
    const failed: { readonly id: string; readonly missed: boolean; readonly alarmed: boolean }[] = [];
    for (const threat of tested) {
      const missed = !found(threat.kind, threat.matching).includes(threat.id);
      const alarmed = found(threat.kind, threat.other).includes(threat.id);
      if (!missed && !alarmed) continue;
      failed.push({ id: threat.id, missed, alarmed });
      if (missed) stdout.write(`${threat.id}: not found in what it is\n`);
      if (alarmed) stdout.write(`${threat.id}: found in what it is not\n`);
    }
    stdout.write(
      `${tested.length - failed.length} of ${tested.length} threats are found in what they are and not in what they are not, version ${THREATS_VERSION}\n`,
    );
    answering(args, terminal).give({ tested: tested.length, failed, version: THREATS_VERSION });
    return failed.length === 0 ? EXIT.ok : EXIT.failure;
  },
};
