/**
 * What a word or a sign is to the grammar, as one letter:
 * `1` a constant, `s` a string, `e` a string that is left open at the end, `v` a variable, `w` a name, `f` a name before a parenthesis, `L` a logical operator,
 * `C` a comparison, `A` any other operator, `U` UNION and its like, `S` SELECT, `K` the begin of another statement, `G` the
 * begin of a later clause, `F` FROM, `E` CASE and its parts, `c` a comment to the end. Punctuation stands for itself.
 */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    L: 'and or xor',
    C: 'like rlike regexp ilike in between is glob similar sounds match',
    A: 'div mod collate escape',
    U: 'union except intersect',
    S: 'select',
    F: 'from',
    E: 'case when then else',
    '1': 'null true false unknown',
    // They change nothing about what stands where.
    '': 'not all distinct distinctrow binary',
  }).flatMap(([letter, words]) => words.split(' ').map((word): [string, string] => [word, letter])),
);

export const letterOf = (word: string): string | undefined => WORDS.get(word.toLowerCase());

const OBJECT = 'table|database|schema|view|user|role|login|index|procedure|proc|function|trigger|column';

/** Beginnings of statements that are hardly ever prose. Sticky, linear. */
export const STATEMENT = new RegExp(
  [
    `(?:drop|alter|create(?:\\s+or\\s+replace)?)\\s+(?:temp\\w*\\s+)?(?:${OBJECT})\\s+[\\w.\`"[\\]-]{1,128}(?=\\s*(?:$|[;,(#/]|--|add\\b|drop\\b|as\\b|identified\\b|for\\b|is\\b|cascade\\b|if\\b|set\\b|with\\b|values\\b))`,
    'truncate\\s+table\\s+\\w',
    'insert\\s+(?:ignore\\s+)?into\\s+[\\w.`"[\\]]{1,128}\\s*(?:\\(|values\\b|select\\b|set\\b)',
    'delete\\s+from\\s+[\\w.`"[\\]]{1,128}(?=\\s*(?:$|[;#]|--|where\\b))',
    'update\\s+[\\w.`"[\\]]{1,128}\\s+set\\s+[\\w.`"[\\]]{1,128}\\s*=',
    "(?:exec|execute)\\s*\\(?\\s*(?:master\\b|[xs]p_\\w|\\w+\\.\\.|immediate\\b|@|')",
    'declare\\s+@\\w',
    'waitfor\\s+(?:delay|time)\\b',
    'shutdown\\s*(?=$|;|--|with\\b)',
    'set\\s+@{0,2}\\w+\\s*=',
    '(?:grant|revoke)\\s+\\w+[\\w, ]{0,60}\\s(?:on|to|from)\\s+\\w',
    'load\\s+data\\s+(?:local\\s+)?infile',
    'bulk\\s+insert\\s+\\w',
    'backup\\s+(?:database|log)\\s+\\w',
    "copy\\s+[\\w.(]{1,128}[^;]{0,80}\\s(?:from|to)\\s+(?:program\\b|')",
    "attach\\s+(?:database\\s+)?'",
    'begin\\s+(?:declare|dbms|execute|waitfor)\\b',
    'if\\s*\\(?\\s*(?:exists|select|\\d+\\s*=|substring|ascii|user|@)',
    'call\\s+\\w+\\s*\\(',
    'kill\\s+\\d+\\s*(?=$|;|--)',
    'rename\\s+table\\s+\\w',
    'handler\\s+\\w+\\s+open\\b',
  ].join('|'),
  'iy',
);

/** Beginnings of clauses that end a condition. Sticky, linear. */
export const CLAUSE = new RegExp(
  [
    'order\\s+by\\s+(?:\\d|\\w+\\s*(?:$|[,(#;]|--|asc\\b|desc\\b)|\\(|rand\\b|if\\b|case\\b)',
    'group\\s+by\\s+[\\w.`"]+\\s*(?:$|[,(#;]|--|having\\b|with\\b)',
    'having\\s+[^\\s]{1,40}\\s*[=<>]',
    'procedure\\s+analyse',
    'into\\s+(?:outfile|dumpfile|@)',
    'limit\\s+\\d+\\s*(?:$|[,#;]|--|offset\\b|union\\b|into\\b|procedure\\b)',
    'where\\s+[\\w.`"\']+\\s*(?:[=<>]|like\\b|in\\b|is\\b|not\\b)',
    'for\\s+(?:update|xml|json)\\b',
  ].join('|'),
  'iy',
);

/** Names that nobody but an attacker and a book about databases writes, each with what makes it a use. */
export const MARKERS =
  /(?<![.\w])(?:(?:sleep|benchmark|pg_sleep|load_file|load_extension|extractvalue|updatexml|group_concat|concat_ws|xp_cmdshell|fn_xe_file_target_read_file|randomblob|dbms_pipe|sys_eval|sys_exec|pg_read_file|lo_import)\s*\(|information_schema\s*\.|@@(?:version|datadir|hostname|basedir|servername|global)|(?:utl_inaddr|utl_http|utl_file|dbms_\w{1,30}|ctxsys|xmltype)\s*\.\s*\w|waitfor\s+delay\s*['"\d]|into\s+(?:out|dump)file\b|master\s*\.\s*\.|mysql\s*\.\s*user\b|xp_(?:cmdshell|dirtree|regread|fileexist)\b|sp_(?:password|oacreate|addlogin|executesql|configure|makewebtask)\b|from\s+(?:dual|sysobjects|syscolumns|sqlite_(?:master|schema)|pg_(?:shadow|user|catalog|tables)|all_tables|v\$version)\b|cha?r\s*\(\s*\d{1,3}\s*\)\s*(?:\+|\|\||,|%2b|\s)\s*cha?r\s*\()/i;
