import type { Lexicon } from './concept.ts';

export const DUTCH: Lexicon = {
  drop: 'negeer | negeren | vergeet | vergeten | veronachtzaam | sla over | omzeil | omzeilen | overschrijf | verwerp | schrap | verwijder | volg niet | volg niet langer | niet meer volgen | let niet op | laat links liggen | hef op | schakel uit | gelden niet meer',
  orders:
    'instructie | instructies | regel | regels | richtlijn | richtlijnen | opdracht | opdrachten | bevel | bevelen | aanwijzing | aanwijzingen | prompt | prompts | beperking | beperkingen | beleid | programmering | taak | taken | limieten | filters | voorschriften | commando s',
  earlier:
    'vorige | voorgaande | eerdere | bovenstaande | hierboven | oorspronkelijke | aanvankelijke | initiële | tot nu toe | eerder | bestaande | gekregen',
  all: 'alle | alles | elke | ieder | iedere',
  yours: 'je | jouw | uw | systeem | veiligheids* | ethische',
  everything:
    'alles hiervoor | alles hierboven | al het bovenstaande | al het voorgaande | het bovenstaande | wat hierboven | alles wat je | alles wat ik | de tekst hierboven',
  override: 'vergeet alles | negeer alles | vergeet je | negeer je',
  reveal:
    'onthul | toon | laat zien | laat me | print | herhaal | vertel me | zeg me | geef me | geef | deel | schrijf | vertaal | som op',
  ask: 'wat is | wat zijn | wat waren',
  system_prompt:
    'systeemprompt | systeem prompt | systeembericht | systeeminstructies | oorspronkelijke instructies | initiële instructies | verborgen instructies | geheime instructies | interne instructies',
  own_prompt: 'je instructies | jouw instructies | uw instructies | je prompt | jouw prompt | je regels',
  secret:
    'wachtwoord | het wachtwoord | geheime sleutel | het geheim | geheime code | geheim woord | inloggegevens | privésleutel | api sleutel | de sleutel',
  become:
    'je bent nu | u bent nu | je bent een | vanaf nu ben je | doe alsof | gedraag je | speel de rol | rollenspel | stel je voor dat je | simuleer | neem de rol | antwoord als | word',
  unbound:
    'zonder beperkingen | zonder enige beperking | zonder limieten | zonder grenzen | zonder filters | zonder filter | zonder censuur | zonder regels | zonder ethi* | zonder moraal | ongecensureerd* | onbeperkt* | ongefilterd* | geen beperkingen | geen grenzen | geen regels | vrij van',
  persona: 'ontwikkelaarsmodus | jailbreakmodus | godmodus | dan modus',
  no_refusal: 'weiger nooit | weiger niet | zonder waarschuwing* | beantwoord alle | beantwoord elke',
  untold:
    'vertel de gebruiker niet* | zeg niets tegen | zeg het niet | vermeld dit niet | vermeld niet | informeer de gebruiker niet | zonder de gebruiker | zonder het te | zonder te vragen | zonder bevestiging | in het geheim | stiekem | heimelijk | stilletjes | ongemerkt',
  assistant: 'assistent | ai assistent | taalmodel | ai model | ai agent | ai assistenten | ai agenten',
  user: 'gebruiker* | niemand | mens',
  authority:
    'opmerking voor de ai | opmerking voor de assistent | ik ben je ontwikkelaar | ik ben de beheerder | ik ben beheerder | belangrijk bericht van | belangrijke instructie | belangrijke instructies | als je een ai bent | bericht voor de ai | bericht aan de ai | bericht voor de assistent | aan de ai | aan de ai assistent | aan ai assistenten | als een taalmodel | als een ai | als je een assistent bent | instructies voor de ai | notitie voor de ai | voor automatische assistenten | automatische agenten | voor taalmodellen',
  voice: 'systeembericht | bericht van het systeem | als beheerder',
  beforehand: 'voordat je | voordat u | je moet eerst | doe eerst | eerst moet je | voer eerst',
  new_task:
    'nieuwe instructie | nieuwe instructies | nieuwe taak | nieuwe taken | nieuwe regels | nieuwe rol | nieuwe opdracht | volgende instructie | volgende instructies | volgende opdracht | luister naar mij | volg mijn',
  from_now: 'vanaf nu | van nu af aan | voortaan | vanaf dit moment',
  urgent: 'te doen | belangrijk | let op | dringend | actie vereist',
  instead:
    'in plaats daarvan | in plaats van | doe het volgende | en zeg | en schrijf | en antwoord | en geef | en stuur',
  must: 'moet | moeten | onmiddellijk | altijd | verplicht | alsjeblieft | alstublieft | dient',
  act: 'stuur | verstuur | verzend | mail | maak over | verwijder | koop | boek | reserveer | open | bezoek | voer uit | roep | download | publiceer | deel | wijzig | maak | betaal | stuurt | verzendt | betaalt',
  send: 'stuur | verstuur | verzend | doorsturen | upload | publiceer | deel | mail | stuurt | verzendt',
  stake:
    'berichten | e mails | bestanden | inhoud | gegevens | klantgegevens | gebruikersgegevens | gesprek | rekening | geld | contacten | klanten | inloggegevens | geschiedenis',
  sensitive:
    'omgevingsvariabelen | inloggegevens | wachtwoorden | privésleutels | api sleutels | gespreksgeschiedenis',
  destination: 'mijn e mail | mijn server | mijn rekening | mijn adres',
  not: 'niet | nooit | zonder',
  discussion: 'voorbeeld* | bijvoorbeeld | zin | documentatie | betekent | aanval*',
  user_says:
    'de gebruiker wil nu | de gebruiker is van gedachten | de gebruiker zegt nu | de gebruiker wil dat je | namens de gebruiker | wil dat jij',
  task_end:
    'je taak is voltooid | taak voltooid | einde van de resultaten | einde van het document | volgende stap van het plan | je vorige taak | taak is geannuleerd',
  waived:
    'zonder te vragen | zonder bevestiging | zonder toestemming | geen goedkeuring nodig | geen bevestiging nodig | heeft al ingestemd | heeft al goedgekeurd | al goedgekeurd',
  memory:
    'langetermijngeheugen | in je geheugen | voor latere sessies | voor toekomstige gesprekken | in alle sessies | onthoud voor altijd | vanaf vandaag elke keer',
};
