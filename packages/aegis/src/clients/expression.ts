import { basename, sep } from 'node:path';
import type { ClientPlace, Expansion } from './client.ts';

// What each kind of client fills in: Claude Code `${VAR}` and `${VAR:-default}`; VS Code and Cursor
// their predefined variables, `${env:VAR}`, and in VS Code what it asks or computes.
const EXPRESSIONS: Readonly<Record<Expansion, RegExp | undefined>> = {
  none: undefined,
  shell: /\$\{[A-Za-z_]\w*(?::-[^}]*)?\}/,
  editor:
    /\$\{(?:(?:env|input|command|config|workspaceFolder):[^}]*|userHome|workspaceFolder|workspaceFolderBasename|pathSeparator|\/|cwd|(?:relative)?file\w*|selectedText|execPath|defaultBuildTask)\}/,
};

/** Whether a text holds something that the client fills in when it starts a server. */
export function hasExpression(text: string, expansion: Expansion): boolean {
  return EXPRESSIONS[expansion]?.test(text) ?? false;
}

/** Fills in the variables of an editor that are known without it: the project's folder and the home folder. */
export function fillKnown(text: string, expansion: Expansion, place: ClientPlace, home: string): string {
  if (expansion !== 'editor') return text;
  const { project } = place;
  const known: Record<string, string | undefined> = {
    userHome: home,
    pathSeparator: sep,
    '/': sep,
    workspaceFolder: project,
    workspaceFolderBasename: project === undefined ? undefined : basename(project),
  };
  return text.replace(/\$\{([A-Za-z/]+)\}/g, (whole, name: string) => known[name] ?? whole);
}
