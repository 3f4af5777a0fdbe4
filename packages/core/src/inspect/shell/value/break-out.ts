import { isProgram } from '../command.ts';
import type { Node, Part, Redirection, Script, ShellParser, Word } from '../tree.ts';

/** Longest value that is read, in UTF-16 units; of a longer one, this much of its begin. */
const MAX_VALUE = 8192;

/** Most nodes of one tree that are looked at. */
const MAX_NODES = 4000;

/**
 * Whether a text that a tool will put into a command of its own, as one argument, would be more than that: it ends the
 * argument and starts a program, or has one started in its place. Read bare, and behind the quote that ends a quoted
 * argument. What other words would start by being there counts only when they are programs. Never throws.
 */
export function breaksOutOfShell(value: string, parse: ShellParser): boolean {
  return readings(value).some((text) => goesOn(text, parse));
}

/** The text, decoded as a member of a query, and what stands behind a quote that ends it. */
function readings(value: string): readonly string[] {
  const text = value.slice(0, MAX_VALUE);
  const decoded = text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(?:x0a|n|r)|&#(?:10|13);/gi, '\n');
  const whole = new Set([text, decoded, decoded.replaceAll('+', ' ')]);
  const behind = [...whole].flatMap((read) =>
    ["'", '"'].flatMap((quote) => {
      const at = read.indexOf(quote);
      const rest = read.slice(at + 1);
      return at === -1 ? [] : [rest, rest.split(quote, 1)[0] ?? ''];
    }),
  );
  return [...new Set([...whole, ...behind])].filter((read) => SIGNS.test(read));
}

/** Without any of these a text is words. */
const SIGNS = /[;|&`$<>\n\r(/\\%-]/;

function goesOn(text: string, parse: ShellParser): boolean {
  if (
    CALLS.test(text) ||
    BATCH.test(text) ||
    LEADS.test(text) ||
    (IS_COMMAND.test(text) && isRunnable(/[\w.-]+/.exec(text)?.[0] ?? ''))
  )
    return true;
  const plain = text.replace(/\r\n?/g, '\n').replaceAll('\0', '');
  try {
    return startsMore(parse(`: ${plain}`), true);
  } catch {
    return false;
  }
}

/** A program with an option, a path or an address behind it. */
const IS_COMMAND = /^\s*[\w.-]+\s+(?:-{1,2}[a-z]|\/[a-z]|~\/|\.{1,2}\/|[a-z]:\\|https?:)/i;

/** What the language of batch files of Windows alone is written like. */
const BATCH =
  /\bfor\b(?:\s+\/[dflr])?[^\n]{0,80}?\s%{1,2}\S{1,20}\s+in\s*\([^)\n]{0,200}\)\s*do\b|^\W{0,4}if\s+(?:\/i\s+)?(?:not\s+)?(?:exist\s+\S+|errorlevel\s+\d|defined\s+\w+|\S{0,40}%\S{0,40}\s*(?:==|\b(?:equ|neq|lss|leq|gtr|geq)\b))/i;

/** Begins with what only goes on from a command before it, whatever comes next. */
const LEADS = /^\s{0,40}["']?\s{0,40}(?:\|\||&&)\s{0,40}[\w./$`(]/;

/** Code of a language that has a shell run a text. */
const CALLS = /\b(?:system|exec|passthru|shell_exec|popen|proc_open|eval|assert)\s*\(\s*["'`$]/;

function startsMore(script: Script, ownFirst: boolean): boolean {
  const open: Node[] = script.commands.map(({ command }) => command);
  const own = ownFirst ? firstOf(open[0]) : undefined;
  for (let count = 0; count < MAX_NODES; count++) {
    const node = open.shift();
    if (node === undefined) return false;
    switch (node.type) {
      case 'Pipeline':
      case 'AndOr':
        open.push(...node.commands);
        continue;
      case 'Redirected':
        if (node.redirects.some(leadsAway)) return true;
        open.push(node.command);
        continue;
      case 'Subshell':
      case 'BraceGroup':
        open.push(...node.body.commands.map(({ command }) => command));
        continue;
      case 'Command': {
        const words = [...node.prefix, ...node.suffix, ...(node.name === undefined ? [] : [node.name])];
        if (node !== own && node.name !== undefined && startsProgram(node.name)) return true;
        if (
          words.some((word) =>
            word.type === 'Word' ? substitutes(word) : word.type !== 'Assignment' && leadsAway(word),
          )
        )
          return true;
        continue;
      }
      case 'Function':
        continue;
      default:
        // Keywords of the grammar in their right places are no sentence.
        return true;
    }
  }
  return true;
}

/** The command that the value is an argument of. */
function firstOf(node: Node | undefined): Node | undefined {
  if (node?.type === 'Pipeline' || node?.type === 'AndOr') return firstOf(node.commands[0]);
  return node?.type === 'Redirected' ? firstOf(node.command) : node;
}

function startsProgram({ value, text }: Word): boolean {
  const name = value.slice(value.lastIndexOf('/') + 1);
  return isRunnable(name) || /^(?:\/|\.{1,2}\/|~\/)\w/.test(value) || /[$`]/.test(text);
}

function isRunnable(name: string): boolean {
  return isProgram(name) || WINDOWS.test(name);
}

/** Programs that a shell of Windows starts, and verbs of PowerShell. */
const WINDOWS =
  /^(?:ver|dir|reg|sc|wmic|netsh|schtasks|vssadmin|bcdedit|taskkill|whoami|ping|rundll32|regsvr32|mshta|cscript|wscript|icacls|attrib|xcopy|robocopy|del|rd|ipconfig|systeminfo|tasklist|net|type|copy|certutil|bitsadmin|powershell|cmd|ifconfig|arp|route|netstat|(?:Get|Set|Invoke|New|Start|Remove|Out)-\w+)(?:\.exe)?$/i;

/** A redirection to or from a file that is named by a path. */
function leadsAway(redirection: Redirection): boolean {
  return redirection.type === 'Redirect' && PATH.test(redirection.target?.value ?? '');
}

const PATH =
  /^(?:\/(?:bin|dev|etc|home|opt|proc|root|srv|sys|tmp|usr|var)\/|~\/|\.{1,2}\/)|^[\w.-]{1,60}\.(?:php\d?|phtml|jspx?|aspx?|cgi|sh|py|pl|exe|bat|ps1)$/;

function substitutes({ parts }: Word): boolean {
  return (parts ?? []).some(substitutesPart);
}

function substitutesPart(part: Part): boolean {
  switch (part.type) {
    case 'CommandExpansion':
      // Words between two backticks are a quotation as often as not.
      return part.script !== undefined && startsMore(part.script, false);
    case 'ProcessSubstitution':
      return true;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.some(substitutesPart);
    case 'SimpleExpansion':
      return part.text === '$IFS';
    case 'ParameterExpansion':
      return part.parameter === 'IFS' || part.operation !== undefined;
    default:
      return false;
  }
}
