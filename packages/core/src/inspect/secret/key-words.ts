/** Words of other languages for a password, a token or a secret, in lower case. */
const SECRETS: ReadonlySet<string> = new Set(
  (
    'kennwort wachtwoord hasło haslo heslo heslá salasana şifre sifre clave contraseña contrasena adgangskode passord lösenord losenord ' +
    'jelszó jelszo parola parolă parole senha пароль парола ключ токен секрет κωδικός סיסמה पासवर्ड टोकन المرور السر الرمز ' +
    'geheimnis jeton secreto segreto segredo tajemnica'
  ).split(' '),
);

/** Words for a key: `clé API`, `API-Schlüssel`. */
const KEYS: ReadonlySet<string> = new Set(
  'clé cle clave chave llave chiave schlüssel schluessel sleutel nyckel nøgle nøkkel klucz klíč kľúč kulcs cheie anahtar anahtarı ключ κλειδί'.split(
    ' ',
  ),
);

/** In languages that put no blanks between words, with what may follow: `密码是`, `パスワードは`. */
const JOINED =
  /(?:密[钥鑰码碼]|秘[钥鑰]|口令|令牌|金[钥鑰]|キー|トークン|シークレット|パスワード|暗証番号|키|토큰|비밀번호|암호)(?:是|为|為|は|이|가|는|은)?$/;

/** Whether a word of another language says that a secret follows; `owner` stands before it. */
export function isForeignSecret(word: string, owner: string): boolean {
  return (
    SECRETS.has(word) ||
    JOINED.test(word) ||
    (word === 'api' && KEYS.has(owner)) ||
    (KEYS.has(word) && owner === 'api')
  );
}

/** Whether a word of another language says that a key follows, of whatever kind. */
export function isForeignKey(word: string): boolean {
  return KEYS.has(word);
}
