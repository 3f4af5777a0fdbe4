import type { Lexicon } from './concept.ts';

export const PORTUGUESE: Lexicon = {
  drop: 'ignore | ignora | ignorar | ignorem | ignorando | esqueça | esquece | esquecer | esqueçam | desconsidere* | desconsidera | desconsiderar | descarte | descarta | desobedeça | não siga | não sigas | não obedeça | pule | contorne | burle | anule | apague | exclua | substitua | deixe de lado | deixe de seguir | cancele | desative | não se aplicam mais',
  orders:
    'instrução | instruções | regra | regras | diretriz | diretrizes | diretiva | diretivas | ordem | ordens | comando | comandos | prompt | prompts | orientação | orientações | restrição | restrições | política | políticas | programação | tarefa | tarefas | limites | limitações | filtros | configuração',
  earlier:
    'anterior | anteriores | prévia | prévias | prévio | prévios | acima | antes | inicial | iniciais | original | originais | recebidas | recebeu | até agora | precedente* | existentes',
  all: 'tudo | todo | todos | todas | toda | qualquer | cada',
  yours: 'seu | seus | sua | suas | teu | teus | tuas | sistema | do sistema | segurança | éticas | ética',
  everything:
    'tudo acima | tudo o que | tudo que | o que foi dito | o texto acima | o texto anterior | tudo anterior | todo o contexto | a conversa anterior | o acima',
  override:
    'esqueça tudo | ignore tudo | ignora tudo | esquece tudo | esqueça suas | ignore suas | esqueça o que',
  reveal:
    'revele* | revela* | mostre* | mostra* | exiba | imprima | repita | diga me | me diga | me dê | me mostre | diga | dê me | divulgue | compartilhe | escreva | liste | traduza | forneça | envie | conte me | me conte',
  ask: 'qual é | quais são | quais foram | o que é',
  system_prompt:
    'prompt do sistema | mensagem do sistema | instruções do sistema | instruções iniciais | instruções originais | prompt inicial | instruções ocultas | instruções secretas | instruções internas | prompt de sistema',
  own_prompt: 'suas instruções | tuas instruções | seu prompt | suas regras | suas diretrizes',
  secret:
    'senha | a senha | palavra passe | chave secreta | o segredo | código secreto | palavra secreta | chave de api | credenciais | chave privada | frase secreta | a chave',
  become:
    'agora você é | você agora é | você é um | você é uma | agora és | aja como | atue como | age como | finja | finge | imagine que você | comporte se | simule | interprete o papel | faça o papel | assuma o papel | desempenhe o papel | responda como | torne se | você vai ser | você será',
  unbound:
    'sem restrições | sem nenhuma restrição | sem restrição | sem limites | sem limitações | sem filtros | sem filtro | sem censura | sem regras | sem ética | sem moral | não censurad* | nenhuma restrição | ilimitad* | irrestrit* | livre de | fazer qualquer coisa',
  persona: 'modo desenvolvedor | modo de desenvolvedor | modo jailbreak | modo deus | modo dan',
  no_refusal: 'nunca recuse | não recuse | sem avisos | responda a tudo | responda a todas | nunca diga não',
  untold:
    'não diga ao | não conte ao | não conte a | não mencione | não informe | não avise | não notifique | sem dizer ao | sem informar | sem avisar | sem notificar | sem que o usuário | sem perguntar | sem confirmação | em segredo | secretamente | silenciosamente | discretamente',
  assistant:
    'assistente | ia | inteligência artificial | modelo de linguagem | agente de ia | assistente de ia | assistentes de ia | agentes de ia',
  user: 'usuário | usuários | utilizador | ninguém | humano',
  authority:
    'nota para o assistente | nota para a ia | sou seu desenvolvedor | sou o administrador | sou administrador | mensagem importante de | instrução importante | instruções importantes | se você é uma ia | se você for uma ia | nota ao assistente | mensagem para o assistente | mensagem para a ia | ao assistente de ia | aos assistentes de ia | à ia que | à inteligência artificial | para a ia que | se uma ia | se um modelo de linguagem | se você é um assistente | se você for um assistente | instruções para a ia | aviso para a ia | o agente que processar | os agentes automáticos | os assistentes automáticos | para modelos de linguagem',
  voice: 'mensagem do sistema | aviso do sistema | como administrador',
  beforehand:
    'antes de responder | antes de continuar | antes de mais nada | antes de fazer | antes de usar | primeiro você deve | você deve primeiro | faça primeiro',
  new_task:
    'nova instrução | novas instruções | nova tarefa | novas tarefas | novas regras | novo papel | nova ordem | novas ordens | seguintes instruções | seguinte instrução | escute me | me escute | siga minhas | obedeça',
  from_now: 'a partir de agora | de agora em diante | desde agora | daqui em diante | daqui para frente',
  urgent: 'a fazer | importante | atenção | urgente | ação necessária',
  instead:
    'em vez disso | em vez de | ao invés | faça o seguinte | e diga | e responda | e escreva | e mostre | e envie',
  must: 'deve | deves | tem que | precisa | imediatamente | sempre | obrigatório | por favor | devem',
  act: 'envie | envia | enviar | encaminhe | transfira | exclua | apague | compre | reserve | abra | visite | execute | chame | use a ferramenta | baixe | publique | compartilhe | modifique | crie | pague | enviem | apagar | aprovar | pagar | transferir | excluir',
  send: 'envie* | envia* | enviar | encaminhe* | transmita | publique | carregue | exfiltre | compartilhe | mande',
  stake:
    'mensagens | e mails | arquivos | ficheiros | conteúdo | dados | dados do usuário | conversa | conta | dinheiro | contatos | clientes | credenciais | histórico',
  sensitive:
    'variáveis de ambiente | credenciais | senhas | chave privada | chaves privadas | chave de api | chaves de api | tokens | histórico da conversa | dados do usuário',
  destination: 'meu e mail | meu servidor | minha conta | meu endereço',
  not: 'não | nunca | jamais | sem',
  discussion: 'exemplo* | por exemplo | frase* | documentação | explica* | significa | ataque* | descreve',
  user_says:
    'o usuário agora quer | o usuário mudou de ideia | o usuário diz agora | o usuário quer que | em nome do usuário | quer que você',
  task_end:
    'sua tarefa está concluída | tarefa concluída | fim dos resultados | fim do documento | próximo passo do plano | sua tarefa anterior | tarefa anterior foi cancelada',
  waived:
    'sem pedir confirmação | sem perguntar | sem confirmar | não é necessária aprovação | não precisa de aprovação | já concordou | já aprovou | já foi aprovado | sem aprovação',
  memory:
    'memória de longo prazo | na sua memória | para sessões futuras | para conversas futuras | em todas as sessões | lembre para sempre | a partir de hoje sempre que',
};
