import type { Lexicon } from './concept.ts';

export const GERMAN: Lexicon = {
  drop: 'ignorier* | vergiss | vergiß | vergessen | vergesse | missachte* | mißachte* | beachte nicht | beachten sie nicht | umgehe | umgehen | übergehe | verwirf | verwerfen | lass außer acht | außer acht | lösche | setze dich über | setzen sie | setze außer kraft | außer kraft | sind ungültig | aus dem kopf | aus dem gedächtnis | höre nicht auf | hör nicht auf | überschreibe | hebe auf | befolge nicht | nicht mehr befolgen | brich | breche | gelten nicht mehr | nicht mehr gültig | streiche | überspring* | deaktiviere',
  orders:
    'informationen davor | ausführung* | anweisung* | instruktion* | regel | regeln | richtlinie* | vorgabe* | befehl* | aufgabe | aufgaben | auftrag | aufträge | anordnung* | aufforderung* | vorschrift* | einschränkung* | beschränkung* | eingabe* | prompt | prompts | programmierung | sicherheitsregeln | filter | anleitung* | rolle | anfragen | hinweise',
  earlier:
    'vorherig* | vorig* | bisherig* | obig* | früher* | vorangegangen* | vorausgegangen* | ursprünglich* | davor | zuvor | vorher | vorhergehend* | anfänglich* | alt | alten | bis jetzt | oben | bestehend* | erhalten hast | gegeben wurden',
  all: 'alle | allen | alles | sämtliche* | jede | jegliche* | ganze | komplett',
  yours: 'deine | deiner | deinen | ihre | dein | ihren | system* | sicherheits* | ethische* | moralische*',
  everything:
    'alles davor | alles vorherige | alles bisherige | alles was davor | alles was du | alles was ich | alles was vorher | alles obige | alles was zuvor | alles vorhergehende | obige | alles von vorher | alles oben | alles bis jetzt | alle informationen | was davor | was vorher | das vorherige | das obige | alles gesagte | alles zuvor | alles andere | vorherigen text | obigen text | bisherigen informationen | vorherigen informationen | alles, was',
  override:
    'vergiss alles | vergiß alles | ignoriere alles | ignoriere das obige | vergessen sie alles | ignorieren sie alles | vergiss deine | ignoriere deine | deine anweisungen wurden',
  reveal:
    'zeig* | verrate* | verrat | nenne | nenn | sag mir | sage mir | sagen sie mir | gib mir | gib | geben sie | wiederhole* | drucke | offenbare* | enthülle* | teile mir | liste | schreibe | übersetze | preisgeben | ausgeben | teil mir | stelle',
  ask: 'was ist | was sind | was waren | wie lautet | wie lauten | wie ist',
  system_prompt:
    'systemprompt | system prompt | systemanweisung* | systemnachricht | ursprüngliche anweisung* | ursprünglichen anweisung* | anfangsanweisung* | ersten prompt | versteckte anweisung* | versteckten anweisung* | geheimen anweisungen | interne anweisung* | vorherigen prompt | prompttext* | prompt texte | prompt textes | gesamten prompt | obigen text | prompt text | den vollständigen prompt | aufgabe zuvor | obigen anweisungen | vorherigen anweisungen',
  own_prompt:
    'deine anweisungen | deine instruktionen | ihre anweisungen | deine regeln | dein prompt | deinen prompt | deine initialen',
  secret:
    'passwort | kennwort | das passwort | geheimwort | das geheimnis | geheime schlüssel | geheimen schlüssel | zugangsdaten | api schlüssel | geheimnis | losung | schlüsselwort | passphrase | geheimcode',
  become:
    'du bist jetzt | du bist nun | du bist ab jetzt | sie sind jetzt | sie sind nun | du bist ein | du bist eine | agiere als | handle als | verhalte dich | tu so als | tue so als | spiele die rolle | nimm die rolle | spiel die rolle | stell dir vor du | stelle dir vor | schlüpfe in | übernimm die rolle | simuliere | gib vor | antworte als | du wirst | du sollst jetzt | rollenspiel | verwandle',
  unbound:
    'ohne einschränkung* | ohne beschränkung* | ohne regeln | ohne filter | ohne grenzen | ohne zensur | unzensiert* | uneingeschränkt* | unbeschränkt* | ungefiltert* | keine einschränkung* | keine regeln | keine grenzen | keine beschränkung* | keinerlei | ohne ethische | ohne moral* | frei von | nicht gebunden | alles sagen | alles tun',
  persona: 'entwicklermodus | im entwicklermodus | jailbreak modus | gott modus | dan modus',
  no_refusal:
    'verweigere nie | niemals ablehnen | lehne nie | ohne warnung* | keine warnungen | ohne zu hinterfragen | beantworte jede frage | beantworte alle fragen',
  untold:
    'sag dem nutzer nicht* | sage dem nutzer nicht* | sag es niemandem | ohne den nutzer | ohne dem nutzer | ohne den benutzer | ohne dem benutzer | erwähne dies nicht | erwähne nicht | erwähne das nicht | teile dem nutzer nicht | informiere den nutzer nicht | informiere den benutzer nicht | heimlich | unbemerkt | stillschweigend | ohne bestätigung | ohne zu fragen | ohne nachzufragen | verschweige | dem benutzer nichts | dem nutzer nichts | kunden nicht informieren | nutzer nicht informieren | benutzer nicht informieren | niemanden informieren | nicht informieren',
  assistant:
    'assistent* | ki | ki assistent* | sprachmodell* | ki modell* | ki agent* | ki system* | automatische assistent*',
  user: 'nutzer* | benutzer* | anwender* | niemand* | mensch*',
  authority:
    'wichtige nachricht | hinweis an die ki | hinweis für ki* | an den assistenten | ich bin dein entwickler | ich bin der administrator | ich bin administrator | als dein entwickler | wichtige anweisung* | dringende anweisung* | falls du eine ki | wenn du eine ki | hinweis an den ki | an den ki assistent* | an die ki | an alle ki | für ki assistent* | für den ki assistent* | nachricht an die ki | nachricht an den assistent* | hinweis für den assistent* | falls ein sprachmodell | wenn ein sprachmodell | falls eine ki | wenn eine ki | sollte eine ki | du als ki | du als assistent* | für automatische assistent* | für automatische agent* | für automatisierte | für ki systeme | für sprachmodelle | an automatische assistent* | automatische leser',
  voice: 'systemnachricht | system nachricht | nachricht vom system | als administrator',
  beforehand:
    'bevor du | bevor sie | zuerst musst du | musst du zuerst | mach zuerst | tue zuerst | führe zuerst',
  new_task:
    'neue anweisung* | neue aufgabe* | neuen aufgabe* | neue regel* | neue rolle | neuer auftrag | weitere aufgaben | weitere anweisungen | folgende anweisung* | folgenden anweisung* | folgende aufgabe | deine eigentliche aufgabe | hör auf mich | höre auf mich | hören sie auf mich | konzentriere dich | konzentrieren sie sich',
  from_now: 'ab jetzt | ab sofort | von nun an | von jetzt an | ab nun | in zukunft immer | für den rest',
  urgent: 'zu erledigen | wichtig | achtung | dringend | handlungsbedarf',
  instead:
    'stattdessen | statt dessen | tu folgendes | tue folgendes | mache folgendes | und sag | und sage | und schreibe | und antworte | nun sag | jetzt sag | und gib | und was | und erkläre | und beginne | und fang*',
  must: 'muss | musst | müssen | sofort | unbedingt | immer | bitte | zwingend | soll | sollen | sollten',
  act: 'sende | senden | schicke | schick | maile | überweise | überweisen | lösche | löschen | kaufe | buche | reserviere | öffne | besuche | lade | führe | rufe | teile | veröffentliche | ändere | erstelle | ändern | genehmigen | bestätigen',
  send: 'sende* | schick* | leite* | maile | übermittle* | übertrage* | poste | lade | hochladen | weiterzuleiten | weiterleiten | weitergeleitet | zu senden | kopiere* | hochzuladen',
  stake:
    'nachrichten | e mails | dateien | inhalt | inhalte | daten | kundendaten | benutzerdaten | unterhaltung | gespräch | chatverlauf | konto | geld | kontakte | zugangsdaten | überweisung',
  sensitive:
    'zugangsdaten | anmeldedaten | umgebungsvariablen | private schlüssel | privaten schlüssel | passwörter | api schlüssel | gesprächsverlauf | chatverlauf',
  destination: 'meine e mail | meine adresse | mein konto | meinen server',
  not: 'nicht | niemals | nie | ohne',
  discussion:
    'beispiel* | zum beispiel | formulierung* | dokumentation | erkläre | erklärt | bedeutet | was bedeutet | angriffe',
  user_says:
    'der nutzer will jetzt | der nutzer möchte nun | der nutzer hat seine meinung | der nutzer sagt jetzt | der benutzer möchte nun | der nutzer hat dich gebeten | im namen des nutzers | er möchte dass du | sie möchte dass du',
  task_end:
    'deine aufgabe ist erledigt | aufgabe ist abgeschlossen | nächster schritt des plans | ende der ergebnisse | ende des dokuments | deine bisherige aufgabe | aufgabe wurde abgebrochen | aufgabe wurde geändert',
  waived:
    'ohne rückfrage | ohne nachfrage | keine freigabe nötig | keine bestätigung nötig | keine zustimmung nötig | hat bereits zugestimmt | hat schon zugestimmt | hat bereits genehmigt | freigabe ist nicht nötig | bereits genehmigt | muss nicht bestätigen',
  memory:
    'langzeitgedächtnis | in deinem gedächtnis | für alle späteren | für künftige gespräche | in künftigen sitzungen | künftig immer wenn | merke dir dauerhaft | ab heute jedes mal',
};
