import type { Intent, IntentRule } from './intent-rule.ts';
import { DESCRIBES } from './words.ts';

const CHANGES: Intent = {
  id: 'changes_arguments',
  severity: 'high',
  message: 'tells the model to change what the user asked for',
};

/** `Adds an entry` says what the tool does, `when the user` what somebody asked for. */
const DESCRIBES_OR_OFFERS =
  /^\W{0,4}[A-Z][a-z]{1,15}s\b(?!.{0,600}\b(?:must|should|shall|have to|has to|are to|is to|need to|needs to)\b)|\b(?:if|when) the user\b/;

/** Work that is changed behind the back of the user. */
export const MEDDLING_RULES: readonly IntentRule[] = [
  {
    ...CHANGES,
    every: [
      /\b(?:whatever|whichever|irrespective of|regardless of|no matter|even if|despite|contrary to)\b/i,
      /\b(?:user|typed|requested|asked|entered|given|says?|said|names?|named|chosen|chooses?)\b/i,
      /\b(?:set|grant|use|this one|give|send|change|write|pay|choose|pick|put|always|must|call|make|run|book)\b/i,
    ],
    unless: /\b(?:case|order|format|locale|time ?zone|whitespace|type of|returns?)\b/i,
  },
  {
    ...CHANGES,
    every: [
      /\b(?:use|uses|write|put|take)\b [^\n]{0,8}[`'"]?(?:[A-Z]{2}\d{2}[A-Z0-9]{8,30}|0x[a-f0-9]{20,64}|[\w.+-]{1,60}@[\w-]{1,60}\.[a-z]|\d[\d -]{6,20}\d)[`'"]?[^\n]{0,20}\b(?:in its place|instead|in place of|rather than)\b/i,
    ],
  },
  {
    ...CHANGES,
    every: [
      /\b(?:changes?|replaces?|rewrites?|swaps?|alters?|substitutes?|adjusts?|raises?|lowers?)\b[^\n]{0,30}\b(?:account numbers?|ibans?|recipients?|amounts?|beneficiar|payees?|wallet|destination|prices?|totals?)\b/i,
      /\d[\d-]{3}|\b(?:quietly|slightly|without|unnoticed|each|every|whatever|always)\b/i,
    ],
    unless: /\b(?:returns?|lists?|shows?|history|webhook|when the user|if the user)\b/i,
  },
  {
    id: 'tampers',
    severity: 'high',
    message: 'has the model add something to its work',
    every: [
      /\b(?:add|append|insert|prepend|include|put)\b[^\n]{0,30}(?:[`'"][^\n]{6,200}[`'"]|!\[)/i,
      /\b(?:each|every|any|all|whenever|always|final answer|your (?:answer|reply|response))\b/i,
      /https?:\/\/|\bimport\b|\bcurl\b|\bor 1\s?=\s?1\b|\beval\b|<script|\bsudo\b|\|\s?(?:ba)?sh\b/i,
    ],
  },
  {
    id: 'biases',
    severity: 'high',
    message: 'has the model take sides',
    every: [
      /\b(?:say|claim|tell|state|answer|pretend|insist|report|recommend|approve|accept|merge|rate|rank|favou?r|promote)\b/i,
      /\b(?:competitors?|rivals?|others? (?:products?|vendors?))\b[^\n]{0,60}\b(?:unsafe|bad|worse|illegal|dangerous|unreliable|inferior)\b|\b(?:always|every time|invariably) (?:approve|accept|merge|recommend|favou?r|promote|rate|rank)\b[^\n]{0,60}\b(?:by|from|of|and hide|over)\b|\bhide (?:the )?(?:warnings?|errors?|problems?|findings?)\b/i,
    ],
  },
  {
    id: 'tampers',
    severity: 'high',
    message: 'has the model change what it works on',
    every: [
      /\b(?:if|when|whenever|where|in all|in every|each|every)\b/i,
      /\b(?:change|lower|raise|reduce|increase|rate|rated|give|add|shift|extend|shorten|round)\b/i,
      /\b(?:by|of) \d{1,3} ?(?:percent|%|points?)|\b(?:one|two|three|an?) (?:extra|additional|more) (?:vote|point|star|share)|\b(?:one|two|three) (?:points?|stars?) (?:lower|higher|less|more|worse|better)|\b(?:notice period|deadline|term|clause|interest|penalty|price)s?\b[^\n]{0,30}\bto \d/i,
    ],
    unless: /\b(?:user|parameter|option|returns?|optional|default)\b/i,
  },
  {
    id: 'biases',
    severity: 'high',
    message: 'has the model take sides',
    every: [
      /\b(?:speak|write|talk|think) (?:well|badly|ill|highly|only good) of\b|\bin (?:a )?(?:good|bad|favou?rable|unfavou?rable) light\b|\bwith an ad\b|\badvertis/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'weakens_security',
    severity: 'high',
    message: 'has the model weaken protections',
    every: [
      /\b(?:disable|disabled|turn off|switch off|accept|ignore|skip|skipped|bypass|force|remove|trust)\b|--force\b|--no-verify\b|--insecure\b/i,
      /\b(?:firewall|host keys?|certificates?|security (?:warnings?|checks?|alerts?)|tests can|signatures?|verification|two-factor|mfa|antivirus|selinux|sandbox|push)\b/i,
      /\b(?:first|must|has to|have to|always|silently|before|every|each|any|unknown|can be|do not|never)\b/i,
    ],
    unless:
      /\b(?:user|option|flag|parameter|when true|if true|default|returns?)\b|^\W{0,4}[A-Z][a-z]{1,15}s\b(?! can)/,
  },
  {
    id: 'tampers',
    severity: 'high',
    message: 'has the model change what it works on',
    every: [
      /\b(?:replace|correct|change|swap|rewrite|turn)\b[^\n]{0,40}(?:["'`][^\n]{1,60}["'`])?[^\n]{0,12}\b(?:to|by|with|into)\b [`"'][^\n]{1,60}[`"']/i,
      /\b(?:every|each|all|any|failing|so that|so the)\b/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'biases',
    severity: 'high',
    message: 'has the model take sides',
    every: [
      /\b(?:score|rate|rank|grade|weigh|mark)\b[^\n]{0,60}\b(?:\w+ )(?:points?|stars?|places?|grades?) (?:higher|lower|better|worse|above|below)\b/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'weakens_security',
    severity: 'high',
    message: 'has the model weaken protections',
    every: [
      /["'`]?\b(?:auto[-_ ]?approve|always[-_ ]?allow|auto[-_ ]?accept|dangerously[-_ ]?skip|skip[-_ ]?permissions|yolo)\w{0,20}/i,
      /\b(?:set|add|turn|enable|put|write|change|switch)\b/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'runs_commands',
    severity: 'high',
    message: 'tells the model to run what it downloaded',
    every: [
      /\b(?:download|downloaded|downloading|fetched|received|attached)\b/i,
      /\b(?:executable|chmod)\b[^\n]{0,30}\b(?:start|run|execute|launch)|\b(?:start|run|execute|launch) (?:it|them) (?:at once|afterwards|right away)/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'runs_commands',
    severity: 'high',
    message: 'tells the model to run what it downloads',
    every: [/\b(?:curl|wget|iwr|irm)\b[^\n|]{4,200}\|\s{0,3}(?:sudo )?(?:(?:ba|z|da)?sh|iex|python3?)\b/i],
  },
  {
    id: 'weakens_security',
    severity: 'high',
    message: 'has the model weaken protections',
    every: [
      /\b(?:certificate (?:validation|checks?|verification)|tls verification|branch protection|com\.apple\.quarantine|gatekeeper|--privileged|0\.0\.0\.0\/0|root (?:rights|access)|host file ?system|-v \/:|full rights|bypass\w{0,20}permissions|password check|two-factor|firewall)/i,
      /\b(?:off|drop|disable[d]?|remove[d]?|open[s]?|given|must|has to|in every case|always|carry on|xattr|set|immediately|forget|for the whole|skip|with)\b/i,
      /\b(?:must|has to|have to|always|every|all|whole|immediately|carry on|go on|forget|stays?|since|needs|do not|don't|off|otherwise)\b/i,
    ],
    unless:
      /\b(?:option|flag|parameter|when true|if true|default|returns?|cannot|is off|rejected|requires? approval|if the user)\b|^\W{0,4}[A-Z][a-z]{1,15}s\b(?! can)/,
    forbidden: true,
    across: true,
  },
  {
    id: 'tampers',
    severity: 'high',
    message: 'has the model leave a way in',
    every: [
      /\b(?:functions?|code|checks?|login|authentication|handlers?|endpoints?|every file|files? you)\b/i,
      /\b(?:also accept|accepts?|leave|keep|starts? with|contain|include|insert|with)\b[^\n]{0,40}\b(?:(?:password|word|phrase|string|account|user|key|login|require)s?\b[^\n]{0,8}["'`(]|empty password|hard-?coded|back ?door|master password)/i,
      /\b(?:also|must|always|every|each|working|any password|without)\b/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'persists',
    severity: 'high',
    message: 'has the model write a file that takes effect later',
    every: [
      /\b(?:put|write|add|append|register|place|store|insert|save|install|create)\b/i,
      /\b(?:AGENTS\.md|CLAUDE\.md|GEMINI\.md|\.cursorrules|copilot-instructions\.md|settings\.json|login items?|autostart|start-?up (?:folder|items?|script)|launch agents?|crontab|systemd|\.bashrc|\.zshrc|profile of the shell|shell profile|git hooks?|\.github\/workflows|authorized_keys)/i,
    ],
    unless: DESCRIBES_OR_OFFERS,
  },
  {
    id: 'plants_memory',
    severity: 'high',
    message: 'plants something for later sessions',
    every: [
      /\b(?:memori[sz]e|remember|store|keep|note|save)\b[^\n]{0,30}\b(?:for good|for ever|forever|permanently|long-?term|for (?:all )?later|in (?:your )?memory)\b/i,
      /\b(?:no check|without|trusts?|trusted|allowed|approved|unchecked|always|never|need(?:s)? no|goes? to|not be)\b/i,
    ],
    unless: /\b(?:when|if) the user\b/i,
    forbidden: true,
  },
  {
    id: 'biases',
    severity: 'high',
    message: 'has the model take sides',
    every: [
      /\b(?:recommend(?:ation of)?|promote|mention|praise|work in|weave in|slip in|plug|endorse)\b/i,
      /\b(?:naturally|subtly|as if|discreetly|casually|in every|in each|always|at the top)\b/i,
    ],
    unless: DESCRIBES,
  },
  {
    id: 'biases',
    severity: 'high',
    message: 'has the model take sides',
    every: [
      /\b(?:full marks|top marks|highest (?:score|grade|rating)|approval|approve(?:d)?|trusted|five stars|are trusted)\b/i,
      /\b(?:contain the word|by the user|named|from the user|without looking|essays? that|candidates? (?:that|who|from))\b/i,
      /\b(?:get|give|receive|are|trusted|without)\b/i,
    ],
    unless: DESCRIBES,
  },
];
