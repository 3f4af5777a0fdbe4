import { foldPhrase } from '../../text/fold.ts';
import { stemOf } from './stem.ts';

/** Words that mean kindred things where tools are described. A word may be in several. */
const WORDS = {
  model:
    'model assistant agent ai llm caller chatbot bot copilot orchestrator planner subagent modell assistent agente modelo asistente assistente modele агент модель ассистент 助手 模型',
  you: 'you your yourself yours du dein deinem ihr votre vous tu sua seu',
  user: 'user person human people requester operator owner employee developer customer member enduser colleague guest client patient traveller traveler player student reader staff worker approver reviewer supervisor manager responder tenant buyer seller payer resident parent child household family someone somebody anyone anybody nobody everyone whoever nutzer benutzer anwender utilisateur usuario usuarios utente пользователь пользователю пользователя 用户 ユーザ gebruiker uzytkownik',
  secret:
    'secret password passphrase credential token apikey pin otp passcode cookie seed mnemonic bearer keychain oauth jwt login logon auth ssh pem env dotenv keystore keyring private master recovery 2fa mfa totp passwort contrasena senha motdepasse пароль 密码 wachtwoord cvv',
  key: 'key schlussel clave chave cle ключ 密钥',
  file: 'file folder directory path document disk desktop workspace config configuration dotfile repository repo notebook spreadsheet attachment photo photograph picture image album download drive datei dateien archivo fichier ficheiro arquivo файл 文件',
  talk: 'conversation chat dialogue dialog transcript discussion utterance exchange typed wording verlauf gesprach conversacion conversa диалог 对话 会話',
  prompt: 'prompt instruction guideline directive rule preamble briefing brief persona',
  context:
    'context history memory session scratchpad reasoning thought chain note state log journal trace historial historique история 历史 履歴',
  message: 'message email mail inbox thread sms letter courriel correo post draft newsletter voicemail',
  machine:
    'environment variable hostname username process clipboard shell terminal machine host computer laptop device ip kernel browser bookmark port umgebungsvariablen entorno network wifi ssid screen keyboard microphone camera',
  personal:
    'birthday birth birthdate dob phone mobile passport ssn social medical diagnosis income salary religion surname maiden nationality personal biometric bank card iban health contact location whereabout relative ethnicity insurance identity identification demographic orientation political home address age weight gender',
  money:
    'amount payment pay transfer invoice price fee currency fund refund balance commission cost discount tip payout purchase subscription account wallet payee beneficiary charge expense total quantity order budget rate uberweisung pago premium upgrade renewal plan trial',
  recipient:
    'recipient bcc cc destination address beneficiary payee mailbox receiver addressee iban copy blind',
  outside:
    'external third partner vendor outside endpoint webhook remote our us we ours collector relay server domain url host gateway upstream public visible anyone visibility publicly shared cloud',
  sends:
    'send forward upload post transmit submit deliver ship export push mirror relay share email mail sync publish dispatch stream beacon report copy duplicate route surrender sende schicke leite envia envoie enviar envoyer inviare отправь отправить 发送',
  puts: 'include attach append insert embed put place pass supply provide fill paste write hand give add quote enter encode carry accompany contain hold populate set prepend repeat echo bundle tack stuff drop concatenate fold travel precede list dump transcribe mention trage fuge pon anade ajoute joignez inclus inserisci incluye передай добавь 填入 放入',
  reads:
    'read open fetch load retrieve collect gather get look obtain grab cat scan extract walk harvest locate pull capture snapshot enumerate inspect find search browse infer note record lies lese lee leer lis lire leggi прочитай 读取',
  changes:
    'change replace modify alter override substitute swap redirect rewrite edit adjust round increase decrease multiply convert correct normalise normalize reroute shift lower raise rename double halve inflate split cut shave pad upward downward reduce extend',
  uses: 'use call invoke choose prefer pick select rely consult favour favor default reach delegate route tap employ nutze verwende usa utiliser',
  tools:
    'tool function plugin connector integration extension skill tooling service provider werkzeug herramienta outil ferramenta инструмент 工具',
  other:
    'other another else different alternative competing competitor remaining existing elsewhere native builtin rival andere otros autres другие 其他 unrelated separate whatever whichever',
  hides:
    'hide hidden silent quiet secret unaware unmentioned invisible conceal omit background discreet covert suppress withhold unnoticed behind unseen internal keep leave out aside heimlich sigilosamente silencieusement незаметно confusing clutter noise confuse worry distract alarm bury unlisted itemise itemize nowhere',
  tells:
    'tell mention inform notify show display announce describe explain surface say talk reveal disclose discuss report acknowledge bring bother interrupt expose comment refer narrate raise draw attention flag aware wonder ask sage erwahne informiere hinzuweisen digas menciones decir informes dire mentionner parlez informe mencione сообщай говори 告诉 告知 disturb remark list relay',
  not: 'not no never none neither nor without cannot avoid unnecessary needless nothing rather instead refrain isn don doesn needn isnt dont nicht kein keine ohne nunca sin pas sans jamais nao sem non senza не без 不要 hardly seldom',
  skips:
    'skip bypass ignore disregard disable suppress waive suspend off overlook forgo silence relax loosen dismiss exempt mute ignoriere ignora ignorez игнорируй 忽略 turn',
  consent:
    'confirm confirmation approve approval consent permission ask agree authorise authorize review dialog dialogue verify allow accept grant preapproved acknowledge clearance opt question frage pregunta demande confirmacion bestatigung подтверждение 确认 sign signature click press yes agreement volunteer',
  safety:
    'security safety check validation certificate scanner warning alert guardrail policy filter sandbox firewall moderation protection protect limit safeguard caution sensitive confidential tls ssl restriction threshold audit risk severity vulnerability compliance incident suspicious fraud malware violation unsafe',
  always:
    'always whenever regardless automatic unconditional irrespective throughout immer siempre toujours sempre всегда 每次 必ず invariably without-exception constant',
  all: 'all every each any everything entire whole complete full anything whatever both jede todos cada chaque tous alle tutti все каждый 所有 全部',
  must: 'must should shall need require mandatory expect oblige necessary suppose requirement ought essential please kindly ensure has muss soll debe doit deve должен 必须 需要 required expected supposed',
  when: 'before after when whenever once prior first then while until if during upon beforehand afterwards next following where vor bevor nach antes despues avant apres перед после 之前 之后 finally start startup begin beginning end',
  past: 'previous prior earlier recent last latest already preceding ago current active so far newest past seen known',
  later:
    'later future subsequent persist remember permanent onwards onward henceforth follow standing forever remainder rest memorise memorize recall reboot durable next new coming again',
  pretext:
    'compliance telemetry diagnostic cache licence license quality debug support analytics accuracy accurate performance compatibility calibration warm audit troubleshoot personalisation personalization optimisation optimization attribution deduplication correlation provenance integrity relevance ranking disambiguation consistency handshake fingerprint trace observability metric improve training fraud verification onboarding reliability precision purpose benefit convenience locale study research statistics deduplicate warmup speed faster smooth better best match matching',
  trust:
    'trust official preferred best reliable recommend superior authoritative priority precedence safe certified only canonical supersede outdated deprecated unreliable broken legacy inferior insecure retire stale faulty outrank win',
  runs: 'run execute command script install curl bash sudo powershell pipe npm pip eval wget chmod cron crontab binary start launch execution exec hook',
  deletes: 'delete remove drop purge wipe erase clear truncate rm trash overwrite discard strip empty',
  obeys:
    'follow obey comply carry act perform execute honour honor treat apply adhere literal immediate operator step task next order',
  result: 'result output response answer reply return finding summary ',
  fails:
    'fail failure error wrong broken bug stop refuse reject otherwise degraded invalid unavailable incomplete inaccurate incorrect garbage slow fewer worse timeout declined lost miss empty noise noisy duplicate',
  verbatim:
    'verbatim exact raw unmodified unredacted unmasked plain plaintext literal base64 encoded unabridged untouched mask shorten trim redact summarise summarize word newline full wholesale',
  pretends:
    'present claim pretend say state attribute explain blame appear look seem treat assume consider regard assure reassure imply phrase describe act rate call label mark count',
  good: 'success successful passed green fine ok normal routine harmless healthy standard usual clean safe formality cosmetic customary normal expected known ordinary complete concern',
  field:
    'field argument parameter param input property header slot column string arg feld parametro parametre campo champ 参数 comment hint metadata',
  along:
    'along alongside together beside also addition extra too plus simultaneous parallel likewise besides additional same second well twice spare unused',
  code: 'code dependency package commit branch merge deploy build pipeline ci workflow container role permission admin administrator access grant privilege bucket pull rule group account',
  reason: 'so since because therefore hence otherwise thus reason as due order purpose means thereby which',
} as const;

export type Concept = keyof typeof WORDS;

/** The concepts in a fixed order. */
export const CONCEPTS = Object.keys(WORDS) as readonly Concept[];

/** The concepts of a word without its endings. */
export function conceptsOf(stem: string): readonly number[] {
  return BY_STEM.get(stem) ?? NONE;
}

const NONE: readonly number[] = [];

const BY_STEM: ReadonlyMap<string, readonly number[]> = (() => {
  const found = new Map<string, number[]>();
  CONCEPTS.forEach((concept, i) => {
    for (const word of WORDS[concept].split(' ')) {
      for (const part of [word, ...(word.includes('-') ? [] : [stemOf(foldPhrase(word))])]) {
        const known = found.get(part) ?? [];
        if (!known.includes(i)) known.push(i);
        found.set(part, known);
      }
    }
  });
  return found;
})();
