import type { Lexicon } from './concept.ts';

export const ITALIAN: Lexicon = {
  drop: 'ignora | ignorare | ignori | ignorate | ignorando | dimentica | dimenticare | dimentichi | dimenticate | trascura | tralascia | scarta | disattendi | non considerare | non tenere conto | non tener conto | non seguire | aggira | bypassa | annulla | elimina | cancella | scavalca | sostituisci | disobbedisci | smetti di seguire | disattiva | non valgono più',
  orders:
    'istruzione | istruzioni | regola | regole | direttiva | direttive | linea guida | linee guida | ordine | ordini | comando | comandi | prompt | indicazioni | restrizione | restrizioni | politica | politiche | programmazione | compito | compiti | limiti | limitazioni | filtri | configurazione | disposizioni',
  earlier:
    'precedente | precedenti | sopra | prima | iniziale | iniziali | originale | originali | ricevute | ricevuto | finora | fino ad ora | antecedent* | esistenti',
  all: 'tutto | tutti | tutte | tutta | qualsiasi | ogni | ciascun*',
  yours: 'tuo | tuoi | tua | tue | suoi | sue | sistema | di sistema | sicurezza | etiche | etica',
  everything:
    'tutto ciò che | tutto quello che | quanto sopra | tutto il precedente | il testo sopra | il testo precedente | tutto il contesto | quanto detto',
  override: 'dimentica tutto | ignora tutto | dimentica le tue | ignora le tue | ignora quanto',
  reveal:
    'rivela* | mostra* | mostrami | stampa | ripeti | dimmi | mi dica | dammi | divulga | condividi | scrivi | elenca | traduci | fornisci | invia*',
  ask: 'qual è | quali sono | cos è',
  system_prompt:
    'prompt di sistema | prompt del sistema | messaggio di sistema | istruzioni di sistema | istruzioni del sistema | istruzioni iniziali | istruzioni originali | prompt iniziale | istruzioni nascoste | istruzioni segrete | istruzioni interne',
  own_prompt: 'le tue istruzioni | tue istruzioni | il tuo prompt | le tue regole',
  secret:
    'password | la password | parola d ordine | chiave segreta | il segreto | codice segreto | parola segreta | chiave api | credenziali | chiave privata | frase segreta | la chiave',
  become:
    'ora sei | adesso sei | d ora in poi sei | sei un | sei una | agisci come | comportati come | fingi | fai finta | immagina di essere | simula | interpreta il ruolo | gioca il ruolo | gioco di ruolo | assumi il ruolo | rispondi come | diventa | sarai',
  unbound:
    'senza restrizioni | senza alcuna restrizione | senza limiti | senza limitazioni | senza filtri | senza filtro | senza censura | senza regole | senza etica | senza morale | non censurat* | nessuna restrizione | nessun limite | illimitat* | libero da | fare qualsiasi cosa',
  persona: 'modalità sviluppatore | modalità jailbreak | modalità dio | modalità dan',
  no_refusal:
    'non rifiutare | mai rifiutare | senza avvertenze | senza avvertimenti | rispondi a tutto | rispondi a tutte',
  untold:
    'non dire all | non dirlo | non menzionare | non informare | non avvisare | non notificare | senza dire | senza dirlo | senza informare | senza avvisare | senza che l utente | senza chiedere | senza conferma | in segreto | segretamente | di nascosto | silenziosamente',
  assistant:
    'assistente | ia | intelligenza artificiale | modello linguistico | agente ia | assistente ai | assistenti ai | agente ai | agenti ai',
  user: 'utente | utenti | nessuno | umano',
  authority:
    'nota per l assistente | nota per l ia | sono il tuo sviluppatore | sono l amministratore | messaggio importante da | istruzione importante | istruzioni importanti | se sei un ia | messaggio per l assistente | messaggio per l ia | all assistente ai | all assistente ia | agli assistenti ai | all ia che | all intelligenza artificiale | se un modello linguistico | se un ia | se sei un assistente | se sei un modello | istruzioni per l ia | istruzioni per l assistente | l agente che legge | gli agenti automatici | gli assistenti automatici | per i modelli linguistici',
  voice: 'messaggio di sistema | messaggio del sistema | come amministratore',
  beforehand:
    'prima di rispondere | prima di continuare | prima di tutto | prima di fare | prima di usare | prima devi | devi prima | fai prima',
  new_task:
    'nuova istruzione | nuove istruzioni | nuovo compito | nuovi compiti | nuove regole | nuovo ruolo | nuovo ordine | nuovi ordini | seguenti istruzioni | seguente istruzione | ascoltami | segui le mie | obbedisci',
  from_now: 'da ora in poi | d ora in poi | da adesso in poi | da questo momento | d ora in avanti',
  urgent: 'da fare | importante | attenzione | urgente | azione richiesta',
  instead:
    'invece | al posto | fai quanto segue | fai quello che segue | e di | e dimmi | e rispondi | e scrivi | e invia',
  must: 'devi | deve | bisogna | immediatamente | sempre | obbligatorio | per favore | devono',
  act: 'invia | inviare | inoltra | trasferisci | elimina | cancella | acquista | compra | prenota | apri | visita | esegui | chiama | usa lo strumento | scarica | pubblica | condividi | modifica | crea | paga | invii | inoltri | paghi | cancellare | approvare | pagare | trasferire',
  send: 'invia* | inviare | inoltra* | trasmetti | pubblica | carica | esfiltra | condividi | manda* | invii | inoltri',
  stake:
    'messaggi | e mail | email | file | contenuto | dati | dati dell utente | conversazione | conto | denaro | contatti | clienti | credenziali | cronologia',
  sensitive:
    'variabili d ambiente | credenziali | chiave privata | chiavi private | chiavi api | token | cronologia della conversazione',
  destination: 'la mia email | il mio server | il mio conto | il mio indirizzo',
  not: 'non | mai | senza',
  discussion:
    'esempio | esempi | ad esempio | frase | documentazione | spiega* | significa | attacco | attacchi',
  user_says:
    'l utente ora vuole | l utente ha cambiato idea | l utente dice ora | l utente vuole che | a nome dell utente | vuole che tu',
  task_end:
    'il tuo compito è completato | compito completato | fine dei risultati | fine del documento | prossimo passo del piano | il compito precedente è annullato',
  waived:
    'senza chiedere | senza conferma | senza confermare | nessuna approvazione | nessuna conferma | ha già accettato | ha già approvato | già approvato | senza approvazione',
  memory:
    'memoria a lungo termine | nella tua memoria | per le sessioni future | per le conversazioni future | in tutte le sessioni | ricorda per sempre | da oggi ogni volta',
};
