// What a reader of a Latin script takes for another letter, from the confusables of Unicode TS #39.
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  ...pairs(
    '\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u04bb\u051b\u051d\u044c',
    'aeopcyxsijdhqwb',
  ),
  ...pairs('\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0408', 'ABEKMHOPCTXSJ'),
  ...pairs('\u03b1\u03bd\u03bf\u03c1\u03c5\u03f2\u03f3\u03b3', 'avopucjy'),
  ...pairs('\u0391\u0392\u0395\u0396\u0397\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7', 'ABEZHKMNOPTYX'),
  ...pairs('\u0261\u0251\u0131\u2010\u2011\u2012\u2013\u2014\u2212\u02d7', 'gai-------'),
  // `I`, `l`, `1` and `|`, in every script that has such a stroke; `0` and `O`.
  ...pairs('I1|\u0406\u04c0\u0399\u03b9\u01c0\u04cf', 'lllllllll'),
  ...pairs('0', 'O'),
};

function pairs(from: string, to: string): Record<string, string> {
  return Object.fromEntries([...from].map((letter, at) => [letter, to[at] ?? letter]));
}

/**
 * A text that is the same for two names that look the same to a person: without what is invisible, with
 * one letter for all that look like it.
 */
export function likenessOf(name: string): string {
  const visible = name.normalize('NFKC').replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Z}]/gu, '');
  return [...visible]
    .map((letter) => LOOKS_LIKE[letter] ?? letter)
    .join('')
    .replaceAll('rn', 'm');
}
