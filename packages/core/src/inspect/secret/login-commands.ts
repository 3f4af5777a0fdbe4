/** A password on a command line or in a statement. */
export interface LoginForm {
  /** Without it in the text, in whatever case, there is nothing to look for; in lower case. */
  readonly word: string;
  readonly pattern: RegExp;
  /** How much of the value must look drawn at random, where the form says little. */
  readonly drawn?: number;
  /** It may be letters alone. */
  readonly plain?: true;
}

// Linear: fixed words, bounded gaps that hold no line break, one class with nothing after it.
/** Programs that are told a password, by the option or the place where they are. */
export const LOGIN_COMMANDS: readonly LoginForm[] = [
  {
    word: ' -p',
    pattern: /(?: -u| --?user(?:name)?)[ =]\S{1,80} [^\n|;&]{0,80}?-p ?["']?([^\s"'|;&<>]{6,80})/gi,
    drawn: 2,
  },
  { word: ' -p', pattern: /\s-p ?(?![a-f0-9.]{7,100}(?:\s|$))["']?([^\s"'|;&<>]{6,80})/gi, drawn: 6 },
  {
    word: '/p',
    pattern: /\s\/u(?:ser)?:\S{1,80}\s[^\n|;&]{0,80}?\/p(?:ass(?:word)?)?:["']?([^\s"'|;&<>]{6,80})/gi,
  },
  { word: '/rp', pattern: /\bschtasks\b[^\n|&]{0,160}? \/rp ["']?([^\s"'|;&<>]{6,80})/gi },
  {
    word: 'openssl',
    pattern: /\bopenssl [^\n|;&]{0,80}? -(?:k|K|pass) ["']?([^\s"'|;&<>]{6,80})/gi,
    drawn: 3,
  },
  { word: '/user:', pattern: /\bnet use(?: \S{1,80}){1,2} (?=\S{6,80} \/user:)["']?([^\s"'|;&<>]{6,80})/gi },
  { word: '/add', pattern: /\bnet user \S{1,60} (?=\S{6,80} \/add)["']?([^\s"'|;&<>]{6,80})/gi },
  {
    word: '| ',
    pattern:
      /\becho (?:-n )?(?=\S{6,80} \| ?(?:sudo -S|(?:sudo )?passwd --stdin|[\w ]{2,40}--(?:password-stdin|with-token)))["']?([^\s"'|;&<>]{6,80})/gi,
  },
  {
    word: '| ',
    pattern:
      /\becho (?:-e |-n )?["']?[\w.-]{1,40}:(?=\S{6,80} \| ?(?:sudo )?chpasswd)["']?([^\s"'|;&<>]{6,80})/gi,
  },
  { word: 'htpasswd', pattern: /\bhtpasswd -\w{0,4}b\w{0,4} \S{1,80} \S{1,60} ["']?([^\s"'|;&<>]{6,80})/gi },
  {
    word: 'sqlplus',
    pattern: /\bsqlplus (?:-\w )?[\w$#]{1,40}\/["']?([^\s"'@|;&<>]{6,80})(?=@|["']?(?:\s|$))/gi,
  },
  { word: 'dp ', pattern: /\b(?:impdp|expdp) [\w$#]{1,40}\/["']?([^\s"'@|;&<>]{6,80})(?=@|["']?(?:\s|$))/gi },
  { word: 'wpa_passphrase', pattern: /\bwpa_passphrase \S{1,40} ["']?([^\s"'|;&<>]{6,80})/gi },
  { word: '-a ', pattern: /\bhttps? [^\n|;&]{0,80}?-a [\w.@-]{1,60}:["']?([^\s"'|;&<>]{6,80})/gi },
  {
    word: 'login',
    pattern: /\b[a-z][\w-]{1,24} (?:auth )?login (?:-\S{1,40} )?["']?([^\s"'|;&<>]{6,80})/gi,
    drawn: 4,
  },
  { word: 'authtoken', pattern: /\bauthtoken ["']?([^\s"'|;&<>]{6,80})/gi, drawn: 4 },
  {
    word: ' 7 ',
    pattern: /\b(?:password|secret|key|community) 7 (?=[0-9A-F]{8,60}(?:\s|$))["']?([^\s"'|;&<>]{6,80})/g,
  },
  {
    word: 'rabbitmqctl',
    pattern: /\brabbitmqctl (?:add_user|change_password) \S{1,60} ["']?([^\s"'|;&<>]{6,80})/gi,
  },
  {
    word: 'mosquitto_passwd',
    pattern: /\bmosquitto_passwd -\w{0,3}b \S{1,80} \S{1,60} ["']?([^\s"'|;&<>]{6,80})/gi,
  },
  { word: 'ssh-keygen', pattern: /\bssh-keygen [^\n|;&]{0,80}? -[NP] ["']?([^\s"'|;&<>]{6,80})/g },
  { word: 'sp_addlogin', pattern: /\bsp_addlogin N?'[^'\n]{1,60}',\s?N?(?=')["']?([^\s"'|;&<>]{6,80})/gi },
  { word: 'fied ', pattern: /\bidentified (?:with \S{1,40} )?by (?=')["']?([^\s"'|;&<>]{6,80})/gi },
  {
    word: 'pwd=',
    pattern:
      /;\s?pwd=((?!\W?(?:your|my|the|some|db|new)?[-_ ]?(?:pass|pwd|secret))[^\s;"'<>{}$%*]{6,80})(?=[;"'\n]|$)/gi,
    plain: true,
  },
  {
    word: 'password=',
    pattern:
      /;\s?password=((?!\W?(?:your|my|the|some|db|new)?[-_ ]?(?:pass|pwd|secret))[^\s;"'<>{}$%*]{6,80})(?=[;"'\n]|$)/gi,
    plain: true,
  },
  { word: '7z', pattern: /\b7za? [^\n|;&]{0,80}? -p["']?([^\s"'|;&<>]{6,80})/g },
  { word: 'lftp', pattern: /\blftp [^\n|;&]{0,80}?-u [\w.-]{1,60},["']?([^\s"'|;&<>]{6,80})/gi },
  {
    word: 'fied ',
    pattern: /\bidentified (?:with \S{1,40} )?(?:by|as)(?: password)? ["']?([^\s"'|;&<>]{6,80})/gi,
    drawn: 2,
  },
  { word: '-secures', pattern: /\bConvertTo-SecureString (?:-String )?(?=["'])["']?([^\s"'|;&<>]{6,80})/gi },
  {
    word: 'impacket-',
    pattern:
      /\bimpacket-\w{2,16} [^\n|;&]{0,80}?[\w.-]{1,60}\/[\w.-]{1,60}:["']?([^\s"'@|;&<>]{6,80})(?=@|["']?(?:\s|$))/gi,
  },
  {
    word: '.py ',
    pattern:
      /\b(?:psexec|wmiexec|smbexec|secretsdump|atexec)\.py [^\n|;&]{0,80}?[\w.-]{1,60}\/[\w.-]{1,60}:["']?([^\s"'@|;&<>]{6,80})(?=@|["']?(?:\s|$))/gi,
  },
  {
    word: 'pass',
    pattern:
      /(?<![A-Za-z])(?:pass(?:word|phrase|wd|)|PASS(?:WORD|PHRASE|WD|))["'`]?\s{0,2}(?:[:=]|is|to|(?=["'`]))\s{0,2}["'`]?((?:(?!(?:pass|user|your|the|field|label|reset|enter|secret|auth|login|error|invalid|required|input|form|text|must|with|name|key|link|not|for|and|have|has|been)(?![a-z]))[a-z]{3,9}-){3,7}[a-z]{3,9}|(?<=["'`])(?:[a-z]{3,9} ){3,7}[a-z]{3,9}(?=["'`]))(?![\w./-])/g,
    plain: true,
  },
  {
    word: 'secret',
    pattern: /\b[Ss]ecret(?: key)?["'`]?(?: is)?[:= ]{1,3}((?:[A-Z2-7]{4} ){3,7}[A-Z2-7]{4})(?!\w)/g,
    plain: true,
  },
  {
    word: 'p pass',
    pattern: /p pass(?:word)?["']?(?: is)?[:= ]{1,4}["']?((?:[a-z0-9]{4}[ -]){3,5}[a-z0-9]{4})(?![\w-])/gi,
    plain: true,
  },
  {
    word: 'specific pass',
    pattern:
      /specific pass(?:word)?["']?(?: is)?[:= ]{1,4}["']?((?:[a-z0-9]{4}[ -]){3,5}[a-z0-9]{4})(?![\w-])/gi,
    plain: true,
  },
];
