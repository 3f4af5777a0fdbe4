import { AGENT_MANIFEST_SCHEMA } from '../../manifest/agent/manifest.ts';
import { yamlComment, yamlList, yamlText } from './yaml-text.ts';

/** Values and where they come from; `guess` where nobody said them. */
export interface Drafted<Value> {
  readonly value: Value;
  readonly because: string;
  readonly guess: boolean;
}

export interface AgentDraft {
  readonly name: Drafted<string>;
  readonly version: Drafted<string>;
  readonly publisher: Drafted<string>;
  readonly tools: Drafted<readonly string[]>;
  readonly domains: Drafted<readonly string[]>;
  readonly readRoots: Drafted<readonly string[]>;
  readonly writeRoots: Drafted<readonly string[]>;
  readonly programs: Drafted<readonly string[]>;
  readonly secrets: Drafted<readonly string[]>;
  readonly approvals: Drafted<readonly string[]>;
  /** By their names in the manifest. */
  readonly budgets: Drafted<Readonly<Record<string, number>>>;
  /** SHA-256 (hex) of each file beside the manifest, and over all of them. */
  readonly integrity?: { readonly files: ReadonlyMap<string, string>; readonly treeSha256: string };
  /** Further lines for a person. */
  readonly notes: readonly string[];
}

/** A manifest of an agent (v0.1), in YAML. It loads as it is; every line that is a guess says so. */
export function draftAgentManifest(draft: AgentDraft): string {
  const { integrity } = draft;
  const lines = [
    '# Draft. Every line with "guess" is one: correct it and take the mark away. Nothing is in force before',
    '# somebody installs it: aegis manifest install <file>',
    ...draft.notes.map((note) => `# ${yamlComment(note)}`),
    `schema: ${AGENT_MANIFEST_SCHEMA}`,
    line('', 'name', yamlText(draft.name.value), draft.name),
    line('', 'version', yamlText(draft.version.value), draft.version),
    line('', 'publisher', yamlText(draft.publisher.value), draft.publisher),
    'permissions:',
    ...permissionsOf(draft),
  ];
  if (integrity !== undefined && integrity.files.size > 0) {
    lines.push('integrity:', '  files:');
    for (const [file, digest] of integrity.files) lines.push(`    ${yamlText(file)}: ${yamlText(digest)}`);
    lines.push(`  tree_sha256: ${yamlText(integrity.treeSha256)}`);
  }
  return `${lines.join('\n')}\n`;
}

function permissionsOf(draft: AgentDraft): readonly string[] {
  const list = (key: string, drafted: Drafted<readonly string[]>, indent = '  '): string =>
    line(indent, key, yamlList(drafted.value), drafted);
  const lines = [
    list('tools', draft.tools),
    '  net:',
    list('domains', draft.domains, '    '),
    '  fs:',
    list('read_roots', draft.readRoots, '    '),
    list('write_roots', draft.writeRoots, '    '),
  ];
  // Without `exec` no program runs.
  if (draft.programs.value.length > 0) lines.push('  exec:', list('allowed_bins', draft.programs, '    '));
  lines.push(list('secrets', draft.secrets), list('approval_required', draft.approvals));
  const budgets = Object.entries(draft.budgets.value);
  if (budgets.length > 0) {
    lines.push(
      '  budgets:',
      ...budgets.map(([key, value]) => line('    ', key, String(value), draft.budgets)),
    );
  }
  return lines;
}

function line(indent: string, key: string, value: string, { because, guess }: Drafted<unknown>): string {
  const said = guess ? `guess: ${because}` : because;
  return `${indent}${key}: ${value}${said === '' ? '' : ` # ${yamlComment(said)}`}`;
}
