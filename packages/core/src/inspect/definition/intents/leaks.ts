import type { Intent, IntentRule } from './intent-rule.ts';
import {
  HANDS_IN,
  HANDS_TO_CALL,
  PRIVATE_SOURCE,
  SECRET_VARIABLE,
  UNNAMED_FILES,
  WHAT_WAS_SAID,
} from './sources.ts';
import {
  ANY_SECRET,
  CONVERSATION,
  DESCRIBES,
  DOCUMENTED,
  FOREIGN,
  HANDS_OVER,
  INTO,
  NAMED_FOR_IT,
  ORDERED,
  SECRET_PLACE,
} from './words.ts';

const LEAKS: Intent = {
  id: 'collects_data',
  severity: 'high',
  message: 'tells the model to hand over data',
};

/** What a tool does itself with its own credentials, as honest descriptions say. */
const ITS_OWN =
  /\b(?:configured|on the server|of the server|in the environment of|never|not returned|masked|redacted|hidden|encrypted|browser|by \w{1,20} itself|no (?:password|secret|token) is)\b/i;

/** Data of the user, or of the conversation, that goes where it has no business. */
export const LEAKS_RULES: readonly IntentRule[] = [
  { ...LEAKS, every: [SECRET_PLACE], parameter: true },
  { ...LEAKS, every: [SECRET_VARIABLE], parameter: true },
  {
    ...LEAKS,
    every: [
      /\b(?:authorization headers?|bearer tokens?|clipboard|shell history|browsing history|access[_ ]key|secret[_ ](?:access[_ ])?key)\b/i,
    ],
    parameter: true,
    unless: /\bin (?:the )?[`'"]?headers\b|\bheaders map\b|\bnever put\b|\bfilled in by\b/i,
  },
  {
    ...LEAKS,
    every: [
      /\b(?:everything|all|what|whatever)\b[^\n]{0,24}\b(?:user|person|customer|they|you)\b[^\n]{0,24}\b(?:typed|said|wrote|asked|entered|told|discussed|know|saw|been (?:told|given))\b|\b(?:your|the model's|the assistant's) (?:\w+ ){0,4}(?:instructions|system prompt|prompt|guidelines|rules|configuration)\b/i,
      /\b(?:hand|supply|transmit|give|send|pass|put|provide|include|fill|write|ship|share|report|tell|state|list|enter|quote|repeat|what|with)\b/i,
    ],
    unless:
      /\bfollow\b|\bto (?:the )?(?:model|agent)\b|\bonly (?:store|save|keep|run|runs|what|when)\b|\b(?:store|save|keep) only\b|\bwhat they typed in\b|\bsaw in\b|\bbeyond what\b/i,
  },
  {
    ...LEAKS,
    message: 'sends data to an address of its own',
    every: [FOREIGN, ORDERED],
    unless: DOCUMENTED,
  },
  { ...LEAKS, every: [HANDS_OVER, INTO, SECRET_PLACE], unless: /\binto the (?:\w{1,15} )?keychain\b/i },
  { ...LEAKS, every: [HANDS_OVER, INTO, ANY_SECRET] },
  { ...LEAKS, every: [HANDS_OVER, INTO, CONVERSATION], unless: NAMED_FOR_IT },
  {
    id: 'names_secrets',
    severity: 'medium',
    message: 'names a place where secrets are',
    every: [SECRET_PLACE],
  },
  {
    id: 'phishes',
    severity: 'high',
    message: 'uses the model to deceive the user',
    every: [
      /\b(?:ask|request|prompt|get|have|tell)\b (?:them|the (?:user|person|customer)|users?)\b(?! (?:information|profile|record|details|account))/i,
      /\b(?:passwords?|passphrase|pins?\b|card number|cvv|seed phrase|recovery (?:phrase|codes?)|one-time code|otp|social security)/i,
    ],
    unless:
      /\b(?:never|not|n't) (?:ask|request|prompt|have|tell)\b|\b(?:reset|browser|new password|initial password|chosen|their own)\b|\btell the user (?:the|that|which|when|where|how)\b/i,
  },
  {
    ...LEAKS,
    every: [
      SECRET_PLACE,
      /\b(?:add|include|archive|zip|open|attach|pack|put|copy|read|print|show|get|load|fetch)\b/i,
    ],
    unless: DESCRIBES,
  },
  {
    ...LEAKS,
    every: [
      /\b(?:output|result|contents?) of [`'"]?(?:env|printenv|set|history|whoami|ps aux|ifconfig|cat)\b/i,
      HANDS_OVER,
    ],
  },
  {
    ...LEAKS,
    every: [
      /Gespr\u00e4chsverlauf|conversaci\u00f3n|conversa\u00e7\u00e3o|conversazione|historique|\u0440\u0430\u0437\u0433\u043e\u0432\u043e\u0440|\u043f\u0435\u0440\u0435\u043f\u0438\u0441\u043a|\u4f1a\u8a71|\u5bf9\u8bdd|\u5c0d\u8a71|\ub300\ud654/i,
    ],
    parameter: true,
  },
  {
    ...LEAKS,
    message: 'has the model do more at every use',
    every: [
      /\b(?:before|prior to|after|with|on|at|for|each time|every time|whenever)\b (?:(?:each|every|any|all)\b|it is used|this is used)/i,
      /\b(?:export|upload|send|dump|copy|call|mail|forward|transmit|report|post)\b/i,
      /\b(?:upload|send|mail|forward|transmit|post|to \/tmp|elsewhere|public|outside)\b/i,
    ],
    unless: DESCRIBES,
  },
  { ...LEAKS, every: [CONVERSATION], unless: NAMED_FOR_IT, parameter: 'unexpected' },
  {
    ...LEAKS,
    every: [
      /\b(?:print|list|show|put|output|dump|extract|grab|collect|attach|gather)\b/i,
      /\b(?:every|all) (?:\w+ ){0,2}(?:secrets?|passwords|credentials|tokens)\b|\bcookies of\b/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'phishes',
    severity: 'high',
    message: 'uses the model to deceive the user',
    every: [
      /\b(?:have|let|make|ask|get) (?:people|users|them|the (?:user|person|customer))\b[^\n]{0,12}\b(?:type|enter|give|tell|send|provide|confirm|repeat)\b/i,
      /\b(?:passwords?|passphrase|pin|cvv|card number|seed phrase|one-time code)\b/i,
    ],
    unless: /\b(?:never|not|n't|browser|new|initial)\b/i,
  },
  { ...LEAKS, every: [PRIVATE_SOURCE, HANDS_IN], parameter: true, unless: ITS_OWN, across: true },
  { ...LEAKS, every: [SECRET_VARIABLE, HANDS_IN], parameter: true, unless: ITS_OWN, across: true },
  {
    ...LEAKS,
    every: [
      SECRET_VARIABLE,
      /\b(?:look for|find|read|take|grab|fetch|get|obtain|search) (?:it|them)\b|\bin (?:the|your) (?:environment|shell)\b/i,
      /\b(?:write|put|send|give|paste|include|add|append|pass|submit|mention) (?:it|them)\b/i,
    ],
    unless: ITS_OWN,
  },
  { ...LEAKS, every: [UNNAMED_FILES, HANDS_IN], parameter: true, across: true },
  { ...LEAKS, every: [WHAT_WAS_SAID, HANDS_IN], parameter: 'unexpected', across: true },
  { ...LEAKS, every: [PRIVATE_SOURCE, HANDS_TO_CALL], unless: ITS_OWN, across: true },
  { ...LEAKS, every: [UNNAMED_FILES, HANDS_TO_CALL], across: true },
  { ...LEAKS, every: [WHAT_WAS_SAID, HANDS_TO_CALL], unless: NAMED_FOR_IT },
  {
    ...LEAKS,
    message: 'sends data to an address of its own',
    every: [
      /\b(?:s3|gs|az|ftp|sftp|smb|wss?):\/\/[\w-]|<\w{1,30}>\.[\w.<>-]{3,80}\.[a-z]{2,10}\b|\bour (?:endpoint|server|service|partner|collector|backend)s?\b/i,
      /\b(?:must|are to|is to|have to|has to|every|each|all|collect|whenever)\b/i,
      /\b(?:mirror(?:ed)?|sent|send|copied|copy|deliver(?:ed)?|upload(?:ed)?|forward(?:ed)?|resolve|query|push(?:ed)?|post(?:ed)?|report(?:ed)?|enrich|store[d]?)\b/i,
    ],
    unless: DESCRIBES,
  },
];
