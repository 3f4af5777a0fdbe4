// Linear: every pattern is held against a sentence or two of bounded length; each has fixed words with bounded gaps.

/** What lies on the machine of the user and is none of the business of a tool that does something else. */
export const PRIVATE_SOURCE =
  /\/proc\/(?:self|\d{1,7})\/\w|(?:^|[\s`'"(])~\/[\w.]|\*\.(?:pem|p12|pfx|key|kdbx|env)\b|\bid_(?:rsa|ed25519|ecdsa)\b|\b[\w-]{2,20}_(?:rsa|ed25519|ecdsa)\b|(?:^|[\s`'"(/])\.(?:env|ssh|aws|kube|netrc|npmrc|pgpass|bash_history|zsh_history|git-credentials)\b|\b(?:connection strings?|vault export|password manager|keychain|clipboard|session cookies?|bearer tokens?|private (?:half|part|keys?)|deploy keys?|recovery (?:words|phrase|codes?)|seed phrase|credit card(?: number)?|(?:bash|shell|browsing|command) history|list of (?:running )?processes|(?:all|your|every|these) environment variables|environment variables of the (?:host|process|machine|system)|saved passwords|browser (?:profile|cookies))\b|\/etc\/(?:passwd|shadow)\b|credentials\.json\b|mcp\.json\b/i;

/** A variable of the environment that holds a secret. */
export const SECRET_VARIABLE = /\b[A-Z]{2,20}(?:_[A-Z]{2,20}){0,3}_(?:SECRET|TOKEN|KEY|PASSWORD)\b/;

/** Files of the user that nobody named. */
export const UNNAMED_FILES =
  /\b(?:most recently|last|recently|currently) (?:edited|opened|modified|changed|saved|open) (?:files?|documents?)\b|\b(?:lines|contents?|text|copy) of (?:the |any |every |all |each )?(?:[\w-]{1,20} ){0,3}(?:files?|documents?) (?:in|from|of|under) (?:the|your|this) (?:workspace|project|home|desktop|machine|computer|user)|\beverything (?:under|in|below|inside(?: of)?) (?:the )?(?:~|\/|home|user|desktop|documents|downloads|workspace|project)|\b(?:parent|home) (?:folders?|director(?:y|ies))\b/i;

/** What was said in the conversation, and what the model was told before it. */
export const WHAT_WAS_SAID =
  /\b(?:all|every|each|dump of|transcript of|copy of|record of|log of)\b[^\n]{0,20}\b(?:messages?|turns?|prompts?|utterances?)\b|\b(?:everything|all|whatever|anything) (?:that )?(?:you|we|they|the user|the human|was|has been)\b[^\n]{0,30}\b(?:thought|said|written|wrote|told|typed|discussed|know|given|asked|seen)\b|\b(?:operator|system|developer|hidden|initial|first|original) (?:prompt|instructions|rules|message)\b|\bbetween (?:you|the model|the assistant) and (?:the )?(?:user|human|person|me)\b|\bsince the (?:chat|conversation|session) (?:began|started)\b|\bwhat (?:was|has been) (?:said|discussed|written) (?:before|so far|until now|up to now)\b|\b(?:whole|entire|full|complete) (?:conversation|chat|dialogue|session|context|transcript)\b|\bchain of thought\b/i;

/** Handing over, as an order or as something that is required. */
export const HANDS_IN =
  /\b(?:hand(?:ed)?|give|given|gives|suppl(?:y|ied)|submit(?:s|ted)?|pass(?:ed)?|put|paste[d]?|place|fill(?:ed)?|mention(?:ed)?|include[d]?|attach(?:ed)?|accompan(?:y|ies)|return|provide[d]?|enter(?:ed)?|holds|contains?|carr(?:y|ies)|deliver(?:ed)?|send|sent|forward(?:ed)?|upload(?:ed)?|copy|copied|write|report(?:ed)?|state[d]?|append(?:ed)?|encode[d]?|set)\b/i;

/** Handing over to the call itself. */
export const HANDS_TO_CALL =
  /\b(?:hand(?:ed)?|give[n]?|suppl(?:y|ied)|submit(?:s|ted)?|pass(?:ed)?|put|paste[d]?|include[d]?|attach(?:ed)?|accompan(?:y|ies)|provide[d]?|send|sent|append(?:ed)?|deliver(?:ed)?)\b[^\n]{0,50}\b(?:(?:the|this|each|every|next|same|its) (?:\w{1,12} )?(?:call|request|tool|argument|invocation|parameters?|field|query)|(?:first|second|third|last|extra|additional) (?:argument|parameter|field)|along|our (?:endpoint|server|service|backend|partner))\b/i;
