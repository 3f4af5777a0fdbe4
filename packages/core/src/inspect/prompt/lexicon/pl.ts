import type { Lexicon } from './concept.ts';

export const POLISH: Lexicon = {
  drop: 'zignoruj* | ignoruj* | zapomnij* | pomiń* | pomijaj* | lekceważ* | odrzuć* | obejdź | omiń | anuluj | nie stosuj | nie przestrzegaj | przestań przestrzegać | porzuć | usuń | nadpisz | wyłącz | nie obowiązują',
  orders:
    'instrukcj* | polece* | zasad* | reguł* | wytyczn* | rozkaz* | dyrektyw* | prompt* | ogranicze* | polityk* | zadani* | zadań | limit* | filtr* | wskazówk* | nakaz*',
  earlier:
    'poprzedni* | wcześniejsz* | powyższ* | początkow* | pierwotn* | oryginaln* | dotychczasow* | otrzyman* | wcześniej | istniejąc*',
  all: 'wszystk* | wszelk* | każd* | cał*',
  yours: 'twoj* | twoich | swoj* | swoich | system* | bezpieczeństwa | etyczn*',
  everything:
    'wszystko powyżej | wszystko co | to co powyżej | cały kontekst | powyższy tekst | wszystko wcześniejsze',
  override: 'zapomnij o wszystkim | zapomnij wszystko | zignoruj wszystko | ignoruj wszystko',
  reveal:
    'ujawnij* | pokaż* | wyświetl* | wydrukuj | powtórz | powiedz mi | podaj* | zdradź | wypisz | udostępnij | przetłumacz | napisz',
  ask: 'jaki jest | jakie jest | jakie są | jaka jest | jakie było',
  system_prompt:
    'prompt systemowy | promptu systemowego | prompt systemu | instrukcje systemowe | komunikat systemowy | początkowe instrukcje | oryginalne instrukcje | ukryte instrukcje | tajne instrukcje',
  own_prompt: 'twoje instrukcje | swoje instrukcje | twój prompt | swój prompt | twoje zasady',
  secret:
    'hasło | hasła | tajny klucz | sekret | tajny kod | tajne słowo | klucz api | dane logowania | klucz prywatny',
  become:
    'jesteś teraz | teraz jesteś | od teraz jesteś | jesteś | zachowuj się jak | udawaj | wyobraź sobie że jesteś | wciel się | odgrywaj | symuluj | przyjmij rolę | odpowiadaj jako | graj rolę',
  unbound:
    'bez ogranicze* | bez żadnych ogranicze* | bez limit* | bez filtr* | bez cenzury | bez zasad | bez etyki | bez reguł | nieograniczon* | nieocenzurowan* | żadnych ogranicze* | niefiltrowan*',
  persona:
    'tryb programisty | tryb deweloperski | trybie deweloperskim | tryb dewelopera | tryb boga | tryb dan',
  no_refusal:
    'nigdy nie odmawiaj | nie odmawiaj | bez ostrzeżeń | odpowiadaj na wszystkie | odpowiadaj na każde',
  untold:
    'nie mów użytkownikowi | nie informuj | nie wspominaj | nie powiadamiaj | bez informowania | bez wiedzy | bez pytania | bez potwierdzenia | w tajemnicy | potajemnie | po cichu | dyskretnie',
  assistant:
    'asysten* | sztuczn* inteligencj* | model językowy | modelu językowego | agent ai | asystent ai | asystenci ai | agenci ai',
  user: 'użytkownik* | nikomu | człowiek*',
  authority:
    'uwaga dla ai | uwaga dla asystenta | jestem twoim twórcą | jestem administratorem | ważna wiadomość od | ważna instrukcja | jeśli jesteś ai | wiadomość dla ai | wiadomość dla asystenta | do asystenta ai | do asystentów ai | dla asystenta ai | do sztucznej inteligencji | jeśli model językowy | jeżeli jesteś asystentem | jeśli jesteś asystentem | jeśli jesteś modelem | instrukcje dla ai | uwaga dla asystenta ai | dla automatycznych asystentów | automatyczni asystenci | dla modeli językowych',
  voice: 'komunikat systemowy | wiadomość systemowa | jako administrator',
  beforehand:
    'zanim odpowiesz | zanim zaczniesz | zanim zrobisz | przed użyciem | najpierw musisz | musisz najpierw | najpierw zrób',
  new_task:
    'nowe instrukcje | nowa instrukcja | nowe zadanie | nowe zasady | nowa rola | nowe polecenie | nowe polecenia | następujące instrukcje | następujące polecenie | słuchaj mnie',
  from_now: 'od teraz | od tej pory | od tego momentu | odtąd',
  urgent: 'do zrobienia | ważne | uwaga | pilne',
  instead: 'zamiast tego | zamiast | zrób co następuje | i powiedz | i napisz | i odpowiedz | i wyślij',
  must: 'musisz | należy | natychmiast | zawsze | koniecznie | proszę | musi | muszą | powinien | powinni',
  act: 'wyślij | prześlij | przelej | usuń | kup | zarezerwuj | otwórz | odwiedź | wykonaj | uruchom | wywołaj | pobierz | opublikuj | udostępnij | zmień | utwórz | zapłać',
  send: 'wyślij* | wysyłaj* | prześlij* | przekaż* | udostępnij* | opublikuj',
  stake:
    'wiadomości | e maile | maile | pliki | zawartość | dane | dane użytkownika | dane klientów | rozmowę | rozmowy | konto | pieniądze | kontakty | historię',
  sensitive:
    'zmienne środowiskowe | dane logowania | hasła | klucz prywatny | klucze prywatne | klucze api | historię rozmowy',
  destination: 'mój adres | mój serwer | moje konto | mój e mail',
  not: 'nie | nigdy | bez',
  discussion: 'przykład* | na przykład | fraza | dokumentacj* | oznacza | atak*',
  user_says:
    'użytkownik chce teraz | użytkownik zmienił zdanie | użytkownik mówi teraz | użytkownik chce żebyś | w imieniu użytkownika | chce abyś',
  task_end:
    'twoje zadanie jest zakończone | zadanie zakończone | koniec wyników | koniec dokumentu | następny krok planu | poprzednie zadanie | zadanie zostało anulowane',
  waived:
    'bez pytania | bez potwierdzenia | bez zgody | nie wymaga zgody | zgoda nie jest potrzebna | już się zgodził | już zatwierdził | już zatwierdzone',
  memory:
    'pamięci długotrwałej | w swojej pamięci | na przyszłe sesje | w przyszłych rozmowach | we wszystkich sesjach | zapamiętaj na zawsze | od dziś za każdym razem',
};
