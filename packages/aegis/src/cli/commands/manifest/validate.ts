import { resolve } from 'node:path';
import { AegisError, counted, type Diagnostic, formatDiagnostics } from '@aegis/core';
import { checkManifest } from '../../../daemon/manifest.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { trustNamed } from '../../manifest/named.ts';
import { visible } from '../../tools/visible.ts';

/** Files of one call. */
const MOST_FILES = 1000;

export const manifestValidate: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: MOST_FILES,
  async run(args, terminal) {
    const { options, positionals } = args;
    const { cwd, stdout } = terminal;
    if (positionals.length === 0) {
      throw new AegisError('USAGE', 'name a manifest', { help: 'aegis manifest validate --help' });
    }
    const trust = await trustNamed(args, terminal);
    const diagnostics: Diagnostic[] = [];
    const lines: string[] = [];
    for (const word of positionals) {
      const { known, diagnostics: found } = await checkManifest(resolve(cwd, word), trust);
      diagnostics.push(...found);
      if (known === undefined) continue;
      const { kind, manifest } = known;
      const what =
        kind === 'server'
          ? `server \`${visible(manifest.server)}\`, ${counted(manifest.tools.size, 'tool')}`
          : `agent \`${visible(manifest.name)}\` ${visible(manifest.version)}`;
      lines.push(`${visible(word)}: ${what}`);
    }
    if (options['json'] === true) {
      stdout.write(`${JSON.stringify({ valid: diagnostics.length === 0, diagnostics })}\n`);
      return diagnostics.length === 0 ? EXIT.ok : INVALID;
    }
    if (diagnostics.length > 0) {
      const what = positionals.length === 1 ? 'the manifest' : 'the manifests together';
      throw new AegisError('MANIFEST_INVALID', formatDiagnostics(what, diagnostics));
    }
    stdout.write(`${lines.join('\n')}\n`);
    return EXIT.ok;
  },
};

/** As the error that says the same in words. */
const INVALID = 5;
