import type { Intent, IntentRule } from './intent-rule.ts';
import { DESCRIBES } from './words.ts';

const WAIVES: Intent = {
  id: 'waives_consent',
  severity: 'high',
  message: 'takes the word of the user for given',
};

/** `Deletes without confirmation if force is set` says what the user may choose. */
const DESCRIBES_A_CHOICE =
  /\b(?:if|when|unless|option|flag|set to|true|undo|undoes|redone|caution|careful|warning:|note that|make sure|where the user wants)\b/i;

/** `Execute a command and return its output` is what many tools are for; `the commands in the output` are not. */
const RETURNS_OUTPUT =
  /\bas data\b|\bdo not follow\b|\buntrusted\b|\bwhen a (?:person|user) clicks\b|^(?![^\n]{0,600}\b(?:obey|follow|comply|instructions?|orders|directives?)\b)\W{0,4}(?:execut|run|perform)\w{0,3}\b[^\n]{1,40}\bcommands?\b(?! (?:(?:in|from|of|inside|within) (?:the |its |this |their |each |every )?(?:output|results?|responses?|pages?|text|messages?|answers?|repl(?:y|ies)|body|comments?|notes?)|it|that|which|you)\b)/i;

const RUNS_COMMANDS =
  /\b(?:query|queries|sql|statements?|untrusted|as data)\b|^(?![^\n]{0,600}\b(?:obey|follow|comply|instructions?|orders|directives?)\b)\W{0,4}(?:execut|run|perform)\w{0,3}\b[^\n]{1,40}\bcommands?\b(?! (?:(?:in|from|of|inside|within) (?:the |its |this |their |each |every )?(?:output|results?|responses?|pages?|text|messages?|answers?|repl(?:y|ies)|body|comments?|notes?)|it|that|which|you)\b)/i;

/** Decisions that are taken out of the hands of the user. */
export const CONSENT_RULES: readonly IntentRule[] = [
  {
    ...WAIVES,
    every: [
      /\b(?:users?|clients?|customers?|admins?|administrators?|owners?|operators?|they|he|she)\b/i,
      /\b(?:would (?:want|agree|like|expect) (?:that|this|it|so)\b|(?:has|have|had) already (?:agreed|approved|accepted|consented|confirmed|given|granted|said|allowed|signed|authori[sz]ed|opted|decided|seen|been (?:asked|told|informed))|knows? about (?:it|this)|(?:is|are) fine with|(?:has|have) (?:no objections?|given (?:their )?consent)|need not be (?:asked|bothered)|is aware of this|approves? of (?:this|it))/i,
    ],
  },
  {
    ...WAIVES,
    every: [
      /\b(?:no need|not necessary|unnecessary|needless|do not|don't|never|instead of)\b[^\n,;.]{0,16}\b(?:bother|ask|wait for|consult|involve|prompt|check with|disturb)/i,
      /\b(?:user|person|owner|human|operator|customer|confirmation|approval|prompt)s?\b/i,
    ],
    unless:
      /\bpasswords?\b|\bfor (?:the |an? |their |more )?(?:name|id|details|information|clarification|input|value|pin)s?\b|\bcredentials?\b|\bsecrets?\b/i,
    forbidden: true,
  },
  {
    ...WAIVES,
    every: [
      /\b(?:turn|switch|click|wave) (?:off|away|through)\b|\b(?:disable|dismiss|suppress|silence|ignore|mute)\b/i,
      /\b(?:approval|confirmation|consent|permission|safety|security|warnings?|prompts?|guard|alerts?)\b|\bclick (?:it|them) away\b/i,
      /\b(?:approval|confirmation|consent|permission|safety|security|click)\b/i,
    ],
    unless: /\b(?:option|flag|setting|parameter|when true|if true|rule)\b/i,
    forbidden: true,
  },
  {
    ...WAIVES,
    every: [/\bwithout asking\b/i],
    unless:
      /^\W{0,4}[A-Z][a-z]{1,15}s\b|\b(?:if|when) the user\b|\b(?:if you notice|[Yy]ou may|may be|is allowed|allow-list)\b/,
  },
  {
    id: 'obeys_results',
    severity: 'high',
    message: 'has the model obey what comes back',
    every: [
      /\b(?:results?|entries|articles?|responses?|pages?|messages?|output|content|comments?|replies|notes?(?! that\b))\b/i,
      /\b(?:do (?:them|it|so|what)|executed?|carr(?:y|ied) (?:it |them )?out|obeyed|as orders|as commands|as if)\b/i,
      /\b(?:tasks?|orders|commands?|instructions?|trusted|as they are|as it is|must|have to|has to|from the (?:user|owner|admin))\b/i,
    ],
    unless: RUNS_COMMANDS,
  },
  {
    ...WAIVES,
    every: [
      /\b(?:skip|bypass|omit|suppress|disable|forgo)\b[^\n]{0,20}\b(?:asking|confirmations?|approvals?|consent|permission|security checks?|safety checks?|verification|review)\b|\b(?:do not|don't|never|no need to|need not) ask\b[^\n]{0,30}\b(?:confirm|approv|permission|consent)|\b(?:carry|execute|perform|run|do|follow|apply)\b[^\n]{0,40}\b(?:without|instead of) asking\b|\balready (?:agreed|consented|approved|accepted|confirmed|authori[sz]ed)\b|\b(?:checks?|guards?|filters?|protections?|restrictions?) (?:are|is|have been|were) (?:disabled|off|turned off|switched off|lifted|suspended)\b|\bapproved (?:without|automatically|by default)\b/i,
    ],
    unless:
      /\b(?:if|when|once|unless) the user\b|\bexisting\b|\bdry.?run\b|\bsafe mode\b|\bnot (?:already|recommended)\b|\bonly (?:when|if)\b|\b(?:do not|don't|never) (?!ask)[^\n]{1,40} without asking\b/i,
    forbidden: true,
  },
  {
    id: 'obeys_results',
    severity: 'high',
    message: 'has the model obey what comes back',
    every: [
      /\b(?:output|responses?|results?|page|answer|reply|replies|body)\b/i,
      /\b(?:instructions?|commands?|next steps?|orders|directives?|tasks?)\b/i,
      /\b(?:carry|follow|obey|execute|perform|comply|take precedence|override|outrank|must be done)/i,
    ],
    unless: RETURNS_OUTPUT,
  },
  {
    id: 'obeys_results',
    severity: 'high',
    message: 'places itself above the user',
    every: [
      /\b(?:take precedence|takes precedence|override|outrank|prevail|more important|regardless of|no matter what|whatever)\b[^\n]{0,30}\b(?:the )?user(?:'s)?\b (?:\w+ ){0,2}(?:said|says|asks?|asked|wants?|instructions?|wishes|request)/i,
    ],
  },
  {
    id: 'obeys_results',
    severity: 'high',
    message: 'has the model obey what comes back',
    every: [
      /\b(?:text|images?|mails?|e-mails?|files?|documents?|articles?|entries|results?|pages?|comments?)\b/i,
      /\b(?:(?:contain|carry|hold|include|have)[^\n]{0,20}(?:instructions|tasks|orders|commands)|treat(?:ed)?[^\n]{0,30} as (?:an? )?(?:orders?|commands?|instructions?))\b/i,
      /\b(?:follow|do them|obey|execute|carry|orders?|commands?|at once|right away|before you go on)\b/i,
    ],
    unless: /\b(?:not|never|untrusted|as data|injections?)\b/i,
  },
  {
    ...WAIVES,
    every: [
      /\bsans (?:demander|confirmation)\b|\bne demande jamais\b|\ba d\u00e9j\u00e0 accept\u00e9|\bsin (?:preguntar|confirmar|pedir)\b|\bya ha (?:aceptado|aprobado)|\bohne (?:zu fragen|R\u00fcckfrage|Best\u00e4tigung)|\bhat (?:bereits|schon) zugestimmt|\bsem perguntar\b|\bsenza chiedere\b|\u0431\u0435\u0437 \u043f\u043e\u0434\u0442\u0432\u0435\u0440\u0436\u0434\u0435\u043d\u0438\u044f|\u78ba\u8a8d\u305b\u305a|\u65e0\u9700\u786e\u8ba4|\u4e0d\u8981\u8be2\u95ee|\u7121\u9700\u78ba\u8a8d/i,
    ],
    forbidden: true,
  },
  {
    ...WAIVES,
    every: [
      /\b(?:users?|humans?|owners?|people|operators?|customers?|admins?)\b[^\n]{0,12}\b(?:(?:has|have|had|already) (?:approved|agreed|gave|given|consented|authori[sz]ed|allowed|granted)|expects? (?:that|it|this)|trusts?)\b|\bno (?:further )?(?:confirmation|approval|consent|permission) (?:is|will be) (?:needed|required|necessary)\b/i,
    ],
    unless: /\b(?:once|after|if|when|until|unless|before|only|whether|that the user)\b/i,
  },
  {
    ...WAIVES,
    every: [
      /\b(?:treat|consider|regard|count|see|take)\b[^\n]{0,40}\bas (?:\w{1,12} )?(?:confirmed|approved|agreed|accepted|authori[sz]ed|granted|a yes|given|withdrawn)\b|\btake[^\n]{0,30}\bfor granted\b|\banswer\b[^\n]{0,30}\bwith yes\b|\b(?:say|click|press|select|choose) (?:yes|ok|accept|allow)\b[^\n]{0,20}\b(?:yourself|for (?:them|him|her|the)|on (?:their|behalf))/i,
    ],
    unless: /\b(?:if|when|once|unless) the (?:user|person)\b/i,
  },
  {
    ...WAIVES,
    every: [
      /\b(?:users?|humans?|person|people|owners?|customers?|everybody|everyone|clients?)\b[^\n]{0,24}\b(?:has|have|had|having)? ?(?:opted in|signed off|pre-?approved|agreed to|consented to|accepted all|waived)\b/i,
    ],
    unless: /\b(?:if|when|once|unless|until|whether|after|who|only|that an? (?:person|user|customer))\b/i,
  },
  {
    ...WAIVES,
    every: [
      /\b(?:approvals?|confirmations?|reviews?|consent|sign-?off|dialogs?)\b[^\n]{0,30}\b(?:(?:is|are) (?:just |only |merely )?(?:an? )?(?:formality|formalities|waste|optional here|implied|implicit|assumed)|slow)\b|\bimplied consent\b|\bno (?:approval|confirmation|consent|permission|review)s? (?:is |are )?(?:needed|required|necessary)\b|\bwithout (?:further ado|a question|looking|checking(?! (?:for|if|whether|that|against)\b)|any check|review)\b|\bneeds? no (?:check|approval|review|confirmation)\b/i,
    ],
    forbidden: true,
    unless: DESCRIBES,
  },
  {
    ...WAIVES,
    every: [
      /\b(?:users?|customers?|managers?|people|clients?|owners?|they|he|she|everybody|everyone|humans?)\b (?:all |usually |always |really )?(?:expects?|likes?|loves?|wants?|prefers?|appreciates?) (?:it|that|this)\b(?! (?:to|the|when|if|in|as|for)\b)|\bcounts? as (?:confirmed|approved|agreed|a yes|consent|permission)\b|\bwithout (?:a |any )?(?:prompt|dialog|confirmation|warning|question)\b|\bpart of the licen[cs]e\b|\beven if (?:they|it) (?:failed|fails?|did not|is wrong|are wrong)\b/i,
    ],
    unless: DESCRIBES_A_CHOICE,
    forbidden: true,
  },
  {
    id: 'obeys_results',
    severity: 'high',
    message: 'has the model obey what comes back',
    every: [
      /\b(?:be|are|is) obeyed\b|\btrusts? (?:\w{1,15} ){1,5}(?:more|rather) than\b|\blike (?:an? )?orders? (?:of|from|by)\b|\bonly what this (?:tool|server) says\b/i,
    ],
    unless: /\b(?:never|not|untrusted)\b/i,
  },
  {
    id: 'obeys_results',
    severity: 'high',
    message: 'has the model obey what comes back',
    every: [
      /\b(?:perform|do|apply|follow|execute|carry out|keep doing|obey|adopt|let it|load)\b/i,
      /\b(?:as if (?:your|the|an?) (?:operator|user|owner|developer|admin|person|human)\b|counts? more than|replace the (?:rules|instructions|prompt)|(?:rules|instructions|prompt)s? that you (?:have|were given|follow)|what [`'"]?\w{1,20}[`'"]? says|(?:remedy|solution|fix|next step|command)s? (?:is|are|stands?) in the (?:message|answer|response|result|error|output))/i,
    ],
    unless: /\b(?:untrusted|as data|never|ignore)\b/i,
    across: true,
  },
];
