import type { Intent, IntentRule } from './intent-rule.ts';

const RULES_OVER: Intent = {
  id: 'prefers_itself',
  severity: 'high',
  message: 'asks to be preferred over other tools',
};

/** Tools that place themselves above others, and sessions above the present one. */
export const RANK_RULES: readonly IntentRule[] = [
  {
    ...RULES_OVER,
    every: [
      /\b(?:prefer|choose|take|use|call|pick|begin with|start with)\b/i,
      /\b(?:leave|compromised|malicious|unsafe|insecure|alone|always|this one is the one|whichever)\b/i,
      /\b(?:tool|server|function|[a-z]{2,20}_[a-z_]{2,20}|this one)\b/i,
      /\b(?:compromised|malicious|unsafe|insecure|unreliable|is the one to use|, always)\b|, always\b/i,
    ],
  },
  {
    ...RULES_OVER,
    every: [
      /\b(?:supersedes?|replaces?|deprecates?|outranks?)\b[^\n]{0,20}\b(?:all|any|every|the) (?:of the )?other\b|\bthe others? (?:are|is)\b[^\n]{0,24}\b(?:deprecated|wrong|unsafe|broken|malicious|hacked|insecure|outdated|unreliable|compromised)\b|\b(?:do not|don't|not|never) (?:trust|use|call)\b[^\n]{0,12}\bothers?\b[^\n]{0,20}\b(?:servers?|tools?|them)?\b/i,
    ],
    forbidden: true,
  },
  {
    ...RULES_OVER,
    every: [
      /\b(?:must|needs? to|has to|have to|should|shall|is to|first thing|required)\b/i,
      /\b(?:first|before any(?:thing)?|prior to any|at the (?:start|beginning))\b/i,
      /\b(?:every|each|any|all)\b (?:\w+ )?(?:session|conversation|chat|request|task|turn|other tools?|message|answer|reply)/i,
    ],
  },
  {
    id: 'plants_memory',
    severity: 'high',
    message: 'plants something for later sessions',
    every: [
      /\b(?:remember|store|save|keep in mind|note|memori[sz]e|persist)\b/i,
      /\b(?:all|every|any|each|future|later|subsequent|from now on|permanently|forever)\b[^\n]{0,24}\b(?:sessions?|conversations?|requests?|chats?|on\b)|\bpermanently\b/i,
      /\b(?:approved?|allowed?|trusted?|without|never|always|must|should|are to be|is to be|send|forward|ignore|skip)\b/i,
    ],
    unless: /\bwhen the user\b|\bif the user\b|\bthe user(?:'s)? (?:asks|wants|preferences)/i,
  },
  {
    ...RULES_OVER,
    every: [
      /\bother (?:\w+ )?(?:tools?|servers?|parsers?|functions?|ones)\b/i,
      /\b(?:outranks?|supersedes?|rerouted?|redirected|must be cancelled|must be redone|made again|be answered|come here|sent here|do not consult|not be consulted)\b/i,
    ],
    forbidden: true,
  },
];
