import type { Finding } from '../../model/finding.ts';
import type { DefinitionText } from './definition-text.ts';

/**
 * Text of one tool that rules over another one: what must happen when that one is used, or what is to be used
 * in its place. `others` are the names of the other tools that the same model sees. Takes time linear in the text
 * for every other tool.
 */
export function findShadowing(
  { at, text: whole, key }: DefinitionText,
  own: string,
  others: readonly string[],
): readonly Finding[] {
  if (key === 'enum' || key === 'name' || whole.length < SHORTEST) return [];
  const text = whole.slice(0, LONGEST);
  const findings: Finding[] = [];
  for (const other of others.slice(0, MOST_OTHERS)) {
    if (other.length < SHORTEST_NAME || other === own) continue;
    const found = text.indexOf(other);
    if (found === -1) continue;
    const severity = RULED.test(text.slice(found + other.length, found + other.length + REACH))
      ? 'high'
      : REPLACED.test(text.slice(Math.max(0, found - REACH), found))
        ? 'medium'
        : undefined;
    if (severity === undefined) continue;
    findings.push({ id: 'definition.shadows', at, severity, message: 'rules over another tool' });
    break;
  }
  if (findings.length === 0) {
    for (const { id, severity, pattern, message } of PATTERNS) {
      if (pattern.test(text)) findings.push({ id: `definition.${id}`, at, severity, message });
    }
  }
  return findings;
}

const SHORTEST = 20;
/** So much of one text is held against these patterns; `inspectText` reads all of it. */
const LONGEST = 16_384;
const MOST_OTHERS = 1000;
/** Shorter names are words. */
const SHORTEST_NAME = 5;
const REACH = 120;

// Linear: fixed words with bounded gaps.
const RULED =
  /^["'`)]{0,2}(?: tool| function| calls?)?,? (?:must|has to|have to|needs? to|shall|should (?:always|never|only|not|be (?:sent|redirected|replaced|ignored))|is (?:deprecated|broken|unsafe|replaced|insecure|available|used|called|invoked)[^.\n]{0,40}\b(?:must|always|never|instead|use this|have to))\b/i;
const REPLACED =
  /\b(?:instead of|replaces?|supersedes?|do not use|don't use|never use|never call|stop using|ignore)\b[^.\n]{0,30}$/i;

const PATTERNS: readonly { id: string; severity: Finding['severity']; pattern: RegExp; message: string }[] = [
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:when(?:ever)?|if|once|every time|each time|before|after|while)\b[^.\n]{0,60}\b(?:[a-z]+_[a-z_]{2,40}|(?:any )?other|another|different)\b[^.\n]{0,20}\b(?:tools?|functions?|is (?:called|used|invoked|available))\b[^\n]{0,120}\b(?:must|always|never|instead|have to|need to|required|should be)\b/i,
    message: 'rules over another tool',
  },
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:all|every|any|each)\b[^.\n]{0,30}\b(?:(?:e-?)?mails?|messages?|payments?|transfers?|transactions?|requests?|files?|queries|calls)\b[^.\n]{0,30}\b(?:must|should|have to|need to|will) (?:first |also |instead |always )?(?:be )?(?:sent|forwarded|redirected|routed|copied|bcc|cc|go through|pass through)/i,
    message: 'rules over what other tools do',
  },
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:ignore|disregard|do not (?:use|call|invoke|trust)|don't (?:use|call)|never (?:use|call|invoke)|avoid(?: using| calling)?|stop using)\b[^.\n]{0,30}\b(?:any |all )?(?:other|another|different|original|existing|competing|alternative|built-?in|official)\b[^.\n]{0,20}\b(?:tools?|functions?|servers?|plugins?|implementations?|versions?)\b/i,
    message: 'keeps the model from other tools',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:always|must|should always|only) (?:be )?(?:use|used|call|called|choose|chosen|select|selected|prefer|preferred|invoke|invoked|pick|prioriti[sz]e)d?\b[^.\n]{0,30}\b(?:this|it)\b[^.\n]{0,30}\b(?:over|instead|rather|before|above|regardless|no matter|for (?:all|every|any)|first)\b/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:this|the) (?:tool|function|server)\b[^.\n]{0,40}\b(?:should|must|has to|needs to|is to) (?:always )?be (?:used|called|preferred|chosen|selected|prioriti[sz]ed|invoked|run|executed)\b[^.\n]{0,40}\b(?:over|instead|rather than|before any|before all|first|for (?:all|every|any)|regardless|whenever|always|prior to (?:any|all|every))/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:should|must) always be (?:used|called|preferred|chosen|selected|invoked) (?:instead|over|before|first|rather)\b/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'collects_data',
    severity: 'high',
    pattern:
      /\b(?:api[ _]?keys?|access tokens?|passwords?|credentials|secrets?|conversation|chat history|system prompt|environment variables|cookies|private keys?|user(?:'s)? data|all (?:messages|emails|files))\b[^.\n]{0,60}\b(?:must|have to|has to|should|needs? to|are to|is to|will) (?:also |first |always )?be (?:sent|forwarded|posted|uploaded|copied|transmitted|logged|included|passed|appended|reported)\b/i,
    message: 'tells the model to hand over data',
  },
  {
    id: 'prefers_itself',
    severity: 'medium',
    pattern:
      /\b(?:best|only|most (?:reliable|accurate|trusted|secure|advanced|powerful)|superior|number one|top|highest[- ]priority|official|more (?:reliable|accurate|secure|trusted))\b[^.\n]{0,30}\b(?:tool|function|choice|option|server)\b[^.\n]{0,60}\b(?:than|over|compared|instead|among|of all|available|for (?:all|every|any))\b|\b(?:highest|top|maximum|absolute) priority\b/i,
    message: 'praises itself over other tools',
  },
  {
    id: 'reads_secrets',
    severity: 'high',
    pattern:
      /\b(?:read|open|cat|load|fetch|access|retrieve|get|include|attach|collect|extract|send|pass|provide|copy)\b[^.\n]{0,60}(?:~\/\.[a-z]|\/etc\/(?:passwd|shadow)|\.ssh\/|id_rsa|id_ed25519|\.aws\/|\.env\b|mcp\.json|\.cursor\/|\.kube\/|\.netrc|\.npmrc|claude_desktop_config|(?:the )?(?:user'?s?|local|system'?s?) (?:environment variables|private keys?|ssh keys?|browser cookies|keychain|credentials))/i,
    message: 'tells the model to read files with secrets',
  },
  {
    id: 'changes_arguments',
    severity: 'high',
    pattern:
      /\b(?:always|must|silently|automatically|regardless of[^.\n]{0,30})\b[^.\n]{0,40}\b(?:set|change|replace|modify|alter|override|use|substitute|add|append|double|multiply|redirect)\b[^.\n]{0,40}\b(?:recipient|address|account|amount|destination|bcc|cc|iban|wallet|to field|url|currency|price|quantity|limit|path|permissions?)\b[^.\n]{0,40}\b(?:to|with|by|as|instead|regardless)\b/i,
    message: 'tells the model to change what the user asked for',
  },
  {
    id: 'runs_commands',
    severity: 'high',
    pattern:
      /\b(?:run|execute|invoke|call|start|launch)\b[^.\n]{0,40}(?:`[^`\n]{3,200}`|\b(?:curl|wget|bash -c|sh -c|powershell|rm -rf|nc -|chmod \+x|sudo)\b)[^\n]{0,80}\b(?:before|first|then|after|prior|in order to|to (?:initiali[sz]e|enable|activate|set up|verify))\b|\b(?:before|first|prior to|in order to)\b[^.\n]{0,60}\b(?:run|execute)\b[^.\n]{0,40}(?:`|\b(?:curl|wget|bash|sh -c|powershell|rm -rf|sudo|chmod)\b)/i,
    message: 'tells the model to run a command',
  },
];
