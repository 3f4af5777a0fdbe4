import type { JsonObject } from '../../model/json.ts';
import { classifyTool } from './classify-tool.ts';
import { yamlComment, yamlList, yamlText } from './yaml-text.ts';

export interface ServerDraft {
  readonly server: string;
  /** As the server lists them. */
  readonly tools: readonly JsonObject[];
  /** Absolute folders that its command names. */
  readonly folders: readonly string[];
}

/**
 * A manifest for a server, in YAML, drafted from what the server says of itself. It loads as it is; every line
 * that is a guess says so, and a tool that nothing is known of is left out: it counts as high risk.
 */
export function draftServerManifest({ server, tools, folders }: ServerDraft): string {
  const lines = [
    `# Draft for the server ${yamlComment(server)}, from the names and schemas that it lists: servers can lie.`,
    '# Every line with "guess" is one. Correct it and take the mark away; nothing is in force before somebody',
    '# installs it: aegis manifest install <file>',
    `server: ${yamlText(server)}`,
  ];
  const known: string[] = [];
  let reachesFiles = false;
  let reachesHosts = false;
  const seen = new Set<string>();
  for (const tool of tools) {
    const { name } = tool;
    // A server that lists a name twice means the first.
    if (typeof name !== 'string' || name === '' || seen.has(name)) continue;
    seen.add(name);
    const { capabilities, args, because } = classifyTool(tool, server);
    if (capabilities.length === 0) {
      known.push(
        `  # ${yamlComment(yamlText(name))}: { capabilities: [] } # nothing says what it does: left out, it counts as high risk`,
      );
      continue;
    }
    reachesFiles ||= capabilities.some((capability) => capability.startsWith('fs.'));
    reachesHosts ||= capabilities.includes('net.egress');
    known.push(
      `  ${yamlText(name)}:`,
      `    capabilities: ${yamlList(capabilities)} # guess: ${yamlComment(because)}`,
    );
    if (args.length > 0) {
      const entries = args.map(([argument, kind]) => `${yamlText(argument)}: ${kind}`).join(', ');
      known.push(`    args: { ${entries} } # guess: by their names`);
    }
  }
  const declared = known.some((line) => !line.startsWith('  #'));
  lines.push(declared ? 'tools:' : 'tools: {}', ...known);
  if (reachesFiles && folders.length > 0) {
    const roots = yamlList(folders);
    lines.push(
      'fs:',
      `  read_roots: ${roots} # guess: its command names them`,
      `  write_roots: ${roots} # guess: its command names them`,
    );
  } else if (reachesFiles)
    lines.push('# fs: { read_roots: [], write_roots: [] } # without it no path is refused');
  if (reachesHosts) lines.push('# net: { domains: [] } # without it no host is refused');
  return `${lines.join('\n')}\n`;
}
