/** Turns of phrase that mean more than their words, by name. Held against a folded sentence of bounded length. */
export const CUES: Readonly<Record<string, RegExp>> = {
  // What is kept from somebody.
  unsaid:
    /\b(?:not|never|no|nor|nothing|without|needn't|hardly) (?:\w{1,20} ){0,4}(?:tell|telling|told|mention|mentioned|mentioning|inform|informed|informing|notify|notified|bother|bothered|speak|say|said|saying|announce|announced|discuss|discussed|raise|raising|explain|explained|point(?:ing)? (?:out|to)|comment|hear|learn|learns|know|knows|aware|footnote|remark|refer|brought up|bring)\b/,
  unasked:
    /\b(?:not|never|no|nor|without|neither) (?:\w{1,20} ){0,4}(?:ask|asking|asked|confirm|confirmation|confirming|approval|consent|consult|consulting|permission|go-ahead|wait|waiting|prompt|review|looking|reading|showing|question|warning|warn|notice|delay|ado)\b/,
  needless:
    /\b(?:no|not|never|hardly|needn't|unnecessary|needless|superfluous)\b (?:\w{1,20} ){0,3}(?:need|needed|reason|point|necessary|required|requirement|use|matter|cause)\b/,
  omitted:
    /\b(?:leave|left|leaving|keep|kept|keeping|stay|stays|cut|drop|dropped|remove|removed|omit|omitted|hide|hidden|suppress|suppressed|strip|excluded?) (?:\w{1,20} ){0,5}(?:out|off|from|unsaid|aside|away|quiet|silent|private|of it|of the (?:answer|summary|reply|report|list|table))\b/,
  unseen:
    /\b(?:does|do|is|are|will|would|need|can) (?:not|never) (?:\w{1,20} ){0,2}(?:appear|appears|show up|shown|listed|visible|itemised|itemized|displayed|counted|seen|see|notice|noticed)\b|\binvisible\b|\bunnoticed\b|\bhidden\b/,
  worry:
    /\b(?:confus|worr|alarm|distract|annoy|clutter|nervous|interrupt|disturb|complain|frighten|slow(?:s)? (?:\w{1,20} )?(?:down|agents)|upset)\w{0,5}\b/,
  quietly:
    /\b(?:silent|quiet|discreet|secret|covert|tacit|unobtrusive|in passing|behind the scenes|in the background|on the side|by the way)(?:ly)?\b/,
  if_asked:
    /\b(?:if|should|when|whenever) (?:\w{1,20} ){0,3}(?:asks?|asked|wonders?|wonder|inquires?|notices?|objects?|complains?|enquires?)\b/,
  blame:
    /\b(?:blame|pretend|act as if|as though|as if|under the impression|so that it looks|made up|sounds right|claim|say (?:it|that|they)|the answer is)\b/,
  nobody: /\b(?:nobody|no one|noone|no-one|none of them|anybody)\b/,
  // What is asked for.
  newest:
    /\b(?:last|latest|newest|recent|most recent|previous|earlier|past|first) (?:\w{1,20} ){0,2}(?:messages?|mails?|e-mails?|files?|results?|outputs?|answers?|turns?|conversations?|chats?|commands?|documents?|photos?|searches|calls?|entries|transactions|notes?|tool)\b/,
  known:
    /\b(?:what|whatever|everything|anything|all) (?:that )?(?:\w{1,20} ){0,2}(?:you|the user|the person|they|was|has been|had been|he|she|we|assistant|model) (?:\w{1,20} ){0,2}(?:know|knows|said|say|returned|wrote|written|discussed|learned|learnt|recall|remember|remembers|asked|typed|mentioned|have|see|seen|saw|did|told)\b/,
  tool_outputs:
    /\b(?:other|another|any|all|every|previous|earlier|different|tool) (?:\w{1,20} )?(?:tools?|servers?|functions?|plugins?|results?|outputs?|providers?|services?)\b/,
  whole_text:
    /\b(?:whole|entire|full|complete|unabridged|all|everything|verbatim|word for word|in full|unredacted|unshortened|as is|raw|untouched)\b[^.]{0,30}\b(?:conversation|chat|dialog|dialogue|history|transcript|text|context|message|messages|prompt|file|files|content|contents|output|thread|inbox|folder|list|book|window|record|profile|log|session)\b/,
  own_rules:
    /\b(?:your|model's|assistant's|agent's|operator's|system|developer|initial|hidden|given|own) (?:\w{1,20} )?(?:instructions?|prompt|rules|guidelines|message|briefing|orders|reasoning|thoughts?|memory|context)\b/,
  hand_in:
    /\b(?:include|attach|pass|provide|supply|paste|put|place|fill|send|append|submit|hand|give|deliver|quote|copy|insert|add|enter|write|echo|upload|set|store|forward|accompany|state|list)(?:s|ed|d|ing)?\b[^.]{0,80}\b(?:in|into|as|to|with|along|under|for|through|via|here|at|behind)\b/,
  home: /\b(?:from|of|in|under|on|inside) (?:the |their |his |her |your |its |this |any |user's ){0,2}(?:home|clipboard|keychain|browser|disk|desktop|machine|computer|address book|mailbox|inbox|calendar|phone|wallet|environment|shell|laptop|device|gallery|notes|contacts|location history|password manager|downloads|documents)\b/,
  identity:
    /\b(?:passport|maiden name|date of birth|birth date|home address|national (?:insurance|id)|social security|insurance number|tax (?:id|number)|id (?:card|number|copy)|driving licen[cs]e|card number|pin|cvv|income|salary|salaries|religion|ethnic\w{0,12}|sexual|diagnos\w{0,12}|medical|health (?:data|records?)|pregnan\w{0,12}|phone number|mother's|children|employer|bank)\b/,
  credentials:
    /\b(?:passwords?|passphrases?|api keys?|access tokens?|tokens?|secrets?|credentials?|private keys?|ssh keys?|session cookies?|cookies?|connection strings?|seed (?:phrase|words)|recovery (?:codes?|words|phrase)|one-time codes?|reset links?|login (?:data|details)|environment variables|bearer|printenv|keystroke\w{0,12}|deploy keys?)\b/,
  working_key:
    /\b(?:works?|accurate|accuracy|precise|precision|faster|better|best|quality|improves?|binding|correct|reliable|properly|cheaper)\b[^.]{0,60}\b(?:when|if|with|only|needs?|depends?|because|once|more)\b/,
  or_else:
    /\b(?:otherwise|or else|without (?:it|this|that|them|which)|if (?:missing|absent|empty|omitted)|unless)\b[^.]{0,60}\b(?:fail\w{0,12}|refus\w{0,12}|reject\w{0,12}|empty|error\w{0,12}|wrong|incomplete|inaccurate|slow\w{0,12}|stop\w{0,12}|lost|block\w{0,12}|break\w{0,12})\b/,
  // What is done in somebody's name.
  behalf:
    /\bon (?:\w{1,20} ){0,3}behalf\b|\bin (?:\w{1,20} ){0,2}(?:name|place|stead) of\b|\bfor (?:the user|the person|them|him|her)\b/,
  already:
    /\b(?:already|always|implicitly|once and for all|in advance|beforehand|standing|deemed|considered|treated as|counts? as|taken as|assumed?)\b[^.]{0,40}\b(?:agreed|approved|confirmed|consent\w{0,12}|accepted|given|granted|cleared|trusted|yes|approval|confirmation|authori\w{1,20}|signed)\b/,
  agree_for:
    /\b(?:accept|approve|confirm|agree|press|click|answer|choose|tick|allow|grant|sign|acknowledge|merge|dismiss|resolve)(?:s|ed|d)?\b[^.]{0,60}\b(?:all|every|any|each|always|itself|yourself|automatically|right away|at once|on sight|without|yes|for them|pending|first)\b/,
  at_once:
    /\b(?:right away|at once|immediately|straight away|without further|on sight|by itself|without waiting|directly|unattended|in one go)\b/,
  formality:
    /\b(?:formality|red tape|cosmetic|routine|harmless|noise|known (?:bug|issue|problem)|expected|normal|customary|technicality|false (?:alarms?|positives?)|misconfigured|stuck|obstacle)\b/,
  // What is bent.
  shown_as:
    /\b(?:shown|show|described?|presented?|listed?|rated?|reported?|labelled|marked?|declared?|phrased?|recorded|minuted|registered|booked|treated?|counted|quoted?) (?:\w{1,20} ){0,3}as\b/,
  regardless:
    /\b(?:regardless|irrespective|whatever|no matter|even (?:if|when|where|though)|also (?:if|when)|despite|notwithstanding|whether or not|in any case|in every case|rather than what)\b/,
  bent: /\b(?:round|adjust|correct|replace|change|rewrite|soften|smooth|raise|lower|reduce|increase|multiply|swap|substitute|redirect|shift|inflate|deflate|shorten|extend|overwrite|alter|convert)(?:e?d|s|ing)?\b[^.]{0,50}\b(?:by|to|until|down|up|upwards?|downwards?|with|into|before|so that|in favou?r)\b/,
  advert:
    /\b(?:recommend\w{0,12}|advis\w{1,20}|promot\w{1,20}|favou?r\w{0,12}|prais\w{1,20}|mention|sponsor\w{0,12}|discourage|advertis\w{0,12}|endors\w{0,12})\b[^.]{0,60}\b(?:[a-z]+|in every|whenever|shop|fund|brand|product|always|all)\b/,
  other_worse:
    /\b(?:other|others|alternatives?|rivals?|competitors?|competing|different|native|built-in)\b[^.]{0,60}\b(?:deprecated|outdated|wrong|unsafe|unreliable|retired|broken|slow|avoid\w{0,12}|not be|never|aside|worse|last|ignored?|compromised|leak\w{0,12}|taken over|inferior|stale)\b/,
  prefers:
    /\b(?:prefer\w{0,12}|choose|pick|rely on|use|call|consult|turn to|go through|route)\b[^.]{0,40}\b(?:this|it|here|us|ours)\b[^.]{0,40}\b(?:over|instead|first|before|rather|always|any|every|all|whatever|even)\b/,
  weakened:
    /\b(?:disabl\w{1,20}|switch\w{0,12} off|turn\w{0,12} off|set\w{0,12} to (?:false|public|off|none)|off\b|public(?:-read|ly)?|skip\w{0,12}|bypass\w{0,12}|open to|unverified|unsigned|unencrypted|world-?readable|no-?verify|--?force|--?privileged|0\.0\.0\.0|777|wildcard|cluster-admin|admin rights|all interfaces)\b/,
  waived:
    /\b(?:warnings?|checks?|validation|verification|alerts?|confirmation|approval|certificates?|signatures?|scanner|firewall|rules?|limits?|policy|protection|review|tests?|findings?)\b[^.]{0,40}\b(?:ignored?|skipp?ed|disabled|dropped|waived|suppressed|silenced|accepted|dismissed|not needed|unnecessary|off|can be|may be|no reason|slow|interrupts?)\b/,
  later:
    /\b(?:remember|memori[sz]e|store|keep|save|note|write|persist|add)\b[^.]{0,60}\b(?:later|future|all (?:coming|later|future)|next|from now on|henceforth|permanent\w{0,12}|long-term|memory|coming|subsequent|every session|AGENTS|startup|autostart|login)\b/i,
  obey: /\b(?:follow|obey|execute|carry out|do as|act on|perform|treat|comply with|run|honou?r|apply)\b[^.]{0,60}\b(?:response|answer|output|returned|result|page|file|field|steps?|instructions?|commands?|it says|operator|notes?|says)\b/,
  sends_away:
    /\b(?:sent|send|sends|upload\w{0,12}|forward\w{0,12}|post\w{0,12}|cop(?:y|ies|ied)|mirror\w{0,12}|handed|publish\w{0,12}|deliver\w{0,12}|reported|mailed|shared?|transmit\w{0,12}|push\w{0,12}|pipes?|ship\w{0,12})\b[^.]{0,80}\b(?:to|at|into|with)\b[^.]{0,40}(?:@|:\/\/|\b(?:our|us|partners?|vendor|staff|third|external|public\w{0,12}|forum|endpoint|address|service|provider|archive|collector|desk|team|server|link)\b)/,
  our: /\b(?:our|us|we|ours|my)\b/,
  also_call:
    /\b(?:also|then|first|before|after|additionally|second|once|along|besides|beforehand|afterwards)\b[^.]{0,60}\b(?:call|invoke|use|run|open|read|write|send|add|create|register|buy|grant|invite|delete|install|set|fetch|push|pay|book)\b/,
  outside_tool:
    /\b(?:with|through|via|using|by|in) (?:the |your |its |any |a )?(?:\w{1,20} ){0,2}(?:tool|shell|client|browser|terminal|input tool|server)\b/,
  // What honest definitions say.
  states_limit:
    /\b(?:at most|up to|maximum|minimum|at least|limited to|no more than|between|above|below|fewer than|older than|within)\b[^.]{0,20}\d/,
  answers_error:
    /\b(?:fails?|answers?|returns?|rejected|refused|refuses|error|raises|throws|blocked|skipped|aborts?|errors?)\b (?:with|if|when|by|for|as|unless|code|on|and)\b/,
  asks_user:
    /\b(?:ask|tell|show|warn|inform|confirm with|check with|remind|let|repeat to|report to|explain to|offer|read out to) (?:\w{1,20} ){0,3}(?:the |them|user|person|customer|owner|caller|members?|traveller|patient|guest|chair)\b/,
  user_acts:
    /\b(?:user|person|customer|owner|holder|administrator|admin|human|member|manager|guardian|patient|reviewer|account holder|colleague|supervisor)s? (?:\w{1,20} ){0,2}(?:has to|have to|must|needs to|can|may|confirms?|approves?|decides?|will be asked|is asked|agreed|agrees|gets|sees|asks?|chooses?|wants?|explicitly|signs?|enters?|releases?)\b/,
  never_kept:
    /\b(?:never|not|neither|nothing|no \w{1,20}) (?:\w{1,20} ){0,3}(?:stored|logged|kept|returned|sent|shown|leave|leaves|included|changed|deleted|recorded|shared|printed|pass|saved|transmitted|read|exposed|overwritten|supported|possible|possible to|bypass|part of)\b/,
  do_not: /^\W{0,3}(?:please )?(?:do not|don't|never|must not|should not)\b/,
  only_if: /\b(?:only|just) (?:\w{1,20} ){0,3}(?:if|when|after|for|where|what|the|those|once|with|in)\b/,
  refers: /\b(?:use|call|see|prefer|run|take|get it from|with|from|through|via|by) <tool>/,
  defaults:
    /\b(?:defaults? (?:to|is)|by default|optional|if (?:not )?(?:given|set|omitted)|e\.g|for example|such as|iso \d|format|yyyy|utc)\b/,
  returns:
    /^\W{0,3}(?:returns?|lists?|gets?|creates?|reads?|searches|shows?|updates?|deletes?|sends?|adds?|runs?|converts?|calculates?|finds?|starts?|checks?|results? (?:are|is|contain)|output (?:is|has)|the (?:result|answer|response|output))\b/,
};
