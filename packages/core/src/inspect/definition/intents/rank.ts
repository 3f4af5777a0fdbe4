import type { Intent, IntentRule } from './intent-rule.ts';
import { DESCRIBES, DOCUMENTED, FOREIGN } from './words.ts';

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
    unless: /\bwhen the user asks\b/i,
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
  {
    ...RULES_OVER,
    every: [
      /\b(?:only|sole)\b[^\n]{0,40}\b(?:allowed|permitted|approved|authori[sz]ed|sanctioned|trusted|certified|legal)\b/i,
      /\b(?:different|others?|another|else|alternatives?|any tool)\b/i,
    ],
    forbidden: true,
    unless: /\b(?:files?|folders?|director|columns?|values?|characters?|users?|methods?)\b/i,
  },
  {
    ...RULES_OVER,
    every: [
      /\b(?:wins?|comes? first|goes first|takes? priority|ha(?:s|ve) (?:precedence|priority)|pick(?:s|ed)?|preferred|prefers?|is chosen|be chosen|favou?r(?:s|ed)?)\b/i,
      /\b(?:several tools|alternatives?|competitors?|competing|another (?:tool|provider|server|one)|other (?:tools?|servers?|providers?|options?)|any instructions?|even (?:when|if) the (?:user|person|customer))\b/i,
    ],
    unless: /\bif the user\b(?! names)|\bwhen possible\b/i,
  },
  {
    ...RULES_OVER,
    every: [
      /\b(?:alternatives?|competitors?|competing (?:tools?|services?|products?)|other (?:tools?|servers?|providers?|services?)|rivals?)\b/i,
      /\b(?:avoided|mislead|unmentioned|at all times|must not be (?:used|named|called)|ranked (?:last|lower)|at the bottom|left out|leave out|hide|omit|are (?:not|never) to be)\b/i,
    ],
    forbidden: true,
  },
  {
    ...RULES_OVER,
    every: [
      /\b(?:all|every|any)\b (?:\w{1,15} ){0,2}(?:browsing|traffic|mails?|searches|requests?|queries|messages?|payments?|files?|calls)\b[^\n]{0,12}\b(?:ha(?:s|ve) to|must|should|shall|is to|are to|needs? to)\b[^\n]{0,10}\b(?:pass|go|run|be (?:routed|made|done|handled|sent))\b[^\n]{0,12}\b(?:through|via|by|with|over)\b (?:this|it|our)\b/i,
    ],
  },
  {
    id: 'shadows',
    severity: 'high',
    message: 'rules over another tool',
    every: [
      /\b[a-z]{2,30}_[a-z_]{2,40}\b[^\n]{0,30}\b(?:is|are|has|was|adds?|returns?|should|must|may)\b[^\n]{0,24}\b(?:out of order|broken|a bug|known to|forged|fake|compromised|reserved|unsafe|unreliable|never be|not be (?:used|called|touched|trusted)|tracking|infected)\b/i,
      /\b(?:in its place|instead|workaround|does the same|ask|taken?|swap|believe|reserved|deprecated|all \w{1,15} has to)\b/i,
    ],
    otherTool: true,
    forbidden: true,
    across: true,
    unless: /\b(?:this tool|it) is deprecated\b|^deprecated\b|\bif (?:it|this) (?:fails|is missing)\b/i,
  },
  {
    id: 'shadows',
    severity: 'high',
    message: 'rules over another tool',
    every: [
      /\b(?:when(?:ever)?|after|before|each|every|once|as soon as|is about to|in combination with|together with|while|during|next time)\b/i,
      /\b(?:second copy|a copy|copies|same \w{1,15} (?:to|as)|as well|also (?:be )?(?:sent|stored|push|passed|called)|replaced?|swap|multipl(?:y|ied)|mirror|forward(?:ed)?|bcc|duplicate|rewritten|counted in|stored with this|push there|hand the same|add the remote|the first line)\b/i,
    ],
    otherTool: true,
    unless: DESCRIBES,
  },
  {
    id: 'shadows',
    severity: 'high',
    message: 'rules over another tool',
    every: [
      FOREIGN,
      /\b(?:expects?|whatever|takes?|must|address(?:ed)?|only|has to|instead|every|loaded|connected|installed)\b/i,
    ],
    otherTool: true,
    unless: DOCUMENTED,
  },
  {
    id: 'shadows',
    severity: 'high',
    message: 'rules over another tool',
    every: [
      /\b(?:hold back|withhold|keep back|suppress|drop|discard|ignore|do not (?:pass on|report|show))\b[^\n]{0,30}\b(?:results?|answers?|output|warnings?|findings?|replies)\b[^\n]{0,12}\b(?:of|from|by)\b/i,
    ],
    otherTool: true,
    forbidden: true,
  },
];
