import { AegisError, counted, sarifLog, scanDefinitions, SEVERITIES, type Severity } from '@aegis/core';
import { listServer, scanPath } from '../../daemon/scan.ts';
import { VERSION } from '../../version.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { CONFIG_OPTION } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { draftForFolder, draftForServer } from '../scan/draft.ts';
import { asJson, asText, reaches, type Scanned } from '../scan/report.ts';
import { SERVER_OPTION, type Target, targetOf } from '../scan/target.ts';

export const scan: Command = {
  options: {
    ...CONFIG_OPTION,
    ...SERVER_OPTION,
    dependencies: { type: 'boolean' },
    'fail-on': { type: 'string' },
    json: { type: 'boolean' },
    manifest: { type: 'boolean' },
    sarif: { type: 'boolean' },
  },
  positionals: 1,
  async run(args, terminal) {
    const [word] = args.positionals;
    if (word === undefined) throw usage('name a file, a folder or a server');
    const outputs = ['json', 'manifest', 'sarif'].filter((name) => args.options[name] === true);
    if (outputs.length > 1) throw usage(`give one of \`--${outputs.join('` and `--')}\``);
    const least = leastOf(args);
    const { scanned, draft } = await scanTarget(await targetOf(word, args, terminal), args, terminal);
    const { stdout, stderr } = terminal;
    if (args.options['sarif'] === true)
      stdout.write(`${JSON.stringify(sarifLog(scanned.findings, VERSION))}\n`);
    else if (args.options['json'] === true) stdout.write(asJson(scanned));
    else if (args.options['manifest'] === true) {
      stdout.write(draft());
      // The draft is for a file; what speaks against it is for the person.
      if (scanned.findings.length > 0) stderr.write(asText(scanned));
    } else stdout.write(asText(scanned));
    return reaches(scanned.findings, least) ? EXIT.denied : EXIT.ok;
  },
};

async function scanTarget(
  target: Target,
  { options }: Arguments,
  { environment }: Terminal,
): Promise<{ readonly scanned: Scanned; readonly draft: () => string }> {
  if (target.kind === 'path') {
    const { folder, report } = await scanPath(target.path, {
      dependencies: options['dependencies'] === true,
    });
    const { findings, reach, read } = report;
    const scanned = { findings, reach, skipped: folder.skipped, size: counted(read, 'file') };
    return { scanned, draft: () => draftForFolder(folder, report) };
  }
  const { configuration, server } = target;
  const listed = await listServer(configuration, environment, server);
  const findings = scanDefinitions({ server: server.name, ...listed });
  const size = `${counted(listed.tools.length, 'tool')}, ${counted(listed.prompts.length, 'prompt')}`;
  return { scanned: { findings, size }, draft: () => draftForServer(server, listed) };
}

function leastOf({ options }: Arguments): Severity {
  const { 'fail-on': given = 'high' } = options;
  const severity = SEVERITIES.find((known) => known === given);
  if (severity !== undefined) return severity;
  throw usage(`\`--fail-on\` is one of ${SEVERITIES.join(', ')}`);
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis scan --help' });
}
