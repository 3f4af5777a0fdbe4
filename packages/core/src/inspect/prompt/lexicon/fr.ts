import type { Lexicon } from './concept.ts';

export const FRENCH: Lexicon = {
  drop: 'ignore | ignorez | ignorer | ignores | oublie | oubliez | oublier | néglige* | ne tiens pas compte | ne tenez pas compte | ne tiens plus compte | fais abstraction | faites abstraction | contourne* | outrepasse* | annule | annulez | supprime | efface | écarte* | ne suis plus | ne suivez plus | ne suis pas | ne suivez pas | désobéi* | passe outre | passez outre | remplace | ne respecte pas | désactive* | laisse tomber | laissez tomber | ne s appliquent plus',
  orders:
    'instruction | instructions | consigne | consignes | règle | règles | directive | directives | ordre | ordres | commande | commandes | prompt | prompts | invite | contrainte | contraintes | restriction | restrictions | politique | politiques | programmation | tâche | tâches | limites | limitations | filtres | indications | paramètres',
  earlier:
    'précédent* | antérieur* | ci dessus | au dessus | avant | initial* | d origine | originale* | originel* | reçues | jusqu ici | jusqu à présent | auparavant | anciennes | existant*',
  all: 'tout | toutes | tous | toute | chaque | l ensemble | n importe',
  yours: 'tes | vos | ton | votre | système | sécurité | éthique | éthiques | données',
  everything:
    'tout ce qui précède | tout ce que | tout ce qui a été | ce qui précède | tout le reste | tout ce qui est | le texte ci dessus | le texte précédent | tout le contexte | ce qui a été dit',
  override:
    'oublie tout | oubliez tout | ignore tout | ignorez tout | oublie tes | oubliez vos | tes instructions ont changé',
  reveal:
    'révèle* | montre* | affiche* | imprime* | répète* | dis moi | dites moi | donne* | divulgue* | partage* | écris | écrivez | énumère* | récite* | cite | traduis | traduisez | communique* | fournis* | envoie*',
  ask: 'quel est | quelle est | quelles sont | quels sont',
  system_prompt:
    'prompt système | invite système | invite du système | message système | instructions système | instructions initiales | instructions d origine | consignes initiales | prompt initial | invite initiale | instructions cachées | instructions secrètes | prompt du système | instructions internes',
  own_prompt:
    'tes instructions | vos instructions | ton prompt | votre prompt | tes consignes | vos consignes | tes règles | vos règles | directives qui vous | directives qui t',
  secret:
    'mot de passe | le mot de passe | clé secrète | le secret | code secret | mot secret | clé d api | clés d api | identifiants | clé privée | phrase secrète',
  become:
    'tu es maintenant | vous êtes maintenant | tu es désormais | vous êtes désormais | tu es un | vous êtes un | agis comme | agissez comme | agis en tant | agissez en tant | fais semblant | faites semblant | fais comme | joue le rôle | jouez le rôle | jeu de rôle | imagine que tu | imaginez que vous | comporte toi | comportez vous | simule* | prétends | prétendez | réponds comme | incarne* | deviens | tu vas être',
  unbound:
    'sans restriction* | sans aucune restriction | sans limite* | sans aucune limite | sans filtre* | sans censure | sans règles | sans éthique | sans morale | non censuré* | aucune restriction* | aucune limite* | aucune règle | aucun filtre | illimité* | libre de toute | sans contrainte* | tout faire | restriction éthique | non filtré*',
  persona: 'mode développeur | mode jailbreak | mode dieu | mode dan',
  no_refusal:
    'ne refuse jamais | ne refusez jamais | sans avertissement* | sans refuser | réponds à toutes | répondez à toutes | ne dis jamais non',
  untold:
    'ne dis pas à | ne dites pas à | ne le dis pas | n en parle pas | ne mentionne pas | ne mentionnez pas | n informe pas | n informez pas | sans en informer | sans informer | sans le dire | sans prévenir | sans l accord | sans demander | sans confirmation | à l insu de | secrètement | discrètement | en secret | silencieusement | n en parlez pas | ne préviens pas',
  assistant:
    'assistant | ia | intelligence artificielle | modèle de langage | agent ia | assistant ia | les ia | une ia | assistants ia | agents ia | modèles de langage',
  user: 'utilisateur* | personne | humain*',
  authority:
    'note à l assistant | note à l ia | note pour l ia | je suis ton développeur | je suis votre développeur | je suis l administrateur | message important de | instruction importante | instructions importantes | si tu es une ia | si vous êtes une ia | message pour l assistant | message à l assistant | message pour l ia | message à l ia | note pour l assistant | note à l attention de l ia | à l attention de l assistant | à l assistant ia | à l ia qui | aux assistants ia | si un modèle de langage | si une ia | si un assistant | si tu es un assistant | si vous êtes un assistant | toi l assistant | instructions pour l ia | les agents automatiques | aux agents automatiques | agents automatiques doivent | les assistants automatiques | pour les modèles de langage',
  voice: 'message système | message du système | en tant qu administrateur | en tant que développeur',
  beforehand:
    'avant de répondre | avant de continuer | avant toute chose | avant de faire | avant d utiliser | avant de pouvoir | tu dois d abord | vous devez d abord | fais d abord | faites d abord',
  new_task:
    'nouvelle instruction | nouvelles instructions | nouvelle tâche | nouvelles tâches | nouvelles règles | nouveau rôle | nouvel ordre | nouvelle mission | instructions suivantes | instruction suivante | tâche suivante | écoute moi | écoutez moi | suis mes | suivez mes | nouvelles directives',
  from_now:
    'à partir de maintenant | désormais | dorénavant | dès maintenant | à partir de cet instant | pour le reste de',
  urgent: 'à faire | important | attention | urgent | action requise',
  instead:
    'à la place | plutôt | fais ce qui suit | faites ce qui suit | et dis | et dites | et réponds | et écris | et affiche | au lieu de',
  must: 'dois | devez | doit | il faut | immédiatement | toujours | impérativement | obligatoirement | s il vous plaît | s il te plaît | veuillez | doivent',
  act: 'envoie | envoyez | envoyer | transfère | transférez | supprime | supprimez | achète | achetez | réserve | réservez | ouvre | ouvrez | visite | visitez | exécute | exécutez | appelle | appelez | utilisez l outil | utilise l outil | télécharge | publie | partage | modifie | crée | paie | payez | envoies | transfères | supprimer | approuver | transférer | payer | modifier',
  send: 'envoie* | envoyez | envoyer | transfère* | transmets | transmettez | publie* | télécharge* | exfiltre* | partage* | envoies',
  stake:
    'messages | e mails | courriels | fichiers | contenu | données | données utilisateur | conversation | compte | argent | contacts | clients | identifiants',
  sensitive:
    'variables d environnement | identifiants | mots de passe | clé privée | clés privées | clé api | clés api | jetons | historique de la conversation',
  destination: 'mon adresse | mon serveur | mon compte | mon e mail',
  not: 'ne | pas | jamais | sans',
  discussion: 'exemple* | par exemple | phrase* | documentation | explique* | signifie | attaque* | décrit',
  user_says:
    'l utilisateur veut maintenant | l utilisateur a changé d avis | l utilisateur souhaite que tu | l utilisateur demande maintenant | au nom de l utilisateur | il veut que tu | elle veut que tu',
  task_end:
    'ta tâche est terminée | votre tâche est terminée | fin des résultats | fin du document | étape suivante du plan | tâche précédente est annulée | ta tâche a changé',
  waived:
    'sans demander confirmation | sans demander | aucune approbation | aucune confirmation | aucune autorisation | a déjà accepté | a déjà approuvé | déjà approuvé | sans validation | n a pas besoin de confirmer | déjà approuvé* | déjà accepté* | déjà validé*',
  memory:
    'mémoire à long terme | dans ta mémoire | pour toutes les conversations | pour les prochaines sessions | dans les futures sessions | retiens pour toujours | désormais chaque fois',
};
