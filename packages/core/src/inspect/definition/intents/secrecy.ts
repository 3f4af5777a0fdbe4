import type { Intent, IntentRule } from './intent-rule.ts';
import { NOBODY } from './words.ts';

const HIDES: Intent = {
  id: 'hides_work',
  severity: 'high',
  message: 'keeps something from the user',
};

/** What the user is not to know. */
export const SECRECY_RULES: readonly IntentRule[] = [
  {
    ...HIDES,
    every: [
      /\b(?:no|not|never|nobody|nothing|none|without|keep|kept|hidden|unaware|need never|n't)\b/i,
      /\b(?:user|person|people|owner|human|operator|customer|nobody|no one|anyone|anybody)s?\b/i,
      /\b(?:know|knows|learns?|hears? (?:of|about)|sees? (?:this|that|it)|notices?|find out|finds out|aware|unaware|told|informed|in the dark|learn that|suspects?)\b/i,
    ],
    unless: /\b(?:if|when|whether|unless|does not know|do not know which|known)\b/i,
    forbidden: true,
  },
  {
    ...HIDES,
    every: [
      /\b(?:do not|don't|never|refrain from|avoid|without|must not)\b(?:[^\n,]|,(?! and\b)){0,20}\b(?:tell|mention|reveal|show|disclos|inform|notify|notif|report|say|explain)[a-z]{0,3}\b/i,
      /\b(?:(?:to|from|the) (?:the )?(?:users?|developers?|person|customers?|owner|human|operator)|why\b|this (?:step|rule|note|instruction|tool|to)|(?:these|the) (?:arguments|instructions|steps))/i,
    ],
    unless:
      /\b(?:internal|raw|technical|stack|secret|password|sensitive|private|personal|implementation)\b|\b(?:never|not|n't)\b[^\n]{0,80}\bwithout\b/i,
    forbidden: true,
  },
  {
    ...HIDES,
    every: [
      NOBODY,
      /\b(?:do(?:es)? not|don't|need not|needn't|no) (?:need|have|notice|reason)?\b[^\n]{0,16}\b(?:know|informed|told|notified|be aware|notice|see this)\b/i,
    ],
    unless: /\byou (?:do not|don't) know\b/i,
    forbidden: true,
  },
  {
    ...HIDES,
    every: [
      /\b(?:quietly|silently|secretly|covertly|unnoticed|discreetly|invisibly)\b/i,
      /\b(?:changes?|replaces?|sends?|uploads?|forwards?|copies|copy|adds?|removes?|deletes?|calls?|posts?|approves?|http_post)\b/i,
    ],
    unless: /\bnotifications?\b|\b(?:fails?|ignored?|errors?)\b|\bsound\b/i,
  },
  {
    id: 'covers_tracks',
    severity: 'high',
    message: 'has the model remove traces',
    every: [
      /\b(?:when|once|after|then|finally|afterwards|always|at the end|each|every)\b/i,
      /\b(?:delete|clear|wipe|erase|remove|truncate|purge|drop|discard)\b[^\n]{0,24}\b(?:audit (?:log|trail|record)s?|logs?|(?:shell |command )?history|traces?|evidence|records? of|entries about)\b/i,
    ],
    unless: /\b(?:older than|retention|expired|when the user|if the user)\b/i,
  },
  {
    id: 'hides_orders',
    severity: 'high',
    message: 'speaks to the model where a person does not see it',
    every: [
      /<!--[^\n]{0,80}\b(?:the )?(?:model|assistant|agent|ai|llm|you)\b (?:shall|must|should|will|has to|is to|may)\b/i,
    ],
  },
  {
    ...HIDES,
    every: [
      /\bkeep (?:that|this|it) (?:to yourself|secret|quiet|hidden|between us)\b|\b(?:warn|tell|inform|notify|alert) (?:nobody|no one|none)\b|\b(?:say|mention|write|reveal) (?:nothing(?! about (?!it\b|this\b|that\b|them\b))|in no|none|no word)\b|\bstay silent\b|\bdeny (?:that|it|knowing|any)|\bnever say (?:why|that|so)\b|\bniega que\b|\bnie (?:que|avoir)\b|\bleugne\b|\bnega che\b/i,
    ],
    forbidden: true,
  },
  {
    ...HIDES,
    message: 'has the model deceive the user',
    every: [
      /\b(?:say|tell|claim|assure|report|pretend|confirm)\b/i,
      /\b(?:all is (?:green|well|fine)|(?:have|has) (?:passed|succeeded|worked)|everything (?:is|was|went) (?:fine|ok|well|green)|no (?:problems|errors|warnings) (?:were|was|found))/i,
      /\b(?:skip|skipped|delete|failing|fails?|even if|instead|anyway|regardless)/i,
    ],
  },
  {
    ...HIDES,
    every: [
      /\b(?:may|must|should|can) not (?:be shown|be told|answer questions|explain|show|see)\b|\b(?:do not|don't|never) (?:bring|talk|speak)\b[^\n]{0,16}\b(?:up|about|of)\b|\b(?:not|never|n't) (?:point (?:it|that|this|them) out|speak about)\b|\bleave (?:it|them|this|these) out of (?:the|your)\b/i,
    ],
    unless: /\b(?:secrets?|passwords?|sensitive|internal|raw)\b/i,
    forbidden: true,
  },
  {
    ...HIDES,
    message: 'has the model deceive the user',
    every: [
      /\b(?:should|if|when(?:ever)?|in case) (?:any(?:body|one)|some(?:body|one)|the (?:user|owner|person|customer|human|developer|admin)|they|people|users) (?:\w{1,10} )?(?:wonders?|asks?|notices?|complains?|questions?|finds?|enquires?)\b/i,
      /\b(?:blame|deny|pretend|claim|attribute|(?:say|tell \w{1,12}|answer|reply|state|explain) (?:that )?(?:it|this|they|these|he|she|you) (?:was|were|is|had|has|are|came|did)|already gone|change the subject|(?:due to|because of) (?:an?|the) (?:update|bug|error))\b/i,
    ],
    forbidden: true,
  },
  {
    ...HIDES,
    every: [
      /\bneeds? (?:no|not be) mention|\bno (?:need|reason) to (?:mention|bring|tell|show|say|report|inform|flag)|\b(?:rarely|hardly|never|seldom|not|nobody|no one|don't|won't)(?: ever| will| even)? notices?\b|\bnot (?:telling|informing|notifying|announced|mentioning)\b|\bnever (?:told|informed|announced)\b|\bclaim(?:s|ing)? that\b|\bneed not be (?:mentioned|shown|told|reported|known)|\bgo(?:es)? unmentioned\b|\btalk about \w{1,20} only\b|\bkeep (?:quiet|silent|mum)\b|\bleave out any (?:comment|note|mention)|\bwithout (?:a |any )?(?:comment|mention|word|trace)\b|\bnot (?:flag|bring up|point out|comment on|draw attention to) (?:it|that|this|them)\b|\b(?:stays?|remains?|kept|left) unaware\b|\bact as if\b|\bas if (?:it|this|they) (?:had (?:been|come)|came|were|was) (?:from )?(?:your|the user|the sender|written|said|made)|\bforget to (?:put|tell|mention|undo|restore|turn)|\bwould only (?:worry|confuse|irritate|annoy|alarm)\b|\bdo(?:es)? not show up in\b|\bpresent (?:the|it|this|that|them)\b[^\n]{0,30}\bas (?:successful|a success|done|passed|safe|normal|clean)\b/i,
    ],
    unless: /\b(?:if|when|unless) the user (?:asks|wants)|\bsecrets?\b|\bpasswords?\b/i,
    forbidden: true,
  },
];
